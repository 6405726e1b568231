"""The item editor: faults by field, both views, conflicts, publishing, tagging of many."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask

from tests.caller import Caller
from tests.conftest import Cast
from tests.services.library import publishing

KEY = "A1-Q08"
PATH = "items/A1/A1-Q08.yaml"
SINGLE = "items/C3/C3-E01.yaml"


def state(page: str) -> dict[str, str]:
    names = ("base", "version")
    return {n: re.search(rf'name="{n}" value="(\d+)"', page)[1] for n in names}  # type: ignore[index]


def test_five_draws_and_both_views(app: Flask, cast: Cast, caller: Callable[..., Caller]) -> None:
    page = caller("tao").get(f"/author/items/{KEY}/edit").text
    assert page.count('id="seed-') == 5
    stems = re.findall(r'<div class="item__stem"[^>]*>(.*?)</div>', page, re.S)
    assert len(set(stems)) > 1
    assert "As a marker sees it" in page


def test_a_stale_save_shows_both_texts(
    any_app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    tao, url = caller("tao"), f"/author/items/{KEY}/edit"
    text = publishing.text_of(any_app, PATH)
    read = state(tao.get(url).text)
    mine, theirs = text + "# mine\n", text + "# theirs\n"
    assert tao.post(url, {"source": theirs, **read}).status_code == 303
    refused = tao.post(url, {"source": mine, **read})
    assert refused.status_code == 409
    assert "# mine" in refused.text
    assert "# theirs" in refused.text
    again = tao.post(url, {"source": mine, **state(refused.text)})
    assert again.status_code == 303
    assert publishing.text_of(any_app, PATH) == text
    kept = {"source": mine, **state(tao.get(url).text)}
    assert tao.post(f"/author/items/{KEY}/publish", kept).status_code == 303
    assert publishing.text_of(any_app, PATH) == mine
    assert tao.post(f"/author/items/{KEY}/publish", kept).status_code == 303


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (lambda s: re.sub(r"difficulty: \d", "difficulty: 9", s), "difficulty"),
        (lambda s: re.sub(r'text: "Propose', 'key: true, text: "Propose', s), "options"),
        (lambda s: s.replace("kind: single", "kind: nothing"), "kind"),
    ],
)
def test_a_fault_names_its_field(
    edit: Callable[[str], str],
    field: str,
    app: Flask,
    cast: Cast,
    caller: Callable[..., Caller],
) -> None:
    tao, text = caller("tao"), publishing.text_of(app, SINGLE)
    read = state(tao.get("/author/items/C3-E01/edit").text)
    sent = {"source": edit(text), **read}
    assert sent["source"] != text
    refused = tao.post("/author/items/C3-E01/publish", sent)
    assert refused.status_code == 422
    assert re.search(rf"<li>[^<]*<b>{field}[^<]*</b>", refused.text)
    assert publishing.text_of(app, SINGLE) == text


def test_twins_and_cues_are_said(app: Flask, cast: Cast, caller: Callable[..., Caller]) -> None:
    tao = caller("tao")
    read = state(tao.get(f"/author/items/{KEY}/edit").text)
    copy = publishing.text_of(app, SINGLE).replace("id: C3-E01", f"id: {KEY}")
    folder = KEY.split("-")[0]
    copy = copy.replace("competencies: {C3: 1.0}", f"competencies: {{{folder}: 1.0}}")
    copy = copy.replace("twenty commonest questions", "twenty commonest and hardest questions")
    page = unescape(tao.post(f"/author/items/{KEY}/preview", {"source": copy, **read}).text)
    assert "question exists" in page or "much like this exists" in page
    assert "The key is the longest option" in page


def test_tags_are_shown_then_done_together_or_not_at_all(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    tao, before = caller("tao"), publishing.text_of(app, SINGLE)
    tags = {"key": ["C3-E01", KEY], "difficulty": "5"}
    seen = tao.post("/author/items/tags", tags)
    assert seen.status_code == 200
    assert publishing.text_of(app, SINGLE) == before
    wrong = tao.post("/author/items/tags", {**tags, "subtopic": "nowhere", "confirm": "yes"})
    assert wrong.status_code == 422
    assert publishing.text_of(app, SINGLE) == before
    assert tao.post("/author/items/tags", {**tags, "confirm": "yes"}).status_code == 303
    assert publishing.text_of(app, SINGLE) == before.replace("difficulty: 2", "difficulty: 5")
    assert "difficulty: 5" in publishing.text_of(app, PATH)

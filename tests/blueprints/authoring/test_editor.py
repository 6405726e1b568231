"""The editor as a browser without script meets it, and the fragment that the script asks for."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.caller import Caller
from tests.conftest import Cast
from tests.services.authoring.lessons import KEY, URL, opened
from tests.statements import counted

READER = f"/learn/{KEY}"
Browser = Callable[..., Caller]


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def form_of(page: str) -> dict[str, str]:
    """What a browser would send back: hidden fields and the text, with CRLF as browsers do."""
    fields = {
        name: re.search(rf'<input type="hidden" name="{name}" value="(\d+)">', page)
        for name in ("base", "version")
    }
    area = re.search(r'<textarea id="source"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert area is not None
    source = area[1].replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')
    source = source.replace("&#39;", "'").replace("&amp;", "&").replace("\n", "\r\n")
    found = {name: match[1] for name, match in fields.items() if match}
    return {**found, "source": source}


def typed(browser: Caller, words: str = "") -> dict[str, Any]:
    form = form_of(text_of(browser.get(URL)))
    return {**form, "source": form["source"] + (f"\r\n{words}\r\n" if words else "")}


def test_edit_save_publish_and_a_learner_reads_it(any_app: Flask, caller: Browser) -> None:
    tao, lin = caller("tao"), caller("lin")
    form = typed(tao, "New words.")
    answer = tao.post(URL, form)
    assert answer.status_code == 302
    page = text_of(tao.get(URL))
    assert "The draft is saved." in page
    assert "New words." in page
    assert "New words." not in text_of(lin.get(READER))
    answer = tao.post(f"{URL}/publish", {**form_of(page), "reason": "Shorter"})
    assert answer.status_code == 302
    assert "Revision 2 is published" in text_of(tao.get(URL))
    assert "<p>New words.</p>" in text_of(lin.get(READER))
    assert "“Shorter”" in text_of(tao.get(f"{URL}/history"))


def test_a_form_sent_back_unchanged_is_no_change(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    assert tao.post(f"{URL}/publish", typed(tao)).status_code == 302
    page = text_of(tao.get(URL))
    assert "readers see already" in page
    assert "No difference: it is the published text." in page


def test_the_script_saves_in_place(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    form = typed(tao, "New.")
    accept = {"Accept": "application/json"}
    first = tao.post(URL, form, headers=accept).get_json()["version"]
    again = tao.post(URL, {**form, "version": first, "source": "x"}, headers=accept)
    assert again.get_json() == {"version": first + 1}
    assert tao.post(URL, {**form, "source": "y"}, headers=accept).status_code == 409


def test_the_preview_is_what_readers_get_byte_for_byte(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    form = typed(tao, "New *words*.")
    answer = tao.post("/author/preview", {"lesson": KEY, "source": form["source"]})
    assert answer.status_code == 200
    shown = re.search(r'aria-label="Preview" lang="en">(.*)</div>\s*$', text_of(answer), re.DOTALL)
    assert shown is not None
    tao.post(f"{URL}/publish", form)
    assert shown[1] in text_of(caller("lin").get(READER))


def test_without_script_preview_and_difference_are_one_page(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    answer = tao.post(f"{URL}/preview", typed(tao, "New words."))
    page = text_of(answer)
    assert answer.status_code == 200
    assert "<p>New words.</p>" in page
    assert re.search(r'<div class="add">.*New words\.', page)
    assert "Not saved yet" in page
    assert "New words." not in text_of(tao.get(URL))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("competencies: [C3]", "competencies: [C9]", ("Line 6", "competencies[1]")),
        ("title: ", "title: [", ("Line ", "YAML")),
        ("C3-Q01", "C3-Q99", ("quiz", "there is no")),
        ("- [x]", "- [ ]", ("exactly one key",)),
        ("## ", "![A ship](figures/ship.svg)\r\n\r\n## ", ("there is no figure", "ship.svg")),
    ],
)
def test_a_faulty_text_is_refused_with_line_and_field_and_kept_in_the_form(
    app: Flask, caller: Browser, old: str, new: str, said: tuple[str, ...]
) -> None:
    tao = caller("tao")
    form = typed(tao, "My words.")
    form["source"] = form["source"].replace(old, new, 1)
    for address in (f"{URL}/publish", f"{URL}/preview", "/author/preview"):
        answer = tao.post(address, {**form, "lesson": KEY, "reason": "My reason"})
        assert answer.status_code == (200 if address == "/author/preview" else 422)
        assert all(word in text_of(answer) for word in said)
    answer = tao.post(f"{URL}/publish", {**form, "reason": "My reason"})
    assert form_of(text_of(answer))["source"].rstrip() == form["source"].rstrip()
    assert 'value="My reason"' in text_of(answer)


def test_a_text_over_the_cap_is_a_413_with_the_text_kept(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    form = typed(tao) | {"source": "long " * 50_000}
    for address in (URL, f"{URL}/publish", f"{URL}/preview"):
        answer = tao.post(address, form)
        assert answer.status_code == 413
        assert form_of(text_of(answer))["source"].startswith("long long")
    assert tao.post(URL, form | {"source": "x" * 5_000_000}).status_code == 413


@pytest.mark.parametrize(
    "changed", [{"base": "x"}, {"version": ""}, {"base": "-1"}, {"version": "9" * 30}]
)
def test_nonsense_in_hidden_fields_is_a_400(
    app: Flask, caller: Browser, changed: dict[str, str]
) -> None:
    tao = caller("tao")
    assert tao.post(URL, typed(tao) | changed).status_code == 400


def test_a_base_that_never_was_is_a_422(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    assert tao.post(URL, typed(tao, "x") | {"base": "77"}).status_code == 422


def test_a_stale_save_shows_both_texts_and_can_be_saved_again(
    any_app: Flask, caller: Browser
) -> None:
    tao, mara = caller("tao"), caller("mara")
    mine, hers = typed(tao, "Mine."), typed(mara, "Hers.")
    assert mara.post(URL, hers).status_code == 302
    answer = tao.post(URL, mine)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Mara Lindqvist saved this draft" in page
    assert page.count("</textarea>") == 2
    assert "Mine." in form_of(page)["source"]
    assert re.search(r'<div class="del">.*Hers', page)
    assert tao.post(URL, form_of(page)).status_code == 302
    assert "Mine." in text_of(mara.get(URL))


def test_a_publish_over_a_newer_revision_shows_both_texts(any_app: Flask, caller: Browser) -> None:
    tao, mara = caller("tao"), caller("mara")
    mine, hers = typed(tao, "Mine."), typed(mara, "Hers.")
    assert mara.post(f"{URL}/publish", hers).status_code == 302
    answer = tao.post(f"{URL}/publish", mine)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Mara Lindqvist published revision 2" in page
    assert tao.post(URL, form_of(page)).status_code == 302
    page = text_of(tao.get(URL))
    assert tao.post(f"{URL}/publish", form_of(page)).status_code == 302
    assert "Mine." in text_of(caller("lin").get(READER))


def test_a_draft_on_an_older_revision_says_so(app: Flask, caller: Browser) -> None:
    tao, mara = caller("tao"), caller("mara")
    tao_form = typed(tao, "Mine.")
    mara.post(f"{URL}/publish", typed(mara, "Hers."))
    tao.post(URL, tao_form)
    assert "Revision 2 was published while this text was being written." in text_of(tao.get(URL))
    assert "Older than the published text" in text_of(tao.get("/author/"))


def test_discard(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    tao.post(URL, typed(tao, "Mine."))
    version = form_of(text_of(tao.get(URL)))["version"]
    assert tao.post(f"{URL}/discard", {"version": version}).status_code == 302
    page = text_of(tao.get(URL))
    assert "The draft is discarded." in page
    assert "Mine." not in page


def test_hostile_text_in_every_field_stays_text(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    evil = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)>"
    form = typed(tao, evil)
    for address in (URL, f"{URL}/preview", f"{URL}/publish"):
        page = text_of(tao.post(address, {**form, "reason": f'"{evil}'}, follow_redirects=True))
        assert "<script>alert" not in page
        assert "<img" not in page
    assert "<script>alert" not in text_of(tao.get(f"{URL}/history"))


def test_history_compares_any_two_revisions(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    for words in ("One.", "Two."):
        tao.post(f"{URL}/publish", typed(tao, words))
    page = text_of(tao.get(f"{URL}/history?old=1&new=3"))
    assert page.count('<div class="add">') == 4
    assert 'class="badge badge--done"' in page
    assert tao.get(f"{URL}/history?old=1&new=9").status_code == 404
    assert tao.get(f"{URL}/history?old=<script>").status_code == 404
    assert "Two." not in form_of(text_of(tao.get(f"{URL}?revision=2")))["source"]
    assert tao.get(f"{URL}?revision=9").status_code == 404


def test_the_list_shows_drafts_and_their_problems(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    tao.post(URL, typed(tao) | {"source": "---\nid: x\n---\n"})
    page = text_of(tao.get("/author/"))
    assert "Draft by He Tao" in page
    assert "to mend" in page


def test_lists_do_not_ask_more_with_more_rows(app: Flask, cast: Cast, caller: Browser) -> None:
    tao = caller("tao")
    tao.post(URL, typed(tao, "Mine."))
    for address, most in (("/author/", 8), ("/author/items", 5), (URL, 12), (f"{URL}/history", 7)):
        with counted(app) as statements:
            assert tao.get(address).status_code == 200
        assert len(statements) <= most, (address, len(statements))


PAGES = ("/author/", URL, f"{URL}/history", "/author/items", "/author/items/C2-P01")


@pytest.mark.parametrize("name", ["lin", "min", "lei", "anna"])
def test_others_may_not_author(app: Flask, caller: Browser, name: str) -> None:
    for address in PAGES:
        assert caller(name).get(address).status_code == 403
    for address in (URL, f"{URL}/publish", f"{URL}/discard", "/author/preview"):
        assert caller(name).post(address).status_code == 403


@pytest.mark.parametrize("address", ["/author/lessons/no/no", "/author/items/C9-P99"])
def test_what_is_not_there_is_a_404(app: Flask, caller: Browser, address: str) -> None:
    assert caller("tao").get(address).status_code == 404
    assert caller("tao").post("/author/preview", {"lesson": "x", "source": ""}).status_code == 404


def test_opening_a_page_changes_nothing(app: Flask, cast: Cast, caller: Browser) -> None:
    before = opened(app, cast, "tao")
    for address in PAGES:
        assert caller("tao").get(address).status_code == 200
    assert opened(app, cast, "tao") == before

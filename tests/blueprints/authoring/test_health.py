"""The health page, and the marks of readers on it."""

from collections.abc import Callable

from flask import Flask

from tests.caller import Caller
from tests.conftest import Cast
from tests.services.library import publishing

LESSON = "/learn/trade-practice/who-pays-who-risks"


def test_a_readers_mark_leads_the_page_until_it_is_resolved(
    any_app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    lin, tao = caller("lin"), caller("tao")
    page = lin.get(LESSON).text
    section, _, rest = page.split('<option value="')[1].partition('">')
    heading = rest.split("</option>")[0]
    for _ in range(2):
        assert lin.post(f"{LESSON}/unclear", {"section": section}).status_code == 303
    assert lin.post(f"{LESSON}/unclear", {"section": "nowhere"}).status_code == 422
    marked = tao.get("/author/health?kind=unclear").text
    assert f"1 reader at the section “{heading}”" in marked
    assert "Lin Yue" not in marked
    document = marked.split('name="document" value="')[1].split('"')[0]
    assert lin.post("/author/health/resolve", {"document": document}).status_code == 403
    sent = {"document": document, "section": section}
    assert tao.post("/author/health/resolve", sent).status_code == 303
    assert f"“{heading}”" not in tao.get("/author/health?kind=unclear").text


def test_stale_translations_and_overdue_facts_are_named(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    path = "courses/crossing-the-threshold/five-level-ladder.md"
    assert "/author/lessons/crossing-the-threshold/five-level-ladder.zh_Hans" not in (
        caller("tao").get("/author/health?kind=stale").text
    )
    publishing.change(app, path, lambda s: s + "\nOne more sentence.\n")
    stale = caller("tao").get("/author/health?kind=stale").text
    assert "/author/lessons/crossing-the-threshold/five-level-ladder.zh_Hans" in stale
    publishing.change(app, "items/C3/C3-E01.yaml", lambda s: s + "review_by: 2020-01-31\n")
    assert "C3-E01" in caller("tao").get("/author/health?kind=facts").text

"""Where items begin and end: the page of kinds, copies, retiring, the list by state."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from domain.assessment.items import KINDS
from services.authoring import retiring
from services.library import catalogue
from services.session import reading
from tests.blueprints.authoring.test_item_editor import state
from tests.caller import Caller
from tests.conftest import Cast
from tests.statements import counted

Browser = Callable[..., Caller]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_begins_as_a_form(app: Flask, cast: Cast, caller: Browser, kind: str) -> None:
    tao = caller("tao")
    assert f'value="{kind}"' in tao.get("/author/items/new").text
    begun = tao.post("/author/items/new", {"kind": kind, "competency": "C6"})
    assert begun.status_code == 303
    page = tao.get(begun.location).text
    assert 'name="view" value="form"' in page
    assert "Fill this in." in page
    assert "This draft was never published." in page
    assert "C6-T01" in tao.get("/author/items/drafts").text
    assert "C6-T01" not in tao.get("/author/items?competency=C6").text


def test_nonsense_begins_nothing(app: Flask, cast: Cast, caller: Browser) -> None:
    tao = caller("tao")
    for given in ({}, {"kind": "riddle", "competency": "C1"}, {"kind": "open", "competency": "X"}):
        assert tao.post("/author/items/new", given).status_code == 422
    assert tao.post("/author/items/C9-Q01/copy").status_code == 404
    assert tao.post("/author/items/C9-Q01/retire", {"number": "1"}).status_code == 404
    sent = {"view": "form", "kind": "riddle", "base": "1", "version": "0"}
    assert tao.post("/author/items/C2-P01/edit", sent).status_code == 400


def test_the_list_by_state(app: Flask, cast: Cast, caller: Browser) -> None:
    tao = caller("tao")
    with app.app_context(), reading() as session:
        free = next(
            e.key for e in catalogue.published(session, "item")
            if not retiring.asked_by(session, e.key)
        )  # fmt: skip
    refused = tao.post("/author/items/C1-P01/retire", {"number": "1"}, follow_redirects=True)
    assert re.search("It stays: take it out of these first: .*Placement", refused.text)
    done = tao.post(f"/author/items/{free}/retire", {"number": "1"}, follow_redirects=True)
    assert "This item is retired: nobody is asked it." in done.text
    assert f"/author/items/{free}/edit" in tao.get("/author/items?state=retired").text
    assert tao.get(f"/author/items/{free}").status_code == 404

    read = state(tao.get("/author/items/C2-P01/edit").text)
    assert "C2-P01" not in tao.get("/author/items?state=drafted").text
    assert tao.post("/author/items/C2-P01/edit", {"source": "id: [\n", **read}).status_code == 303
    assert "Draft open" in tao.get("/author/items?state=drafted").text
    page = tao.get("/author/items/C2-P01/edit").text
    assert "something that the form cannot show" in page
    assert "Line 2" in page or "Line 1" in page


def test_the_list_asks_as_much_with_many_drafts(app: Flask, cast: Cast, caller: Browser) -> None:
    tao, counts = caller("tao"), []
    tao.get("/author/items")
    for number in range(6):
        if number in (1, 5):
            with counted(app) as sent:
                tao.get("/author/items")
            counts.append(len(sent))
        tao.post("/author/items/new", {"kind": KINDS[number], "competency": "C2"})
    assert counts[0] == counts[1]

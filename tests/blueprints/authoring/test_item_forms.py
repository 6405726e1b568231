"""The form of an item: what it shows is what it sends, rows move, faults stand at their fields."""

from collections.abc import Callable, Iterator
from typing import Any

import html5lib
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FormField

from blueprints.authoring.item_forms_numbers import FORMS
from blueprints.authoring.item_typing import form_of, moved, tell
from blueprints.authoring.item_words import plain
from domain.assessment.authored import parse_item
from domain.exchange.rewriting import rewritten
from domain.exchange.sheets import SHEETS, fields_of_sheet, sheet_of
from domain.exchange.sources import to_source
from domain.library.documents import DocumentError, load_yaml
from services.authoring.item_sheets import Choices
from tests.blueprints.authoring.sending import ONE_OF_EACH, controls
from tests.caller import Caller
from tests.conftest import Cast
from tests.domain.exchange.authored_items import authored_items
from tests.services.library import publishing
from tests.statements import counted

PATH = "items/C2/C2-T01.yaml"
NONE = Choices((), (), (), ())
Browser = Callable[..., Caller]


@pytest.fixture
def request_context(app: Flask) -> Iterator[None]:
    """Labels are said in the language of a request."""
    with app.test_request_context():
        yield


def _leaves(form: Any) -> Iterator[Any]:
    for control in form:
        if isinstance(control, FormField):
            yield from _leaves(control.form)
        elif isinstance(control, FieldList):
            yield from _leaves(control)
        else:
            yield control


def _sent(form: Any) -> MultiDict[str, str]:
    """What a browser sends of a form that nobody touched."""
    sent: MultiDict[str, str] = MultiDict()
    for control in _leaves(form):
        if not isinstance(control, BooleanField):
            sent.add(control.name, (control.data or "").replace("\n", "\r\n"))
        elif control.data:
            sent.add(control.name, "y")
    return sent


@pytest.mark.usefixtures("request_context")
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(fields=authored_items())
def test_a_form_that_nobody_touched_sends_the_item(fields: dict[str, Any]) -> None:
    source = to_source(fields)
    form = form_of(sheet_of(load_yaml(source, PATH).values), NONE)
    back = fields_of_sheet(FORMS[fields["kind"]](_sent(form)).data)
    assert rewritten(source, back) == source
    assert parse_item(to_source(back), PATH) == parse_item(source, PATH)


@pytest.mark.usefixtures("request_context")
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(fields=authored_items(), data=st.data())
def test_rows_go_up_and_down_and_nothing_is_lost(
    fields: dict[str, Any], data: st.DataObject
) -> None:
    sheet = sheet_of(load_yaml(to_source(fields), PATH).values)
    lists = [n for n, v in sheet.items() if isinstance(v, list) and len(v) > 1]
    if not lists:
        return
    name = data.draw(st.sampled_from(lists))
    place = data.draw(st.integers(0, len(sheet[name]) - 2))
    down = moved(sheet, f"{name}.down.{place}")
    assert down[name][place] == sheet[name][place + 1]
    assert moved(down, f"{name}.up.{place + 1}") == sheet
    more = moved(sheet, f"{name}.add")
    assert more[name][:-1] == sheet[name]
    assert moved(more, f"{name}.remove.{len(more[name]) - 1}") == sheet
    assert form_of(more, NONE) is not None


@pytest.mark.parametrize(
    "wish",
    ["", "x", "options.up.0", "options.down.3", "options.remove.9", "options.remove.-1",
     "options.fly.1", "stem.up.1", "options.up.²"],
)  # fmt: skip
def test_a_wish_that_means_nothing_changes_nothing(wish: str) -> None:
    sheet = {"kind": "single", "stem": "Who?", "options": [{"text": str(n)} for n in range(4)]}
    assert moved(sheet, wish) == sheet


@pytest.mark.parametrize("key", ONE_OF_EACH)
def test_the_page_of_every_kind_sends_back_the_very_text(
    app: Flask, cast: Cast, caller: Browser, key: str
) -> None:
    tao, path = caller("tao"), f"items/{key[:2]}/{key}.yaml"
    page = tao.get(f"/author/items/{key}/edit")
    assert "Edit as text" in page.text
    sent = controls(page.text)
    assert tao.post(f"/author/items/{key}/publish", sent).status_code == 303
    assert "This text is published already." in tao.get(f"/author/items/{key}").text
    before = publishing.text_of(app, path)
    sent["difficulty"] = "1" if sent["difficulty"] != "1" else "2"
    assert tao.post(f"/author/items/{key}/publish", sent).status_code == 303
    after = publishing.text_of(app, path)
    changed = [(a, b) for a, b in zip(before.split("\n"), after.split("\n"), strict=True) if a != b]
    assert [a.split(":")[0] for a, _ in changed] == ["difficulty"]


def test_form_and_text_are_two_sides_of_what_was_typed(
    app: Flask, cast: Cast, caller: Browser
) -> None:
    tao, url = caller("tao"), "/author/items/C2-P01/preview"
    sent = controls(tao.get("/author/items/C2-P01/edit").text)
    sent["stem"] = "Whose risk\r\nis it?"
    as_text = controls(tao.post(url, {**sent, "show": "text"}).text)
    assert "stem: |\r\n  Whose risk\r\n  is it?" in as_text["source"]
    as_text["source"] += "# a remark of an expert\r\n"
    again = controls(tao.post(url, {**as_text, "show": "form"}).text)
    assert again["stem"].strip() == "Whose risk\r\nis it?"
    assert "# a remark of an expert" in again["was"]
    broken = tao.post(url, {**as_text, "source": "kind: single\ncolour: red\n", "show": "form"})
    assert "something that the form cannot show" in broken.text
    assert "colour: red" in controls(broken.text)["source"]


def test_faults_stand_beside_their_fields(app: Flask, cast: Cast, caller: Browser) -> None:
    tao = caller("tao")
    sent = controls(tao.get("/author/items/C2-P01/edit").text)
    sent["options-2-why"] = ""
    sent["options-0-key"] = "y"
    sent["competencies-0-weight"] = "much"
    page = tao.post("/author/items/C2-P01/publish", sent)
    assert page.status_code == 422
    tree = html5lib.parse(page.text, namespaceHTMLElements=False)
    said = {p.get("id"): "".join(p.itertext()).strip() for p in tree.iter("p") if p.get("id")}
    assert said["options-2-why-bad"] == "Fill this in."
    assert said["options-bad"] == "Tick exactly one as right; 2 are ticked."
    assert said["competencies-0-weight-bad"].startswith("Write a plain number such as 3.60.")
    links = [a.get("href") for a in tree.iter("a")]
    assert {"#options-2-why", "#options", "#competencies-0-weight"} <= set(links)


def test_what_no_text_can_say_is_shown_again_and_not_saved(
    app: Flask, cast: Cast, caller: Browser
) -> None:
    tao, url = caller("tao"), "/author/items/A1-Q08/edit"
    sent = controls(tao.get(url).text)
    sent |= {"parameters-1-name": "hour", "parameters-1-way": "list", "parameters-1-values": "1, 2"}
    refused = tao.post(url, sent)
    assert refused.status_code == 422
    assert "This stands in an earlier row already." in refused.text
    assert controls(refused.text)["parameters-1-values"] == "1, 2"
    assert controls(tao.get(url).text)["version"] == "0"


FAULTS: dict[str, list[dict[str, Any]]] = {
    "single": [
        {"options": [{"text": "a", "why": ""}] * 2}, {"pool": "open"}, {"difficulty": 9},
        {"seeds": ["x", "S1-1", "S1-1"]}, {"seeds": []}, {"stem": "x" * 5000}, {"source": 4},
        {"review_by": "soon"}, {"competencies": {"C2": 3, "A1": 0, "X": 1}}, {"competencies": {}},
        {"competencies": {"C1": 1.0}}, {"hints": [{"text": "a", "cost": 0.9}] * 2},
        {"pool": "secure", "hints": [{"text": "a", "cost": "x"}]},
    ],
    "multiple": [{"options": [{"text": str(n), "key": True, "why": "w"} for n in range(3)]},
                 {"options": [{"text": str(n), "why": "w"} for n in range(3)]}],
    "matching": [{"pairs": [{"left": str(n), "right": "a", "why": "w"} for n in range(3)],
                  "extra": [{"right": "a", "why": "w"}]},
                 {"pairs": [{"left": str(n), "right": "a", "why": "w"} for n in range(3)]}],
    "sjt": [{"ask": a, "actions": [{"text": str(n), "score": 2, "why": "w"} for n in range(4)]}
            for a in ("best", "best-worst", "rate")],
    "numeric": [
        {"answer": 5, "tolerance": -1, "unit": "", "decimals": 9, "why": "w",
         "slips": [{"value": 5, "why": "w"}]},
        {"parameters": {"A": [1, 2], "b": [1], "c": {"from": 2, "to": 1, "step": 1}}},
        {"parameters": {"a": [1, 2]}, "stem": "{z}", "answer": "b + (", "why": "{q}"},
        {"parameters": {"a": [1, 2]}, "stem": "{a}", "answer": "b + 1", "why": "w"},
        {"parameters": {"a": [1, 2]}, "stem": "{a}", "answer": "a", "tolerance": 0, "unit": "",
         "decimals": 0, "why": "w", "slips": [{"value": "a", "why": "w"}]},
    ],
    "short": [{"accept": ["(", "x"], "near": [{"pattern": "y", "why": "w"}], "shown": "z",
               "why": "w", "examples": {"right": ["q"], "wrong": ["x"]}},
              {"accept": ["x"], "near": [{"pattern": "y", "why": "w"}], "shown": "z",
               "why": "w", "examples": {"right": ["q"], "wrong": ["x"]}}],
    "table": [{"columns": ["a", "b"], "rows": [{"label": "r", "cells": [{"text": "t"}]}]}],
    "hotspot": [{"figure": "f", "areas": [{"label": "a", "circle": [1], "why": "w"}]}],
    "likert": [{"competencies": {"C2": 1},
                "statements": [{"text": str(n), "facet": "f", "pair": "p", "why": "w"}
                               for n in range(2)]}],
    "open": [{"rubric": [], "words": {"least": 9, "most": 3}, "why": "w"}],
}  # fmt: skip


@pytest.mark.usefixtures("request_context")
@pytest.mark.parametrize("kind", FAULTS)
def test_the_checkers_words_are_said_plainly(kind: str) -> None:
    whole = {
        "id": "C2-T01", "kind": kind, "pool": "practice", "competencies": {"C2": 1.0},
        "subtopic": "incoterms", "cognitive": "A", "difficulty": 3, "seeds": ["S1-4"],
        "lesson": "a/b", "source": "s", "stem": "Who?",
    }  # fmt: skip
    for change in FAULTS[kind]:
        with pytest.raises(DocumentError) as refused:
            parse_item(to_source(whole | change), PATH)
        for problem in refused.value.problems:
            assert plain(problem.message) != problem.message, problem


@pytest.mark.usefixtures("request_context")
def test_every_field_of_every_kind_has_a_place_in_its_form() -> None:
    for kind, fields in SHEETS.items():
        form = FORMS[kind]()
        assert {f.short_name for f in form} == set(fields)
        shown = {"stem", "hints", *form.parts}
        about = {
            "id", "kind", "pool", "subtopic", "competencies", "cognitive", "difficulty", "lesson",
            "seeds", "evidence", "source", "review_by",
        }  # fmt: skip
        assert shown | about == set(fields)
    assert tell(None, []) == []


def test_the_statements_of_the_editor_do_not_grow(app: Flask, cast: Cast, caller: Browser) -> None:
    tao, counts = caller("tao"), []
    for kind in ("single", "table"):
        key = tao.post("/author/items/new", {"kind": kind, "competency": "C2"}).location
        tao.get(key)
        for _ in range(2):
            with counted(app) as sent:
                assert tao.get(key).status_code == 200
            counts.append(len(sent))
            fields = controls(tao.get(key).text)
            for name in ("options.add", "rows.add"):
                fields = controls(tao.post(key.replace("/edit", "/preview"),
                                            {**fields, "do": name}).text)  # fmt: skip
            fields["stem"] = "Which of these is long? " * 9
            assert tao.post(key, fields).status_code == 303
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 16

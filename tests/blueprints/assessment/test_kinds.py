"""Every kind of question beyond choosing, from the index to the result, without script."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import select

from domain.assessment.items import Hotspot, is_marked_by_people, is_measured, way_of
from models.competencies import Evidence
from services.assessment.responding import Asked
from services.assessment.scoring import rescore_check
from services.session import reading
from tests.blueprints.assessment.test_answering import begin, body, questions
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.assessment.sitting import right_payload

Make = Callable[..., Caller]
WAYS = {"truefalse", "short", "table", "hotspot", "best-worst", "rate", "likert", "open"}
FORMS = ("kinds-1", "kinds-2")


def fields_of(question: Asked) -> dict[str, Any]:
    """The right answer as the fields of its form: `choice`, or `cells.a1` for one of several."""
    fields: dict[str, Any] = {}
    for name, given in right_payload(question.item).items():
        if isinstance(given, dict):
            fields |= {f"{name}.{part}": text for part, text in given.items()}
        else:
            fields[name] = given
    return fields


@pytest.mark.parametrize("form", FORMS)
def test_a_learner_sits_every_kind_without_script(
    any_app: Flask, cast: Cast, caller: Make, form: str
) -> None:
    lin = caller("lin")
    assert f"/assess/forms/{form}" in lin.get("/assess/").text
    attempt_id = begin(lin, form)
    url = f"/assess/attempts/{attempt_id}"
    asked_for = questions(cast.app, attempt_id)
    assert {way_of(q.item) for q in asked_for} == WAYS
    for question in asked_for:
        data = {"position": question.position, "lease": 1} | fields_of(question)
        page = lin.get(f"{url}?q={question.position}").text
        names = set(re.findall(r'name="([a-z]+(?:\.[a-z0-9]+)?)"', page))
        assert data.keys() <= names, question.item.id
        sent = lin.post(f"{url}/answers", data)
        assert sent.status_code == 303, (question.item.id, sent.text)
    kept = questions(cast.app, attempt_id)
    for question in kept:
        if not is_marked_by_people(question.item):
            reached = question.mark
            assert reached, question.item.id
            assert reached.points == reached.maximum, question.item.id
    assert "questions are open" not in lin.get(f"{url}/review").text
    lin.post(f"{url}/submit")
    result = lin.get(f"{url}/result").text
    assert result.count("Waiting for marking") == 3
    assert result.count("No mark") == 3
    for question in kept:
        for option in getattr(question.item, "reasons", ()):
            assert escape(option.why) in result


def test_only_what_measures_becomes_evidence(any_app: Flask, cast: Cast, caller: Make) -> None:
    lin = caller("lin")
    attempt_id = begin(lin, "kinds-1")
    every = questions(cast.app, attempt_id)
    for question in every:
        answer = body(position=question.position, response=right_payload(question.item))
        assert lin.post_json(f"/assess/attempts/{attempt_id}/answers", answer).status_code == 200
    lin.post(f"/assess/attempts/{attempt_id}/submit")
    with cast.app.app_context(), reading() as session:
        sources = set(session.scalars(select(Evidence.source_id)))
        assert rescore_check(session) == []
    counting = {q.id for q in every if is_measured(q.item) and not is_marked_by_people(q.item)}
    assert counting == sources & {q.id for q in every}
    assert len(counting) == 18


def test_no_key_leaves_the_server_before_the_end(app: Flask, caller: Make) -> None:
    lin = caller("lin")
    attempt_id = begin(lin, "kinds-1")
    text = lin.get(f"/assess/attempts/{attempt_id}?view=all").text
    for question in questions(app, attempt_id):
        item: Any = question.item
        whys = [getattr(item, "why", "")]
        for name in ("reasons", "areas", "actions", "near", "statements"):
            whys += [part.why for part in getattr(item, name, ())]
        whys += [cell.why for cell in getattr(item, "open_cells", {}).values()]
        whys += [level for line in getattr(item, "rubric", ()) for level in line.levels]
        assert not [why for why in whys if why and escape(why) in text], item.id
        for pattern in getattr(item, "accept", ()):
            assert pattern not in text


def test_a_figure_is_shown_with_its_numbers_and_its_list(app: Flask, caller: Make) -> None:
    lin = caller("lin")
    attempt_id = begin(lin, "kinds-1")
    question = next(q for q in questions(app, attempt_id) if isinstance(q.item, Hotspot))
    page = lin.get(f"/assess/attempts/{attempt_id}?q={question.position}").text
    shown = page[page.index(f'id="q-{question.position}"') :]
    spots = re.findall(r'class="spot" data-letter="(.)"', shown)[: len(question.option_order)]
    radios = re.findall(r'name="choice" value="(.)"', shown)[: len(question.option_order)]
    assert spots == radios == list(question.option_order)


@pytest.mark.parametrize(
    ("way", "sent", "shown"),
    [
        ("table", {"cells.a1": "x"}, None),
        ("short", {"text": "y" * 201}, "y" * 201),
        ("open", {"text": "z" * 12_001}, "z" * 12_001),
        ("best-worst", {"best": "a", "worst": "a"}, "Choose two different actions."),
    ],
)
def test_what_cannot_be_read_is_shown_again(
    app: Flask, caller: Make, way: str, sent: dict[str, str], shown: str | None
) -> None:
    lin = caller("lin")
    attempt_id = begin(lin, "kinds-1")
    question = next(q for q in questions(app, attempt_id) if way_of(q.item) == way)
    item: Any = question.item
    if way == "table":
        number = next(n for n, cell in item.open_cells.items() if cell.answer is not None)
        sent, shown = {f"cells.{number}": "about 12"}, 'value="about 12" aria-invalid="true"'
    data = {"position": question.position, "lease": 1} | sent
    answer = lin.post(f"/assess/attempts/{attempt_id}/answers", data)
    assert answer.status_code == 422
    assert shown
    assert shown in answer.text
    assert not any(q.answer for q in questions(app, attempt_id))

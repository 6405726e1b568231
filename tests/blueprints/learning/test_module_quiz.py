"""A module's quiz on the wire: from the contents page to its result, and back to today."""

import re
from collections.abc import Callable

from flask import Flask

from services.library import catalogue
from services.library.catalogue import ModuleLine
from services.session import reading
from tests.blueprints.assessment.test_answering import body, follow, questions
from tests.caller import Caller
from tests.services.assessment.sitting import right_payload

Make = Callable[..., Caller]
KEY = "trade-practice"
START = f"/assess/forms/unit-{KEY}"


def module(app: Flask) -> ModuleLine:
    with app.app_context(), reading() as session:
        return next(m for m in catalogue.outline(session, "en").modules if m.key == KEY)


def part(caller: Caller) -> str:
    """The module's part of the contents page."""
    page = caller.get("/learn/").text
    found = re.search(rf'<section class="sect" id="{KEY}".*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def test_from_the_contents_to_the_result(app: Flask, caller: Make) -> None:
    lin, line = caller("lin"), module(app)
    assert f'action="{START}"' in part(lin)
    assert f"{line.quiz_items} questions on the whole module" in part(lin)
    number = follow(lin, START)
    attempt = f"/assess/attempts/{number}"
    assert "Continue" in part(lin)
    assert f'href="{attempt}"' in part(lin)
    assert f'action="{START}"' not in part(lin)
    assert line.titles["en"] in lin.get("/").text
    assert "Module quiz" in lin.get("/assess/").text
    for question in questions(app, number):
        sent = body(
            position=question.position,
            sequence=question.position,
            response=right_payload(question.item),
        )
        assert lin.post_json(f"{attempt}/answers", sent).status_code == 200
    assert lin.get(f"{attempt}/result").status_code == 404, "there is none before the end"
    assert lin.post(f"{attempt}/submit").status_code in (302, 303)
    result = lin.get(f"{attempt}/result")
    assert result.status_code == 200
    assert line.titles["en"] in result.text
    assert "What it added to your profile" in result.text
    assert result.text.count('class="review__') >= line.quiz_items
    assert "Result" in part(lin)
    assert "tick--done" in part(lin)


def test_what_is_asked_holds_no_place_for_a_number(app: Flask, caller: Make) -> None:
    lin = caller("lin")
    attempt = f"/assess/attempts/{follow(lin, START)}"
    page = lin.get(attempt).text
    assert not re.search(r"\{[a-z]\w*\}", page)


def test_a_trainer_reads_the_contents_and_is_offered_no_quiz(app: Flask, caller: Make) -> None:
    assert "Module quiz" in part(caller("tao"))
    assert START not in part(caller("tao"))
    assert caller("tao").post(START).status_code == 403


def test_a_quiz_of_no_module_is_not_there(caller: Make) -> None:
    assert caller("lin").post("/assess/forms/unit-nowhere").status_code == 404

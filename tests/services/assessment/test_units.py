"""The quiz that closes a module, and the numbers that are drawn in it."""

import pytest
from flask import Flask

from domain.assessment.items import Numeric
from models.assessment import Attempt
from services.assessment import results, reviews, scoring, starting
from services.assessment.responding import Asked
from services.competencies import ledger
from services.errors import NotFound
from services.learning.pages import contents
from services.learning.today import today
from services.library import catalogue
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.domain.assessment.samples import source
from tests.domain.assessment.varying import varying
from tests.services.assessment.sitting import Sitting
from tests.services.library.publishing import put

MODULE = "trade-practice"
FORM = f"unit-{MODULE}"
PATH = "items/C2/C2-U01.yaml"


@pytest.fixture
def course(any_app: Flask) -> Flask:
    """The application with a first question whose numbers vary, in 1,173 ways."""
    put(any_app, PATH, source(varying(id="C2-U01", lesson=f"{MODULE}/factory-gate-to-cif")))
    return any_app


def start(cast: Cast, name: str = "lin", seed: int = 7) -> Sitting:
    actor = cast.actor(name)
    with cast.app.app_context(), writing() as session:
        attempt_id = starting.start_form(session, actor, FORM, "en", seed, NOW)
    sitting = Sitting(cast.app, actor, attempt_id)
    sitting.open()
    return sitting


def sat(cast: Cast, name: str = "lin", seed: int = 7) -> Sitting:
    """Everything answered right, and handed in."""
    sitting = start(cast, name, seed)
    sitting.answer_all()
    sitting.submit()
    return sitting


def first(sitting: Sitting) -> Asked:
    return sitting.asked()[0]


def newer(app: Flask) -> None:
    """The question asks for something else from now on."""
    changed = varying(id="C2-U01", answer="fob + freight + 9", lesson=f"{MODULE}/papers-that-match")
    put(app, PATH, source(changed))


def test_a_units_quiz_asks_its_eight_questions_without_a_clock(course: Flask, cast: Cast) -> None:
    sitting = start(cast)
    assert len(sitting.asked()) == 8
    with course.app_context(), reading() as session:
        attempt = session.get_one(Attempt, sitting.attempt_id)
        assert (attempt.purpose, attempt.form_key) == ("unit", FORM)
        assert (attempt.state, attempt.deadline) == ("running", None)


def test_two_people_get_different_numbers(course: Flask, cast: Cast) -> None:
    lin, eve = first(start(cast, "lin", 1)), first(start(cast, "eve", 2))
    assert lin.revision_id == eve.revision_id
    assert lin.option_order != eve.option_order
    assert lin.html != eve.html
    assert isinstance(lin.item, Numeric)
    assert isinstance(eve.item, Numeric)
    assert lin.item.stem != eve.item.stem
    assert lin.item.answer != eve.item.answer


def test_what_is_asked_holds_the_numbers_and_no_place_for_them(course: Flask, cast: Cast) -> None:
    question = first(start(cast))
    assert "{" not in question.html + question.item.stem
    assert question.option_order[0] in question.html


def test_the_same_seed_gives_the_same_numbers_and_the_same_attempt_always_does(
    course: Flask, cast: Cast
) -> None:
    sitting = start(cast, "lin", 5)
    before = first(sitting)
    assert first(sitting) == before
    assert first(start(cast, "eve", 5)).option_order == before.option_order
    assert first(start(cast, "lin", 6)) == before, "starting again gives the open attempt"


def test_a_newer_revision_does_not_change_an_attempt(course: Flask, cast: Cast) -> None:
    sitting = start(cast, "lin", 5)
    before = sitting.asked()
    newer(course)
    assert sitting.asked() == before
    after = first(start(cast, "eve", 5))
    assert after.revision_id != before[0].revision_id
    assert after.item != before[0].item
    sitting.answer_all()
    sitting.submit()
    with course.app_context(), reading() as session:
        (review, *_) = reviews.item_reviews(session, sitting.attempt_id, reveal=False)
    assert review.reading == "right"


def test_the_review_shows_the_drawn_numbers(course: Flask, cast: Cast) -> None:
    sitting = start(cast)
    question = first(sitting)
    assert isinstance(question.item, Numeric)
    slip = question.item.slips[0]
    sitting.save(1, {"value": f"{slip.value:f}"})
    sitting.submit()
    newer(course)
    with course.app_context(), reading() as session:
        (review, *rest) = reviews.item_reviews(session, sitting.attempt_id, reveal=False)
    fob, freight, pieces = question.option_order
    assert f"FOB is USD {fob}, freight USD {freight}, for {int(pieces):,} pieces." in review.html
    assert review.title.startswith(f"FOB is USD {fob}")
    assert review.reading == "off"
    (line,) = review.feedback
    assert line.why.startswith(f"{fob} leaves out the freight of {freight}, not ")
    assert line.why.endswith(f"{question.item.answer}, whatever the {int(pieces):,} pieces.")
    assert line.expected == f"{question.item.answer}"
    assert not any("{" in part for other in rest for part in (other.html, other.title))


def test_every_answer_is_marked_by_its_own_draw(course: Flask, cast: Cast) -> None:
    """Lin's right answer is wrong for Eve."""
    lin, eve = start(cast, "lin", 1), start(cast, "eve", 2)
    key = first(lin).item
    assert isinstance(key, Numeric)
    for sitting in (lin, eve):
        sitting.save(1, {"value": f"{key.answer}"})
        sitting.submit()
    with course.app_context(), reading() as session:
        marks = [
            reviews.item_reviews(session, s.attempt_id, reveal=False)[0].mark for s in (lin, eve)
        ]
    assert marks == [1, 0]


def test_a_units_quiz_is_evidence_and_nothing_differs_when_it_is_scored_again(
    course: Flask, cast: Cast
) -> None:
    sitting = sat(cast)
    with course.app_context(), reading() as session:
        lines = ledger.evidence(session, cast.actor("lin").subject)
        assert len(lines) >= 8
        assert {line.competency for line in lines} >= {"C2"}
    newer(course)
    assert first(sitting).answer is not None
    result = course.test_cli_runner().invoke(args=["attempts", "rescore", "--check"])
    assert (result.exit_code, result.output) == (0, "0 differences\n")
    with course.app_context(), writing() as session:
        assert scoring.rescore(session, NOW) == 1
    with course.app_context(), reading() as session:
        assert scoring.rescore_check(session) == []


@pytest.mark.parametrize("lang", ["en", "zh_Hans"])
def test_the_result_names_the_module_and_says_what_was_added(
    course: Flask, cast: Cast, lang: str
) -> None:
    sitting = sat(cast)
    with course.app_context(), reading() as session:
        page = results.attempt_result(session, cast.actor("lin"), sitting.attempt_id, lang, NOW)
        modules = catalogue.outline(session, lang).modules
    module = next(module for module in modules if module.key == MODULE)
    assert (page.purpose, page.quiz_title) == ("unit", module.titles[lang])
    assert (page.answered, page.right, len(page.reviews)) == (8, 8, 8)
    assert [line.after.code for line in page.added] == ["C2"]
    assert page.added[0].after.measured
    assert page.view is None


def test_an_ended_quiz_is_given_back_and_belongs_to_its_person(course: Flask, cast: Cast) -> None:
    sitting = sat(cast)
    with course.app_context(), writing() as session:
        again = starting.start_form(session, cast.actor("lin"), FORM, "en", 99, NOW)
    assert again == sitting.attempt_id
    with course.app_context(), reading() as session, pytest.raises(NotFound):
        results.attempt_result(session, cast.actor("eve"), sitting.attempt_id, "en", NOW)


def test_the_contents_know_the_newest_sitting(course: Flask, cast: Cast) -> None:
    def quiz(name: str) -> tuple[int, bool] | None:
        with course.app_context(), reading() as session:
            states = contents(session, cast.actor(name), "en")
        found = next(state.quiz for state in states if state.module.key == MODULE)
        others = [state.quiz for state in states if state.module.key != MODULE]
        assert others == [None] * len(others)
        return (found.attempt_id, found.ended) if found else None

    assert quiz("lin") is None
    sitting = start(cast)
    assert quiz("lin") == (sitting.attempt_id, False)
    sitting.submit()
    assert quiz("lin") == (sitting.attempt_id, True)
    assert quiz("eve") is None


def test_today_offers_to_go_on_with_the_quiz_by_its_title(course: Flask, cast: Cast) -> None:
    sitting = start(cast)
    with course.app_context(), reading() as session:
        step = today(session, cast.actor("lin"), "en", NOW).next_step
        modules = catalogue.outline(session, "en").modules
    assert step.kind == "attempt"
    assert step.attempt is not None
    assert (step.attempt.id, step.attempt.purpose) == (sitting.attempt_id, "unit")
    assert step.attempt.title == next(m.titles["en"] for m in modules if m.key == MODULE)
    sitting.submit()
    with course.app_context(), reading() as session:
        assert today(session, cast.actor("lin"), "en", NOW).next_step.kind != "attempt"


def test_every_quiz_of_the_course_can_be_sat(app: Flask, cast: Cast) -> None:
    """Each draws its numbers, and each right answer is right."""
    with app.app_context(), reading() as session:
        modules = [m for m in catalogue.outline(session, "en").modules if m.quiz_items]
    assert modules
    for module in modules:
        with app.app_context(), writing() as session:
            actor = cast.actor("lin")
            number = starting.start_form(session, actor, module.quiz_key, "en", 3, NOW)
        sitting = Sitting(app, actor, number)
        sitting.open()
        sitting.answer_all()
        sitting.submit()
        with app.app_context(), reading() as session:
            found = reviews.item_reviews(session, number, reveal=False)
        assert [review.reading for review in found] == ["right"] * module.quiz_items

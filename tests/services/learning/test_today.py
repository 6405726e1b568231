"""Today: which step comes first, what follows, and how many statements it takes."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from domain.assessment.items import Item
from services.actor import Actor
from services.assessment import starting
from services.competencies import self_rating
from services.learning import progress
from services.learning.today import TodayPage, today
from services.library import catalogue
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.competencies.sitting import sit, sit_form, sit_quiz
from tests.statements import counted

ALL = {f"C{n}": "3" for n in range(1, 8)}
LESSON = "trade-practice/who-pays-who-risks"


def page_after(app: Flask, actor: Actor, *deeds: Callable[[Session, Actor], object]) -> TodayPage:
    with app.app_context():
        for deed in deeds:
            with writing() as session:
                deed(session, actor)
        with reading() as session:
            return today(session, actor, "en", NOW + timedelta(days=1))


def rate(session: Session, actor: Actor) -> None:
    self_rating.rate(session, actor, ALL, NOW)


def place(session: Session, actor: Actor) -> None:
    def all_but_law(position: int, item: Item) -> bool:
        return item.home != "C5"

    sit_form(session, actor, "placement", NOW, all_but_law)


def begin_lesson(session: Session, actor: Actor) -> None:
    anchor = catalogue.lesson(session, LESSON, "en").meta["sections"][0]["anchor"]
    progress.keep_place(session, actor, LESSON, anchor, "en", NOW)


def open_placement(session: Session, actor: Actor) -> None:
    starting.start_form(session, actor, "placement", "en", 1, NOW)


def read_everything(session: Session, actor: Actor) -> None:
    for line in catalogue.outline(session, "en").lessons:
        progress.finish(session, actor, line.key, "en", NOW)


def test_a_newcomer_rates_themself_then_takes_the_placement(app: Flask, cast: Cast) -> None:
    page = page_after(app, cast.actor("lin"))
    assert [step.kind for step in page.steps[:3]] == ["rating", "placement", "lesson"]
    assert len(page.after) == 3
    assert (page.placed, page.rated, page.finished) == (False, False, 0)
    assert page.view.measured == ()


def test_a_lesson_begun_comes_before_both(app: Flask, cast: Cast) -> None:
    page = page_after(app, cast.actor("lin"), begin_lesson)
    assert page.next_step.kind == "begun"
    assert page.next_step.state is not None
    assert page.next_step.state.lesson.key == LESSON


def test_an_open_attempt_comes_before_everything(app: Flask, cast: Cast) -> None:
    page = page_after(app, cast.actor("lin"), begin_lesson, open_placement)
    assert page.next_step.kind == "attempt"
    assert page.next_step.attempt is not None
    assert page.next_step.attempt.purpose == "placement"
    assert "placement" not in [step.kind for step in page.steps]


def test_an_open_quiz_carries_its_lesson(app: Flask, cast: Cast) -> None:
    def begin_quiz(session: Session, actor: Actor) -> None:
        starting.start_quiz(session, actor, LESSON, "en", 1, NOW)

    page = page_after(app, cast.actor("lin"), begin_quiz)
    assert page.next_step.attempt is not None
    with app.app_context(), reading() as session:
        assert page.next_step.attempt.title == catalogue.lesson(session, LESSON, "en").title


def test_after_rating_the_placement_follows(app: Flask, cast: Cast) -> None:
    assert page_after(app, cast.actor("lin"), rate).next_step.kind == "placement"


def test_then_the_lesson_of_the_weakest_practice(app: Flask, cast: Cast) -> None:
    page = page_after(app, cast.actor("lin"), rate, place)
    step = page.next_step
    assert step.kind == "lesson"
    assert step.state is not None
    assert step.practice is not None
    assert (step.state.lesson.key, step.practice.code) == ("law/check-before-you-promise", "C5")
    assert page.view.weakest == step.practice


def test_at_last_all_is_done(app: Flask, cast: Cast) -> None:
    page = page_after(app, cast.actor("lin"), rate, place, read_everything)
    assert [step.kind for step in page.steps] == ["done"]
    assert page.after == ()
    assert page.finished == page.lessons > 0


def test_what_others_did_is_not_here(app: Flask, cast: Cast) -> None:
    page_after(app, cast.actor("lin"), rate, place, begin_lesson)
    page = page_after(app, cast.actor("eve"))
    assert page.next_step.kind == "rating"
    assert page.view.measured == ()


def test_statements_do_not_grow(app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")

    def statements() -> int:
        with app.app_context(), counted(app) as sent, reading() as session:
            today(session, lin, "en", NOW)
        return len([statement for statement in sent if not statement.startswith("BEGIN")])

    statements()
    before = statements()

    def much(session: Session, actor: Actor) -> None:
        place(session, actor)
        for line in catalogue.outline(session, "en").lessons[:5]:
            sit_quiz(session, actor, line.key, NOW)
            progress.finish(session, actor, line.key, "en", NOW)
        narrow = starting.start_form(session, actor, "narrow-c1", "en", 1, NOW)
        sit(session, actor, narrow, NOW)

    page_after(app, lin, rate, much)
    assert statements() == before <= 11

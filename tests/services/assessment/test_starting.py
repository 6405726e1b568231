"""Starting: once, pinned, in a seeded order."""

import pytest
from sqlalchemy import func, select, update

from models.assessment import Attempt, AttemptItem
from models.library import Published
from services.assessment import starting
from services.errors import Conflict, NotFound
from services.library import catalogue
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.sitting import sit


def start(cast: Cast, key: str = "placement", name: str = "lin", seed: int = 1) -> int:
    with cast.app.app_context(), writing() as session:
        return starting.start_form(session, cast.actor(name), key, "en", seed, NOW)


def test_a_double_start_is_one_start(any_app: object, cast: Cast) -> None:
    first = start(cast)
    assert start(cast, seed=2) == first
    with cast.app.app_context(), reading() as session:
        assert session.scalar(select(func.count(Attempt.id))) == 1
        assert session.scalar(select(func.count(AttemptItem.id))) == 42
        assert session.get_one(Attempt, first).seed == 1


def test_an_ended_placement_is_given_back(app: object, cast: Cast) -> None:
    sitting = sit(cast)
    sitting.submit()
    assert start(cast) == sitting.attempt_id
    assert start(cast, name="eve") != sitting.attempt_id


def test_the_order_of_options_follows_the_seed(app: object, cast: Cast) -> None:
    def orders(seed: int, name: str) -> list[list[str]]:
        attempt_id = start(cast, seed=seed, name=name)
        with cast.app.app_context(), reading() as session:
            rows = session.scalars(
                select(AttemptItem.option_order)
                .where(AttemptItem.attempt_id == attempt_id)
                .order_by(AttemptItem.position)
            )
            return list(rows)

    first = orders(5, "lin")
    assert orders(5, "eve") == first
    assert orders(6, "anna") != first


def test_an_attempt_keeps_the_revisions_it_began_with(app: object, cast: Cast) -> None:
    sitting = sit(cast)
    before = [question.revision_id for question in sitting.asked()]
    with cast.app.app_context(), writing() as session:
        session.execute(update(Published).values(revision_id=before[0]))
    assert [question.revision_id for question in sitting.asked()] == before


def test_the_secure_form_is_not_there_for_learners(app: object, cast: Cast) -> None:
    with pytest.raises(NotFound):
        start(cast, "hiring-a")
    with pytest.raises(NotFound):
        start(cast, "no-such-form")


def test_six_more_questions_come_after_the_placement(app: object, cast: Cast) -> None:
    with pytest.raises(Conflict):
        start(cast, "narrow-c1")
    sit(cast).submit()
    assert start(cast, "narrow-c1") == start(cast, "narrow-c1")


def test_a_quiz_asks_its_lessons_items_once(app: object, cast: Cast) -> None:
    with cast.app.app_context(), writing() as session:
        lessons = catalogue.outline(session, "en").lessons
        key = lessons[0].key
        lesson = catalogue.lesson(session, key, "en")
        attempt_id = starting.start_quiz(session, cast.actor("lin"), key, "en", 3, NOW)
        again = starting.start_quiz(session, cast.actor("lin"), key, "en", 4, NOW)
        count = session.scalar(
            select(func.count(AttemptItem.id)).where(AttemptItem.attempt_id == attempt_id)
        )
        attempt = session.get_one(Attempt, attempt_id)
        assert (again, count) == (attempt_id, len(lesson.meta["quiz"]))
        assert attempt.form_revision_id == lesson.revision_id


def test_another_persons_attempt_cannot_be_begun(app: object, cast: Cast) -> None:
    attempt_id = start(cast)
    with cast.app.app_context(), writing() as session, pytest.raises(NotFound):
        starting.begin(session, cast.actor("eve"), attempt_id, NOW)

"""Very fast answers: judged by the usual time of their question, shown beside, never left out."""

from flask import Flask
from sqlalchemy import insert

from models.measuring import Statistic
from services.assessment import results, reviews
from services.assessment.results import ResultPage
from services.assessment.reviews import ItemReview
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.sitting import Sitting, sit
from tests.statements import counted


def usual_times(app: Flask, seconds: dict[str, float | None]) -> None:
    """Statistics that know the median times of some questions."""
    with app.app_context(), writing() as session:
        rows = [
            {
                "kind": "item", "key": key, "answers": 50,
                "data": {"median_seconds": median}, "computed_at": NOW,
            }
            for key, median in seconds.items()
        ]  # fmt: skip
        session.execute(insert(Statistic), rows)


def answered(cast: Cast) -> Sitting:
    """A placement with every question answered right within four seconds."""
    sitting = sit(cast)
    sitting.answer_all()
    sitting.submit()
    return sitting


def result(sitting: Sitting) -> ResultPage:
    with sitting.app.app_context(), reading() as session:
        return results.attempt_result(session, sitting.actor, sitting.attempt_id, "en", NOW)


def reviewed(sitting: Sitting) -> tuple[ItemReview, ...]:
    with sitting.app.app_context(), reading() as session:
        return reviews.item_reviews(session, sitting.attempt_id, reveal=False)


def test_an_answer_is_rapid_by_the_usual_time_of_its_question(any_app: Flask, cast: Cast) -> None:
    sitting = answered(cast)
    assert not any(review.rapid for review in reviewed(sitting))  # four seconds are above two
    usual_times(any_app, {"C1-P01": 60.0, "C1-P02": 30.0, "C1-P03": None})
    usual_times(any_app, {"C2-P01": 20.0})
    usual_times(any_app, {"C2-P01": 70.0})  # the newest counts
    positions = {question.item.id: question.position for question in sitting.asked()}
    rapid = {review.position for review in reviewed(sitting) if review.rapid}
    assert rapid == {positions["C1-P01"], positions["C2-P01"]}


def test_the_number_without_them_stands_beside_the_plain_one(any_app: Flask, cast: Cast) -> None:
    sitting = answered(cast)
    before = result(sitting)
    assert before.effort == ()
    usual_times(any_app, {"C1-P01": 60.0, "C1-P02": 60.0, "C3-P01": 60.0})
    after = result(sitting)
    assert after.view == before.view  # never instead
    by_code = {line.plain.code: line for line in after.effort}
    line = by_code["C1"]
    assert line.rapid == 2
    assert line.plain.observations - line.moderated.observations == 2
    assert line.moderated.se_points > line.plain.se_points
    assert line.moderated.points < line.plain.points  # all were right: less speaks for them
    assert line.plain == next(own for own in after.view.lines if own.code == "C1")
    assert "C7" not in by_code


def test_with_nothing_but_fast_answers_nothing_is_measured(app: Flask, cast: Cast) -> None:
    sitting = answered(cast)
    usual_times(app, {question.item.id: 60.0 for question in sitting.asked()})
    found = result(sitting)
    assert {line.moderated.measured for line in found.effort} == {False}
    assert len(found.effort) == len(found.view.measured)


def test_the_usual_times_cost_one_statement(app: Flask, cast: Cast) -> None:
    sitting = answered(cast)
    usual_times(app, {question.item.id: 60.0 for question in sitting.asked()})
    with counted(app) as sent:
        reviewed(sitting)
    assert len([statement for statement in sent if "FROM statistic" in statement]) == 1

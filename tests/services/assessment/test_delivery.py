"""Saving answers: what counts, what is kept aside, what is refused."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain.assessment.attempts import AttemptState
from models.assessment import Answer, Attempt, AttemptOpening
from services.assessment import delivery
from services.assessment.delivery import GREATEST_NUMBER, Outcome, SaveCommand, Saved
from services.assessment.responding import counted_answers
from services.errors import Invalid, NotFound
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.sitting import Sitting, right_payload, sit
from tests.statements import counted


def counted_payload(sitting: Sitting, position: int) -> dict[str, object]:
    with sitting.app.app_context(), reading() as session:
        return counted_answers(session, sitting.attempt_id)[position].response


def rows(sitting: Sitting) -> list[str | None]:
    with sitting.app.app_context(), reading() as session:
        return list(session.scalars(select(Answer.held).order_by(Answer.id)))


def two_choices(sitting: Sitting) -> tuple[int, dict[str, object], dict[str, object]]:
    """A single-choice question with two answers to it."""
    found = next(q for q in sitting.asked() if q.item.kind == "single")
    first, second = found.option_order[:2]
    return found.position, {"choice": first}, {"choice": second}


def test_the_newest_answer_counts_whatever_the_order_of_arrival(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    position, one, other = two_choices(sitting)
    sitting.save(position, other, sequence=2)
    sitting.save(position, one, sequence=1)
    assert counted_payload(sitting, position) == other


def test_a_repeat_is_acknowledged_as_the_first_time(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    position, one, other = two_choices(sitting)
    first = sitting.save(position, one, sequence=1)
    sitting.wait(30)
    assert sitting.save(position, one, sequence=1) == first
    clash = sitting.save(position, other, sequence=1)
    assert (clash.outcome, clash.last) == (Outcome.TAKEN, 1)
    assert counted_payload(sitting, position) == one
    assert rows(sitting) == [None]


def test_an_old_lease_saves_nothing_that_counts(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    position, one, other = two_choices(sitting)
    sitting.save(position, one, lease=1, sequence=1)
    sitting.open()
    late = sitting.save(position, other, lease=1, sequence=2)
    assert late.outcome is Outcome.STALE
    assert counted_payload(sitting, position) == one
    assert rows(sitting) == [None, "stale"]
    assert sitting.save(position, one, lease=1, sequence=1).outcome is Outcome.SAVED


def test_a_lease_that_was_never_given_is_refused(app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    position, one, _ = two_choices(sitting)
    with pytest.raises(Invalid):
        sitting.save(position, one, lease=9)


def test_after_the_deadline_an_answer_is_kept_but_does_not_count(
    any_app: Flask, cast: Cast
) -> None:
    sitting = sit(cast, limit_s=60)
    position, one, other = two_choices(sitting)
    sitting.wait(64)
    assert sitting.save(position, one).outcome is Outcome.SAVED  # within the grace
    sitting.wait(2)
    late = sitting.save(position, other)
    assert (late.outcome, late.state) == (Outcome.LATE, AttemptState.EXPIRED)
    assert counted_payload(sitting, position) == one
    with sitting.app.app_context(), reading() as session:
        attempt = session.get_one(Attempt, sitting.attempt_id)
        assert attempt.state == "expired"
        assert attempt.ended_at == NOW + timedelta(seconds=60)


def test_after_the_submit_an_answer_is_kept_but_does_not_count(app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    position, one, other = two_choices(sitting)
    sitting.save(position, one)
    sitting.submit()
    late = sitting.save(position, other)
    assert (late.outcome, late.state) == (Outcome.LATE, AttemptState.SUBMITTED)
    assert counted_payload(sitting, position) == one


@pytest.mark.parametrize(
    ("response", "field"),
    [
        ({"choice": "z"}, "choice"),
        ({"choice": ["a"]}, "choice"),
        ({"value": "3"}, "value"),
        ({"choice": "a", "extra": 1}, "extra"),
    ],
)
def test_nonsense_is_refused_by_name(
    app: Flask, cast: Cast, response: dict[str, object], field: str
) -> None:
    sitting = sit(cast)
    position, _, _ = two_choices(sitting)
    with pytest.raises(Invalid) as refused:
        sitting.save(position, response)
    assert set(refused.value.fields) == {field}
    assert rows(sitting) == []


@pytest.mark.parametrize("name", ["position", "lease", "sequence", "elapsed_ms"])
@pytest.mark.parametrize("value", [-1, 2**31, 10**30])
def test_numbers_out_of_range_are_refused(
    any_app: Flask, cast: Cast, name: str, value: int
) -> None:
    sitting = sit(cast)
    good = {"position": 1, "lease": 1, "sequence": 1, "elapsed_ms": 0}
    command = SaveCommand(**{**good, name: value}, response={})
    with sitting.app.app_context(), writing() as session, pytest.raises(Invalid):
        delivery.save_answer(session, sitting.actor, sitting.attempt_id, command, NOW)


def test_the_server_counts_no_further_than_a_number_goes(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast)

    def save(sequence: int | None) -> Saved:
        command = SaveCommand(1, 1, sequence, {}, 0)
        with sitting.app.app_context(), writing() as session:
            return delivery.save_answer(session, sitting.actor, sitting.attempt_id, command, NOW)

    assert save(GREATEST_NUMBER - 1).outcome is Outcome.SAVED
    assert save(None).sequence == GREATEST_NUMBER
    with pytest.raises(Invalid) as refused:
        save(None)
    assert set(refused.value.fields) == {"sequence"}


def test_another_persons_attempt_and_a_missing_position_are_not_there(
    app: Flask, cast: Cast
) -> None:
    sitting = sit(cast)
    eve = Sitting(cast.app, cast.actor("eve"), sitting.attempt_id, lease=1)
    missing = Sitting(cast.app, cast.actor("lin"), 10**30, lease=1)
    for call in (
        lambda: eve.save(1, {}),
        lambda: missing.save(1, {}),
        lambda: sitting.save(43, {}),
        eve.open,
        eve.submit,
        missing.open,
        missing.submit,
    ):
        with pytest.raises(NotFound):
            call()


def test_each_opening_has_a_lease_and_a_device(app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    assert [sitting.open(), sitting.open()] == [2, 3]
    with sitting.app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(AttemptOpening)) == 3


def test_an_attempt_that_is_over_is_not_opened(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast, limit_s=60)
    sitting.wait(66)
    assert sitting.open() is None
    with sitting.app.app_context(), reading() as session:
        assert session.get_one(Attempt, sitting.attempt_id).state == "expired"


def test_a_save_is_two_statements_and_a_repeat_three(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    payload = right_payload(sitting.asked()[0].item)
    with counted(cast.app) as sent:
        sitting.save(1, payload, sequence=1)
        assert len(sent) == 2
        sitting.save(1, payload, sequence=1)
        assert len(sent) == 5

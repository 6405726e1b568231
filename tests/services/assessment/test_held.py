"""Answers that were given offline before the end and came after it: kept, judged, counted."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from models.assessment import Answer
from models.competencies import Evidence
from services.assessment import delivery, held, scoring
from services.assessment.delivery import Outcome, SaveCommand, Saved
from services.assessment.responding import counted_answers
from services.errors import Conflict, Forbidden, Invalid, NotFound
from tests.conftest import Cast
from tests.services.assessment import timed
from tests.services.assessment.sitting import Sitting, right_payload, sit


def late(sitting: Sitting, position: int, age_s: float, lease: int = 0) -> Saved:
    """The right answer, given so many seconds ago."""
    sitting.sequence += 1
    payload = right_payload(sitting.asked()[position - 1].item)
    command = SaveCommand(position, lease or sitting.lease, sitting.sequence, payload, 4000)
    command = replace(command, age_ms=int(age_s * 1000))
    return timed.write(
        sitting,
        lambda s: delivery.save_answer(s, sitting.actor, sitting.attempt_id, command, sitting.now),
    )


def decide(cast: Cast, sitting: Sitting, answer_id: int, accepted: bool, who: str = "tao") -> None:
    timed.write(
        sitting,
        lambda s: held.decide_learners(
            s, cast.actor(who), answer_id, accepted, "The log of the network shows it.", sitting.now
        ),
    )


def waiting(cast: Cast, sitting: Sitting) -> tuple[held.HeldLine, ...]:
    return timed.read(sitting, lambda s: held.held_page(s, cast.actor("tao"))).waiting


def expired(cast: Cast) -> Sitting:
    sitting = sit(cast, limit_s=600)
    sitting.wait(700)
    return sitting


def test_what_was_given_in_time_is_held_and_the_rest_is_late(any_app: Flask, cast: Cast) -> None:
    sitting = expired(cast)
    assert late(sitting, 1, 130).outcome is Outcome.OFFLINE
    assert late(sitting, 2, 50).outcome is Outcome.LATE
    assert late(sitting, 3, 0).outcome is Outcome.LATE
    assert late(sitting, 4, 5000).outcome is Outcome.LATE, "before the start"
    line = waiting(cast, sitting)[0]
    assert (line.position, (line.received_at - line.given_at).total_seconds()) == (1, 130)
    assert timed.read(sitting, lambda s: counted_answers(s, sitting.attempt_id)) == {}


def test_an_older_window_holds_nothing_for_review(app: Flask, cast: Cast) -> None:
    sitting = sit(cast, limit_s=600)
    sitting.open()
    sitting.wait(700)
    assert late(sitting, 1, 300, lease=1).outcome is Outcome.LATE


def test_after_handing_in_too(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    sitting.wait(60)
    sitting.submit()
    sitting.wait(60)
    assert late(sitting, 1, 90).outcome is Outcome.OFFLINE
    assert late(sitting, 2, 30).outcome is Outcome.LATE


def test_a_part_that_is_over_holds_what_was_given_in_it(any_app: Flask, cast: Cast) -> None:
    sitting = timed.exam(cast)
    sitting.wait(timed.PARTS_S[0] + 60)
    assert late(sitting, 1, 90).outcome is Outcome.OFFLINE
    assert late(sitting, 2, 30).outcome is Outcome.LATE
    decide(cast, sitting, waiting(cast, sitting)[0].answer_id, True)
    assert set(timed.read(sitting, lambda s: counted_answers(s, sitting.attempt_id))) == {1}
    sitting.submit()
    assert timed.read(sitting, scoring.rescore_check) == []


def test_an_accepted_answer_counts_and_the_numbers_follow(any_app: Flask, cast: Cast) -> None:
    sitting = expired(cast)
    late(sitting, 1, 130)
    first = waiting(cast, sitting)[0].answer_id

    def notice() -> held.Notice:
        return timed.read(sitting, lambda s: held.notice(s, sitting.actor, sitting.attempt_id))

    assert notice() == held.Notice(1, 0, 0)
    marks = select(func.sum(Evidence.mark))
    assert timed.read(sitting, lambda s: s.scalar(marks)) == 0
    for _ in range(2):
        decide(cast, sitting, first, True)
    assert (timed.read(sitting, lambda s: s.scalar(marks)) or 0) > 0
    assert set(timed.read(sitting, lambda s: counted_answers(s, sitting.attempt_id))) == {1}
    assert timed.read(sitting, scoring.rescore_check) == []
    assert notice() == held.Notice(0, 1, 0)
    with pytest.raises(Conflict):
        decide(cast, sitting, first, False)


def test_a_refused_answer_never_counts(any_app: Flask, cast: Cast) -> None:
    sitting = expired(cast)
    late(sitting, 1, 130)
    decide(cast, sitting, waiting(cast, sitting)[0].answer_id, False)
    assert timed.read(sitting, lambda s: counted_answers(s, sitting.attempt_id)) == {}
    assert waiting(cast, sitting) == ()
    assert timed.read(sitting, scoring.rescore_check) == []


def test_of_two_answers_the_newer_is_decided_first(any_app: Flask, cast: Cast) -> None:
    sitting = expired(cast)
    late(sitting, 1, 130)
    late(sitting, 1, 120)
    older, newer = waiting(cast, sitting)
    assert (older.others, newer.others) == (1, 0)
    with pytest.raises(Conflict):
        decide(cast, sitting, older.answer_id, True)
    decide(cast, sitting, newer.answer_id, False)
    decide(cast, sitting, older.answer_id, True)
    assert timed.read(sitting, scoring.rescore_check) == []


def test_who_decides_and_about_what(app: Flask, cast: Cast) -> None:
    sitting = expired(cast)
    late(sitting, 1, 130)
    late(sitting, 2, 10)
    offline, plain = timed.read(sitting, lambda s: s.scalars(select(Answer.id)).all())
    for who in ("lin", "min"):
        with pytest.raises(Forbidden):
            decide(cast, sitting, offline, True, who)
    for answer_id in (plain, 10**30, 987654):
        with pytest.raises(NotFound):
            decide(cast, sitting, answer_id, True)
    with pytest.raises(Invalid):
        timed.write(
            sitting,
            lambda s: held.decide_learners(s, cast.actor("tao"), offline, True, " ", sitting.now),
        )

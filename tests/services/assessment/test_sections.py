"""Sections with clocks, no way back, hints, reasons at once, flags."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from domain.assessment.attempts import AttemptState
from models.assessment import HintTaken
from models.competencies import Evidence
from services.assessment import delivery, expiry, flags, hints, scoring
from services.assessment.delivery import Outcome
from services.assessment.responding import counted_answers
from services.errors import Conflict, NotFound
from tests.conftest import NOW, Cast
from tests.services.assessment import timed
from tests.services.assessment.sitting import Sitting, right_payload, sit
from tests.statements import counted


def save(sitting: Sitting, position: int) -> Outcome:
    item = sitting.asked()[position - 1].item
    return sitting.save(position, right_payload(item)).outcome


def shown(sitting: Sitting) -> list[int]:
    return [question.position for question in timed.page(sitting).questions]


def test_only_the_questions_of_the_current_part_are_shown_and_taken(
    any_app: Flask, cast: Cast
) -> None:
    sitting = timed.exam(cast)
    assert shown(sitting) == list(range(1, 8))
    assert save(sitting, 1) is Outcome.SAVED
    assert save(sitting, 8) is Outcome.LATE
    sitting.wait(timed.PARTS_S[0] + 3)
    assert save(sitting, 2) is Outcome.SAVED  # within the grace
    assert shown(sitting) == list(range(8, 15))
    sitting.wait(4)
    assert (save(sitting, 3), save(sitting, 8)) == (Outcome.LATE, Outcome.SAVED)
    found = timed.read(sitting, lambda s: counted_answers(s, sitting.attempt_id))
    assert set(found) == {1, 2, 8}


def test_a_part_is_left_for_good_and_its_time_given_up(any_app: Flask, cast: Cast) -> None:
    sitting = timed.exam(cast)
    sitting.wait(100)
    timed.go_on(sitting, 1)
    timed.go_on(sitting, 1)
    unused = timed.PARTS_S[0] - 100
    assert timed.attempt(sitting).deadline == NOW + timedelta(seconds=timed.EXAM_S - unused)
    assert timed.page(sitting).seconds_left == timed.PARTS_S[1]
    assert (save(sitting, 1), save(sitting, 8)) == (Outcome.LATE, Outcome.SAVED)
    with pytest.raises(Conflict):
        timed.go_on(sitting, 3)
    timed.go_on(sitting, 2)
    with pytest.raises(Conflict):
        timed.go_on(sitting, 3)
    sitting.wait(timed.PARTS_S[2] + 6)
    assert timed.page(sitting).state is AttemptState.EXPIRED
    assert timed.write(sitting, lambda s: expiry.expire_due(s, sitting.now)) == 1


def test_without_a_way_back_an_earlier_question_is_closed(any_app: Flask, cast: Cast) -> None:
    sitting = timed.exam(cast)
    timed.go_on(sitting, 1)
    timed.go_on(sitting, 2)
    assert save(sitting, 15) is Outcome.SAVED
    assert save(sitting, 15) is Outcome.SAVED
    for _ in range(2):
        timed.write(
            sitting,
            lambda s: delivery.reach(
                s, sitting.actor, sitting.attempt_id, 16, sitting.lease, sitting.now
            ),
        )
    assert shown(sitting) == list(range(16, 22))
    assert save(sitting, 15) is Outcome.LATE
    sitting.sequence = 50
    assert save(sitting, 16) is Outcome.SAVED
    late = sitting.save(15, {}, sequence=40)
    assert (late.outcome, late.state) == (Outcome.LATE, AttemptState.RUNNING)
    assert sitting.save(15, {}, sequence=40).outcome is Outcome.LATE


def test_going_on_where_there_is_a_way_back_notes_nothing(app: Flask, cast: Cast) -> None:
    sitting = sit(cast)
    timed.write(sitting, lambda s: delivery.reach(s, sitting.actor, sitting.attempt_id, 2, 1, NOW))
    assert timed.read(sitting, lambda s: counted_answers(s, sitting.attempt_id)) == {}


def test_a_save_in_a_form_with_parts_is_two_statements(any_app: Flask, cast: Cast) -> None:
    sitting = timed.exam(cast)
    payload = right_payload(sitting.asked()[0].item)
    with counted(cast.app) as sent:
        assert sitting.save(1, payload).outcome is Outcome.SAVED
    assert len(sent) == 2
    with counted(cast.app) as sent:
        timed.page(sitting)
    assert len(sent) <= 7


def take(sitting: Sitting, position: int, number: int) -> None:
    timed.write(
        sitting,
        lambda s: hints.take_hint(
            s, sitting.actor, sitting.attempt_id, position, number, sitting.now
        ),
    )


def hinted(cast: Cast) -> Sitting:
    item = {"hints": [{"text": "Think of the quay.", "cost": 0.25}, {"text": "B", "cost": 0.5}]}
    timed.rewrite(cast, "item", "C1-P01", **item)
    return sit(cast)


def test_hints_open_one_by_one_and_lower_the_evidence(any_app: Flask, cast: Cast) -> None:
    sitting = hinted(cast)
    aid = timed.page(sitting).aids[1]
    assert (aid.hints, aid.next_hint, aid.cost) == ((), 1, 25)
    with pytest.raises(Conflict):
        take(sitting, 1, 2)
    for number in (1, 1, 2, 1):
        take(sitting, 1, number)
    with pytest.raises(NotFound):
        take(sitting, 1, 3)
    with pytest.raises(NotFound):
        take(sitting, 2, 1)
    assert timed.page(sitting).aids[1].hints == ("Think of the quay.", "B")
    rows = timed.read(sitting, lambda s: s.scalars(select(HintTaken.number)).all())
    assert sorted(rows) == [1, 2]
    sitting.answer_all()
    sitting.submit()
    weights = timed.read(
        sitting,
        lambda s: s.execute(select(Evidence.competency, Evidence.weight).order_by(Evidence.id)),
    ).all()
    authored = sitting.asked()[0].item.competencies["C1"]
    assert weights[0].weight == pytest.approx(authored * 0.25)
    assert timed.read(sitting, scoring.rescore_check) == []


def test_reasons_at_once_lock_the_answer(any_app: Flask, cast: Cast) -> None:
    timed.rewrite(cast, "form", "placement", feedback="each")
    sitting = sit(cast)

    def check(position: int) -> None:
        timed.write(
            sitting,
            lambda s: hints.show_reasons(
                s, sitting.actor, sitting.attempt_id, position, sitting.now
            ),
        )

    with pytest.raises(Conflict):
        check(1)
    save(sitting, 1)
    for _ in range(2):
        check(1)
    aid = timed.page(sitting).aids[1]
    assert aid.review is not None
    assert (aid.review.reading, aid.may_check) == ("right", False)
    assert all(line.why for line in aid.review.feedback)
    assert sitting.save(1, {}).outcome is Outcome.LATE
    other = timed.page(sitting).aids[2]
    assert (other.review, other.may_check) == (None, True)


def test_reasons_stay_closed_where_the_form_does_not_say_so(app: Flask, cast: Cast) -> None:
    for sitting in (sit(cast), sit(cast, "eve", purpose="hiring", form_key="hiring-a")):
        save(sitting, 1)
        with pytest.raises(NotFound):
            timed.write(
                sitting,
                lambda s, one=sitting: hints.show_reasons(  # type: ignore[misc]
                    s, one.actor, one.attempt_id, 1, NOW
                ),
            )


def test_secure_questions_have_no_reasons_even_where_a_form_says_so(app: Flask, cast: Cast) -> None:
    timed.rewrite(cast, "form", "hiring-a", feedback="each", pool="practice")
    sitting = sit(cast, "eve", purpose="hiring", form_key="hiring-a")
    save(sitting, 1)
    with pytest.raises(NotFound):
        timed.write(
            sitting,
            lambda s: hints.show_reasons(s, sitting.actor, sitting.attempt_id, 1, NOW),
        )
    assert timed.page(sitting).aids[1].review is None


def test_flags_are_kept_with_the_attempt(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast)

    def flag(position: int, on: bool) -> None:
        timed.write(
            sitting,
            lambda s: flags.flag(s, sitting.actor, sitting.attempt_id, position, on, sitting.now),
        )

    for position, on in ((3, True), (3, True), (9, True), (9, False)):
        flag(position, on)
    assert [question.position for question in timed.page(sitting).flagged] == [3]
    with pytest.raises(NotFound):
        flag(99, True)
    sitting.submit()
    with pytest.raises(Conflict):
        flag(4, True)

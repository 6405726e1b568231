"""The clock of an attempt: signs of life, drops, breaks, extra time. Every move has its row."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from domain.assessment.attempts import AttemptState
from models.journal import JournalEntry
from services.assessment import breaks, expiry, grants, starting, supervising
from services.assessment.beats import Heard
from services.assessment.delivery import Outcome
from services.assessment.grants import Extra
from services.errors import Conflict, Forbidden, Invalid, NotFound
from tests.conftest import NOW, Cast
from tests.services.assessment import timed
from tests.services.assessment.sitting import Sitting, right_payload, sit
from tests.statements import counted


def minute(cast: Cast) -> Sitting:
    return sit(cast, limit_s=600)


def ends(sitting: Sitting) -> float:
    """Seconds from the start to the deadline."""
    found = timed.attempt(sitting).deadline
    assert found is not None
    return (found - NOW).total_seconds()


def test_a_drop_is_credited_once_and_written_down(any_app: Flask, cast: Cast) -> None:
    sitting = minute(cast)
    assert timed.beat(sitting).credited_s == 0
    sitting.wait(44)
    heard = timed.beat(sitting)
    assert (heard.heard, heard.credited_s, heard.seconds_left) == (Heard.ALIVE, 34, 590)
    assert (ends(sitting), timed.grants(sitting)) == (634, [("drop", 34)])
    assert timed.beat(sitting).credited_s == 0
    sitting.wait(10)
    assert timed.beat(sitting).seconds_left == 580
    events = timed.read(
        sitting,
        lambda s: s.scalars(
            select(JournalEntry.data).where(JournalEntry.event == "attempt.granted")
        ).all(),
    )
    assert events == [{"kind": "drop", "seconds": 34}]


def test_saves_are_signs_of_life_and_the_first_save_after_a_drop_hides_nothing(
    any_app: Flask, cast: Cast
) -> None:
    sitting = minute(cast)
    payload = right_payload(sitting.asked()[0].item)
    timed.beat(sitting)
    sitting.wait(15)
    sitting.save(1, payload)
    sitting.wait(15)
    assert timed.beat(sitting).credited_s == 0
    sitting.wait(40)
    sitting.save(1, {})
    sitting.wait(3)
    assert timed.beat(sitting).credited_s == 30


def test_time_out_of_sight_is_no_drop(app: Flask, cast: Cast) -> None:
    """A slowed-down tab is silent too; what is left of the gap is a drop, and nothing is added."""
    sitting = minute(cast)
    timed.beat(sitting)
    for seconds, away, credit in ((70, 60, 0), (70, 2**31 - 1, 0), (70, 20, 40), (12, 0, 0)):
        sitting.wait(seconds)
        assert timed.beat(sitting, away_s=away).credited_s == credit
    assert (ends(sitting), timed.grants(sitting)) == (640, [("drop", 40)])


def test_drops_are_capped_at_ten_minutes(any_app: Flask, cast: Cast) -> None:
    sitting = sit(cast, limit_s=4000)
    timed.beat(sitting)
    for seconds, credit in ((410, 400), (410, 200), (410, 0)):
        sitting.wait(seconds)
        assert timed.beat(sitting).credited_s == credit
    assert ends(sitting) == 4600


def test_a_usual_beat_is_one_statement(any_app: Flask, cast: Cast) -> None:
    sitting = minute(cast)
    timed.beat(sitting)
    sitting.wait(10)
    with counted(cast.app) as sent:
        assert timed.beat(sitting).heard is Heard.ALIVE
    assert len(sent) == 1


def test_beats_of_others_of_old_windows_and_after_the_end(any_app: Flask, cast: Cast) -> None:
    sitting = minute(cast)
    eve = Sitting(cast.app, cast.actor("eve"), sitting.attempt_id, lease=1)
    with pytest.raises(NotFound):
        timed.beat(eve)
    with pytest.raises(Invalid):
        timed.beat(sitting, lease=5)
    sitting.open()
    assert timed.beat(sitting, lease=1).heard is Heard.STALE
    assert timed.beat(sitting).heard is Heard.ALIVE
    sitting.wait(700)
    assert timed.beat(sitting).heard is Heard.OVER
    assert timed.attempt(sitting).state == "expired"


def test_a_break_stops_the_clock_and_hides_the_questions(any_app: Flask, cast: Cast) -> None:
    sitting = timed.exam(cast)
    timed.beat(sitting)
    sitting.wait(60)
    timed.rest(sitting)
    timed.rest(sitting)
    assert timed.page(sitting).questions == ()
    sitting.wait(200)
    assert sitting.save(1, {}).outcome is Outcome.RESTING
    assert timed.beat(sitting).heard is Heard.RESTING
    with pytest.raises(Conflict):
        sitting.submit()
    timed.back(sitting)
    timed.back(sitting)
    assert (ends(sitting), timed.grants(sitting)) == (timed.EXAM_S + 200, [("break", 200)])
    assert timed.beat(sitting).credited_s == 0, "a break is no drop"
    assert sitting.save(1, {}).outcome is Outcome.SAVED
    with pytest.raises(Conflict):
        timed.rest(sitting)


def test_a_break_that_nobody_ends_is_ended_by_the_sweeper(any_app: Flask, cast: Cast) -> None:
    sitting = timed.exam(cast)
    sitting.wait(timed.EXAM_S - 30)
    timed.rest(sitting)
    sitting.wait(500)

    def sweep() -> tuple[int, int]:
        ended = timed.write(sitting, lambda s: breaks.end_due(s, sitting.now))
        return ended, timed.write(sitting, lambda s: expiry.expire_due(s, sitting.now))

    assert sweep() == (0, 0)
    assert timed.page(sitting).state is AttemptState.RUNNING
    sitting.wait(101)
    assert sweep() == (1, 0)
    sitting.wait(40)
    assert sweep() == (0, 1)
    assert timed.grants(sitting) == [("break", 600)]
    assert timed.attempt(sitting).ended_at == NOW + timedelta(seconds=timed.EXAM_S + 600)


def test_a_save_after_the_minutes_of_a_break_ends_it(any_app: Flask, cast: Cast) -> None:
    sitting = timed.exam(cast)
    timed.rest(sitting)
    sitting.wait(601)
    assert sitting.save(1, {}).outcome is Outcome.SAVED
    assert ends(sitting) == timed.EXAM_S + 600


def test_there_is_no_break_without_a_clock_or_where_the_form_has_none(
    any_app: Flask, cast: Cast
) -> None:
    for sitting in (sit(cast), sit(cast, "eve", limit_s=60)):
        with pytest.raises(Conflict):
            timed.rest(sitting)


def give(cast: Cast, sitting: Sitting, extra: Extra, seen: int = 0, who: str = "tao") -> int:
    return timed.write(
        sitting,
        lambda s: supervising.extend_learner(
            s, cast.actor(who), sitting.attempt_id, extra, seen, sitting.now
        ),
    )


def test_a_trainer_gives_time_during_an_attempt_once(any_app: Flask, cast: Cast) -> None:
    sitting = timed.exam(cast)
    before = timed.spans(sitting)
    assert give(cast, sitting, Extra(50, 1, "A loud room.")) == timed.EXAM_S // 2 + 60
    with pytest.raises(Conflict):
        give(cast, sitting, Extra(50, 1, "A loud room."))
    assert ends(sitting) == timed.EXAM_S * 1.5 + 60
    shifts = [b.deadline - a.deadline for a, b in zip(before, timed.spans(sitting), strict=True)]  # type: ignore[operator]
    assert shifts == [timedelta(seconds=timed.EXAM_S // 2 + 60)] * 3
    assert give(cast, sitting, Extra(0, 5), seen=1) == 300


@pytest.mark.parametrize("extra", [Extra(0, 0), Extra(30, 0), Extra(0, 241), Extra(0, -1)])
def test_nonsense_is_not_given(app: Flask, cast: Cast, extra: Extra) -> None:
    with pytest.raises(Invalid):
        give(cast, timed.exam(cast), extra)


def test_who_may_give_time(app: Flask, cast: Cast) -> None:
    sitting = timed.exam(cast)
    for who in ("lin", "min", "anna"):
        with pytest.raises(Forbidden):
            give(cast, sitting, Extra(25, 0), who=who)
    own = timed.exam(cast, "tao")
    with pytest.raises(Forbidden):
        give(cast, own, Extra(25, 0))
    hiring = sit(cast, "eve", purpose="hiring", form_key="hiring-a", limit_s=60)
    with pytest.raises(NotFound):
        give(cast, hiring, Extra(25, 0))
    sitting.submit()
    with pytest.raises(Conflict):
        give(cast, sitting, Extra(25, 0))


def test_time_given_before_counts_from_the_next_start(any_app: Flask, cast: Cast) -> None:
    with cast.app.app_context():
        eve = sit(cast, "eve", limit_s=600)
    for percent in (100, 25):
        timed.write(
            eve,
            lambda s, p=percent: supervising.accommodate_learner(  # type: ignore[misc]
                s, cast.actor("tao"), cast.lin, Extra(p, 2), NOW
            ),
        )
    sitting = timed.exam(cast)
    assert ends(sitting) == timed.EXAM_S * 1.25 + 120
    assert timed.grants(sitting) == [("extra", timed.EXAM_S // 4 + 120)]
    assert timed.spans(sitting)[-1].deadline == timed.attempt(sitting).deadline
    assert ends(eve) == 600
    shown = timed.read(sitting, lambda s: supervising.running_page(s, cast.actor("tao"), NOW))
    assert [(line.name, line.extra_s) for line in shown.running] == [
        ("Eve Okafor", 0), ("Lin Yue", timed.EXAM_S // 4 + 120),
    ]  # fmt: skip
    assert [line.name for line in shown.accommodated] == ["Lin Yue"]


def test_extra_time_for_a_candidate_before_the_start(any_app: Flask, cast: Cast) -> None:
    """The seam that hiring calls: it has guarded the attempt."""
    sitting = minute(cast)
    created = timed.write(
        sitting,
        lambda s: starting.create_attempt(
            s, cast.eve, "hiring", "hiring-a", "en", 3, NOW, limit_s=1000
        ),
    )
    given = timed.write(
        sitting, lambda s: grants.extend(s, cast.actor("min"), created, Extra(50, 0), 0, NOW)
    )
    assert given == 0
    timed.write(sitting, lambda s: starting.begin(s, cast.actor("eve"), created, NOW))
    eve = Sitting(cast.app, cast.actor("eve"), created)
    assert ends(eve) == 1500

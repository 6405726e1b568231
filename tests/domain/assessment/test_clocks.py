"""Clocks: drops, breaks, and sections that share a time, are left early and move with grants."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment.clocks import (
    MOST_DROPPED_S,
    break_seconds,
    current,
    drop_credit,
    extra_seconds,
    is_break_over,
    is_open,
    left,
    moved,
    plan,
)

START = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)


def after(seconds: float) -> dt.datetime:
    return START + dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("signs", "credit"),
    [
        ([0, 19.9], 0),
        ([0, 20], 10),
        ([0, 44], 34),
        ([0, 10, 20, 30], 0),
        ([0, 15, 60, 70], 35),
        ([70, 0, 15, 60], 35),
        ([0, 40, 80], 60),
        ([0], 0),
        ([0, 5000], MOST_DROPPED_S),
    ],
)
def test_what_a_drop_is_worth(signs: list[float], credit: int) -> None:
    assert drop_credit([after(s) for s in signs], 0) == credit


def test_drops_are_credited_up_to_ten_minutes_in_all() -> None:
    assert drop_credit([after(0), after(110)], 550) == 50
    assert drop_credit([after(0), after(110)], 600) == 0


def test_extra_time_is_a_share_of_the_limit_and_minutes() -> None:
    assert extra_seconds(3600, 25, 0) == 900
    assert extra_seconds(3600, 50, 10) == 2400
    with pytest.raises(ValueError, match="negative"):
        extra_seconds(3600, -1, 0)


def test_a_break_stops_the_clock_for_its_minutes_at_most() -> None:
    assert break_seconds(START, after(0.2), 10) == 1
    assert break_seconds(START, after(90), 10) == 90
    assert break_seconds(START, after(9000), 10) == 600
    assert not is_break_over(START, after(599), 10)
    assert is_break_over(START, after(600), 10)


def test_sections_follow_each_other_and_share_the_time() -> None:
    spans = plan(START, [14, 12, 10], after(36 * 60))
    assert [s.deadline for s in spans] == [after(14 * 60), after(26 * 60), after(36 * 60)]
    doubled = plan(START, [14, 12, 10], after(72 * 60))
    assert doubled[0].deadline == after(28 * 60)
    assert [s.started_at for s in doubled[1:]] == [s.deadline for s in doubled[:-1]]


def test_the_next_section_begins_when_the_time_of_one_is_over() -> None:
    spans = plan(START, [1, 1], after(120))
    assert [getattr(current(spans, after(s)), "number", None) for s in (0, 59, 60, 119, 120)] == [
        1, 1, 2, 2, None,
    ]  # fmt: skip
    assert is_open(spans[0], after(65))
    assert not is_open(spans[0], after(66))
    assert not is_open(spans[1], after(59))


def test_a_section_that_is_left_gives_its_time_up_and_stays_closed() -> None:
    spans, unused = left(plan(START, [1, 1, 1], after(180)), 1, after(20))
    assert unused == dt.timedelta(seconds=40)
    assert not is_open(spans[0], after(20))
    assert (spans[1].started_at, spans[1].deadline, spans[2].deadline) == (
        after(20), after(80), after(140),
    )  # fmt: skip
    for number, moment in ((1, 30), (3, 30), (3, 100)):
        with pytest.raises(ValueError, match="current section"):
            left(spans, number, after(moment))


def test_without_a_clock_sections_are_left_by_hand_only() -> None:
    spans, unused = left(plan(START, [1, 1], None), 1, after(9000))
    assert (unused, getattr(current(spans, after(9000)), "number", None)) == (dt.timedelta(0), 2)
    assert spans[1].started_at == after(9000)


def test_a_grant_moves_what_still_runs_or_is_to_come() -> None:
    spans = moved(plan(START, [1, 1, 1], after(180)), 30, after(70))
    assert [s.deadline for s in spans] == [after(60), after(150), after(210)]
    assert [s.started_at for s in spans] == [after(0), after(60), after(150)]


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=6),
    st.lists(st.tuples(st.booleans(), st.integers(0, 600)), max_size=12),
)
def test_whatever_moves_sections_stay_in_line(
    minutes: list[int], moves: list[tuple[bool, int]]
) -> None:
    end, now = after(60 * sum(minutes)), START
    spans = plan(START, minutes, end)
    for grants, seconds in moves:
        now += dt.timedelta(seconds=seconds // 4)
        here = current(spans, now)
        if grants:
            if here is not None:
                spans, end = moved(spans, seconds, now), end + dt.timedelta(seconds=seconds)
        elif here is not None and here.number < len(spans):
            spans, unused = left(spans, here.number, now)
            end -= unused
    assert spans[-1].deadline == end
    for span, following in pairwise(spans):
        assert following.started_at == (span.ended_at or span.deadline)

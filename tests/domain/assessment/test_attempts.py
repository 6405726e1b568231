"""The life of an attempt, its clock, and the answer that counts."""

import datetime as dt
import random
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assessment.attempts import (
    AttemptState,
    current_answers,
    deadline,
    is_final,
    is_late,
    remaining_seconds,
)

SUBMITTED, EXPIRED = AttemptState.SUBMITTED, AttemptState.EXPIRED
START = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def test_submitted_and_expired_are_final() -> None:
    assert [state for state in AttemptState if is_final(state)] == [SUBMITTED, EXPIRED]


def test_extensions_move_the_deadline() -> None:
    assert deadline(START, 3600) == START + 3600 * SECOND
    assert deadline(START, 3600, (600, 300)) == START + 4500 * SECOND
    assert deadline(START, None, (600,)) is None


def test_five_seconds_of_grace_and_not_more() -> None:
    end = deadline(START, 60)
    assert end is not None
    assert not is_late(end + 5 * SECOND, end)
    assert is_late(end + 5 * SECOND + dt.timedelta(microseconds=1), end)
    assert is_late(end + SECOND, end, grace=dt.timedelta(0))
    assert not is_late(end + 10**6 * SECOND, None)


def test_the_time_left_never_falls_below_zero() -> None:
    end = START + 90 * SECOND
    assert remaining_seconds(START + dt.timedelta(seconds=0.5), end) == 89
    assert remaining_seconds(end + SECOND, end) == 0
    assert remaining_seconds(START, None) is None


def test_naive_times_and_negative_limits_are_refused() -> None:
    naive = START.replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        deadline(naive, 60)
    with pytest.raises(ValueError, match="aware"):
        is_late(naive, START)
    with pytest.raises(ValueError, match="negative"):
        deadline(START, 60, (-1,))


def test_a_deadline_in_another_zone_is_the_same_moment() -> None:
    shanghai = dt.timezone(dt.timedelta(hours=8))
    assert deadline(START.astimezone(shanghai), 60) == deadline(START, 60)


@dataclass(frozen=True)
class Row:
    position: int
    lease: int
    sequence: int


rows = st.lists(
    st.builds(Row, st.integers(1, 4), st.integers(1, 3), st.integers(1, 5)), max_size=30
)


def test_a_newer_lease_wins_over_a_later_sequence() -> None:
    old, new = Row(1, 1, 99), Row(1, 2, 1)
    assert current_answers([new, old]) == {1: new}


@given(rows, st.integers())
def test_the_current_answers_do_not_depend_on_the_order_of_arrival(
    saved: list[Row], seed: int
) -> None:
    mixed = random.Random(seed).sample(saved, len(saved))
    current = current_answers(saved)
    assert current == current_answers(mixed)
    assert set(current) == {row.position for row in saved}
    for row in saved:
        held = current[row.position]
        assert (held.lease, held.sequence) >= (row.lease, row.sequence)

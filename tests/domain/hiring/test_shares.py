"""Shares of time add up to everything, and tell nothing of how long everything was."""

import pytest

from domain.hiring.shares import shares


def test_shares_add_up() -> None:
    assert shares([10, None, 30]) == (25, None, 75)
    assert sum(one or 0 for one in shares([1.7, 2.9, None, 88.1])) == pytest.approx(100)


def test_twice_the_time_looks_the_same() -> None:
    assert shares([12, 48, 20]) == shares([24, 96, 40])


@pytest.mark.parametrize("seconds", [[], [None, None], [0, 0]])
def test_no_time_has_no_shares(seconds: list[float | None]) -> None:
    assert shares(seconds) == (None,) * len(seconds)

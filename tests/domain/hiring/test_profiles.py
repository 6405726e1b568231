"""The weights and gates that a recruiter may write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hiring.profiles import SEVEN, gate_faults, weight_faults


@pytest.mark.parametrize(
    ("weights", "faulty"),
    [
        ({"C1": 100}, set()),
        ({"C1": 60, "C7": 40}, set()),
        ({}, {"weights"}),
        ({"C1": 99}, {"weights"}),
        ({"C1": 101}, {"weights", "C1"}),
        ({"C1": 120, "C2": -20}, {"C1", "C2"}),
        ({"C1": 50, "A1": 50}, {"A1"}),
    ],
)
def test_weights(weights: dict[str, int], faulty: set[str]) -> None:
    assert set(weight_faults(weights)) == faulty


@given(st.dictionaries(st.sampled_from(SEVEN), st.integers(-200, 200)))
def test_weights_without_fault_make_a_whole(weights: dict[str, int]) -> None:
    if not weight_faults(weights):
        assert sum(weights.values()) == 100
        assert all(0 <= weight <= 100 for weight in weights.values())


@pytest.mark.parametrize(
    ("gates", "faulty"),
    [({}, set()), ({"C5": 2, "A1": 5}, set()), ({"C5": 1}, {"C5"}), ({"X9": 3}, {"X9"})],
)
def test_gates(gates: dict[str, int], faulty: set[str]) -> None:
    assert set(gate_faults(gates)) == faulty

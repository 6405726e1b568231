"""Points, bands, levels, gates and ageing, with the constants of the standard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.competencies.scale import (
    Ability,
    Band,
    Verdict,
    aged,
    gate_verdict,
    level,
    level_range,
    likely_band,
    points,
    probability_at_least,
    provisional,
    wide_band,
)
from tests.domain.competencies.standards import STANDARD

abilities = st.builds(Ability, st.floats(-5, 5), st.floats(0.05, 1.3), st.integers(1, 99))


def bounds(band: Band) -> tuple[float, float]:
    return band.low, band.high


@pytest.mark.parametrize(
    ("theta", "shown"), [(0, 50), (1, 65), (-1.5, 27.5), (1.5, 72.5), (4, 100), (-4, 0)]
)
def test_points_are_fifty_and_fifteen_a_logit_within_0_and_100(theta: float, shown: float) -> None:
    assert points(theta, STANDARD) == shown


def test_bands_are_one_and_nearly_two_standard_errors_wide() -> None:
    ability = Ability(0.0, 0.4, 12)
    assert bounds(likely_band(ability, STANDARD)) == pytest.approx((44, 56))
    assert bounds(wide_band(ability, STANDARD)) == pytest.approx((38.24, 61.76))


def test_a_band_stops_at_the_ends_of_the_scale() -> None:
    assert wide_band(Ability(3.0, 0.7, 6), STANDARD).high == 100


@pytest.mark.parametrize(
    ("theta", "number"),
    [(-3, 1), (-1.501, 1), (-1.5, 2), (-0.5, 3), (0, 3), (0.5, 4), (1.49, 4), (1.5, 5), (5, 5)],
)
def test_a_cut_belongs_to_the_level_above_it(theta: float, number: int) -> None:
    assert level(theta, STANDARD) == number


@pytest.mark.parametrize(
    ("theta", "se", "words"),
    [
        (0.0, 0.4, "3"),
        (0.0, 0.6, "2 to 4"),
        (-0.6, 0.3, "2 to 3"),
        (2.5, 0.6, "5"),
        (1.47, 0.73, "4 to 5"),  # a perfect six says no more than this
        (-3.0, 1.0, "1"),
    ],
)
def test_a_level_is_named_only_where_the_likely_band_lies_inside_it(
    theta: float, se: float, words: str
) -> None:
    found = level_range(Ability(theta, se, 6), STANDARD)
    assert str(found) == words
    assert found.is_single == (" to " not in words)


@given(abilities)
def test_the_range_holds_the_level_of_the_estimate(ability: Ability) -> None:
    found = level_range(ability, STANDARD)
    assert found.low <= level(ability.theta, STANDARD) <= found.high


@pytest.mark.parametrize(
    ("theta", "se", "needed", "verdict"),
    [
        (-1.5 + 0.85 * 0.5, 0.5, 2, Verdict.MET),  # P = .802
        (-1.5 + 0.83 * 0.5, 0.5, 2, Verdict.UNKNOWN),  # P = .797
        (-1.5 - 0.83 * 0.5, 0.5, 2, Verdict.UNKNOWN),
        (-1.5 - 0.85 * 0.5, 0.5, 2, Verdict.NOT_MET),
        (0.0, 0.3, 3, Verdict.MET),
        (0.0, 0.3, 5, Verdict.NOT_MET),
        (0.0, 0.0, 3, Verdict.MET),
        (-0.5, 0.0, 3, Verdict.MET),
    ],
)
def test_a_gate_is_met_not_met_or_not_yet_known(
    theta: float, se: float, needed: int, verdict: Verdict
) -> None:
    assert gate_verdict(Ability(theta, se, 8), needed, STANDARD) is verdict


@pytest.mark.parametrize("ability", [None, Ability(2.0, 0.1, 0)])
def test_what_was_never_measured_is_not_yet_known(ability: Ability | None) -> None:
    assert gate_verdict(ability, 2, STANDARD) is Verdict.UNKNOWN


@given(abilities, st.floats(-4, 4), st.floats(0.01, 3))
def test_a_higher_cut_is_less_likely_reached(ability: Ability, cut: float, step: float) -> None:
    assert probability_at_least(ability, cut + step) <= probability_at_least(ability, cut)


def test_the_normal_table() -> None:
    """P(Z >= -1) = .841345 and P(Z >= 1.96) = .024998. Source: any table of the normal law."""
    assert probability_at_least(Ability(1.0, 0.5, 1), 0.5) == pytest.approx(0.841345, abs=1e-6)
    assert probability_at_least(Ability(0.0, 1.0, 1), 1.96) == pytest.approx(0.024998, abs=1e-6)


def test_a_provisional_error_is_a_quarter_wider() -> None:
    assert provisional(Ability(0.7, 0.4, 9), STANDARD) == Ability(0.7, 0.5, 9)


def test_the_variance_doubles_in_two_years_up_to_that_of_the_prior() -> None:
    fresh = Ability(0.7, 0.5, 9)
    assert aged(fresh, 0, STANDARD) == fresh
    assert aged(fresh, 24, STANDARD).se ** 2 == pytest.approx(0.5)
    assert aged(fresh, 48, STANDARD).se ** 2 == pytest.approx(1.0)
    assert aged(fresh, 480_000, STANDARD).se == 1.0


@given(abilities, st.floats(0, 1000), st.floats(0, 1000))
def test_age_never_moves_theta_nor_narrows_the_error(
    ability: Ability, months: float, more: float
) -> None:
    old = aged(ability, months, STANDARD)
    older = aged(ability, months + more, STANDARD)
    assert old.theta == ability.theta
    assert ability.se <= old.se * (1 + 1e-12)
    assert old.se <= older.se * (1 + 1e-12)


def test_an_estimate_from_the_future_is_refused() -> None:
    with pytest.raises(ValueError, match="future"):
        aged(Ability(0.0, 0.5, 6), -1, STANDARD)


def test_reliability_is_what_the_error_leaves() -> None:
    assert Ability(0.0, 0.4, 9).reliability == pytest.approx(0.84)
    assert Ability(0.0, 1.2, 1).reliability == 0

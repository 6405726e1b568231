"""Role fit: the weighted mean with its error, and the honest answer about two roles."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.competencies.framework import Gate, RoleProfile
from domain.competencies.rolefit import preference, role_fit
from domain.competencies.scale import Ability
from tests.domain.competencies.standards import STANDARD

CODES = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
OPERATIONS = RoleProfile(
    "operations", {"en": "Operations"}, dict(zip(CODES, (15, 8, 15, 32, 12, 8, 10), strict=True)),
    {}, (Gate("C5", 2),),
)  # fmt: skip
SALES = RoleProfile(
    "sales", {"en": "Sales"}, dict(zip(CODES, (20, 20, 15, 8, 11, 12, 14), strict=True)),
    {}, (Gate("C5", 2), Gate("A1", 3)),
)  # fmt: skip

profiles = st.fixed_dictionaries(
    {c: st.builds(Ability, st.floats(-3, 3), st.floats(0.1, 1), st.just(6)) for c in CODES}
)


def profile(theta: float = 0.0, se: float = 0.5, **others: float) -> dict[str, Ability]:
    return {code: Ability(others.get(code, theta), se, 6) for code in CODES}


def test_an_even_profile_fits_every_role_alike() -> None:
    fit = role_fit(profile(0.8), SALES.weights)
    assert fit is not None
    assert fit.theta == pytest.approx(0.8)
    assert fit.n == 42


def test_the_error_follows_the_weights() -> None:
    """SE = sqrt(w' Se w) / sum(w): for two weights 3 and 1 and errors .4 and .8, sqrt(2.08)/4."""
    fit = role_fit({"C1": Ability(1, 0.4, 6), "C2": Ability(-1, 0.8, 6)}, {"C1": 3, "C2": 1})
    assert fit is not None
    assert fit.theta == pytest.approx(0.5)
    assert fit.se == pytest.approx(math.sqrt(1.44 + 0.64) / 4)


@given(profiles, st.floats(0.1, 50))
def test_only_the_proportions_of_weights_matter(
    abilities: dict[str, Ability], factor: float
) -> None:
    plain = role_fit(abilities, SALES.weights)
    scaled = role_fit(abilities, {code: w * factor for code, w in SALES.weights.items()})
    assert plain is not None
    assert scaled is not None
    assert (scaled.theta, scaled.se) == pytest.approx((plain.theta, plain.se))


def test_no_fit_while_a_weighted_practice_is_not_measured() -> None:
    abilities = profile()
    del abilities["C7"]
    assert role_fit(abilities, SALES.weights) is None
    assert preference(abilities, OPERATIONS, SALES, STANDARD) is None
    assert role_fit(abilities, {**SALES.weights, "C7": 0}) is not None


@pytest.mark.parametrize("weights", [{}, {"C1": 0}, {"C1": 2, "C2": -1}])
def test_weights_that_weigh_nothing_are_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        role_fit(profile(), weights)


def test_an_even_profile_has_no_preference() -> None:
    found = preference(profile(1.0), OPERATIONS, SALES, STANDARD)
    assert found is not None
    assert found.role is None
    assert found.difference == pytest.approx(0)


def test_the_errors_common_to_both_fits_cancel() -> None:
    """1.96 * sqrt(sum((w1 - w2)^2 SE^2)): far less than for two independent fits."""
    found = preference(profile(se=0.5), OPERATIONS, SALES, STANDARD)
    assert found is not None
    contrast = [-5, -12, 0, 24, 1, -4, -4]
    assert found.critical == pytest.approx(
        1.96 * 0.5 * math.sqrt(sum(c * c for c in contrast)) / 100
    )


def test_a_marketer_fits_operations_and_a_trader_sales() -> None:
    marketer = preference(profile(se=0.4, C4=2.0), OPERATIONS, SALES, STANDARD)
    trader = preference(profile(se=0.4, C2=2.0, C4=-1.0), OPERATIONS, SALES, STANDARD)
    assert marketer is not None
    assert trader is not None
    assert (marketer.role, trader.role) == ("operations", "sales")


@given(profiles)
def test_exchanging_the_roles_turns_the_difference(abilities: dict[str, Ability]) -> None:
    there = preference(abilities, OPERATIONS, SALES, STANDARD)
    back = preference(abilities, SALES, OPERATIONS, STANDARD)
    assert there is not None
    assert back is not None
    assert back.difference == pytest.approx(-there.difference)
    assert back.role == there.role
    assert (there.role is None) == (abs(there.difference) <= there.critical)


@given(profiles)
def test_a_role_against_itself_is_never_preferred(abilities: dict[str, Ability]) -> None:
    found = preference(abilities, SALES, SALES, STANDARD)
    assert found is not None
    assert found.role is None

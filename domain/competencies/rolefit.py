"""How well a profile fits a role, with its error, and whether two roles can be told apart."""

import math
from collections.abc import Mapping

from domain.competencies.framework import RoleProfile, Standard
from domain.competencies.scale import Ability
from domain.records import frozen


@frozen
class Preference:
    """The fit of one role minus that of another, in logits; `role` is None when it is too small."""

    role: str | None
    difference: float
    critical: float


def role_fit(abilities: Mapping[str, Ability], weights: Mapping[str, float]) -> Ability | None:
    """The weighted mean ability; None while a weighted competency is not measured.

    SE = sqrt(w' Se w) / sum(w), where the errors of different competencies are independent.
    Raises ValueError when no weight is above 0 or one is below.
    """
    shares = _shares(weights)
    if any(code not in abilities for code in shares):
        return None
    theta = sum(share * abilities[code].theta for code, share in shares.items())
    se = math.sqrt(sum((share * abilities[code].se) ** 2 for code, share in shares.items()))
    return Ability(theta, se, sum(abilities[code].n for code in shares))


def preference(
    abilities: Mapping[str, Ability], first: RoleProfile, second: RoleProfile, standard: Standard
) -> Preference | None:
    """Which of two roles a profile fits better, or neither; None while one cannot be computed.

    Both fits come from the same estimates, so the error of their difference is that of the
    weighted sum with the weights' differences, not the sum of two independent errors.
    """
    one, two = _shares(first.weights), _shares(second.weights)
    contrast = {code: one.get(code, 0.0) - two.get(code, 0.0) for code in one | two}
    if any(code not in abilities for code in contrast):
        return None
    difference = sum(weight * abilities[code].theta for code, weight in contrast.items())
    variance = sum((weight * abilities[code].se) ** 2 for code, weight in contrast.items())
    critical = standard.critical_z * math.sqrt(variance)
    role = None
    if abs(difference) > critical:
        role = first.id if difference > 0 else second.id
    return Preference(role, difference, critical)


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights above 0, scaled to a sum of 1."""
    total = sum(weights.values())
    if total <= 0 or any(weight < 0 for weight in weights.values()):
        raise ValueError("weights must not be negative, and one must be above 0")
    return {code: weight / total for code, weight in weights.items() if weight > 0}

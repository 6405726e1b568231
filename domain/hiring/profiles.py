"""The profile that a position asks for: weights over the seven practices, and gates."""

from collections.abc import Iterable, Mapping, Sequence

SEVEN = ("C1", "C2", "C3", "C4", "C5", "C6", "C7")
GATED = (*SEVEN, "A1", "A2")
GATE_LEVELS = (2, 3, 4, 5)
WHOLE = 100


def weight_faults(weights: Mapping[str, int]) -> dict[str, str]:
    """What is wrong with a profile's own weights; empty when they may be used.

    weights: code of a practice to a whole number from 0 to 100, 100 together. The key of a fault is
    the code it is about, or "weights" for their sum.
    """
    faults = {code: "is not one of the seven practices" for code in weights if code not in SEVEN}
    for code, weight in weights.items():
        if not 0 <= weight <= WHOLE:
            faults[code] = "must be a whole number from 0 to 100"
    total = sum(weights.values())
    if total != WHOLE:
        faults["weights"] = f"must add up to 100, add up to {total}"
    return faults


def gate_faults(gates: Mapping[str, int]) -> dict[str, str]:
    """What is wrong with a profile's gates (code to level 2..5); empty when they may be used."""
    return {
        code: "must be a level from 2 to 5 of a known competency"
        for code, level in gates.items()
        if code not in GATED or level not in GATE_LEVELS
    }


def mixed(profiles: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """The mean of several profiles in whole numbers that make 100 again.

    What rounding down loses goes to the practices that lost most, then in the order of codes.
    Raises ValueError without a profile.
    """
    if not profiles:
        raise ValueError("a mixed profile needs profiles to mix")
    sums = {code: sum(profile.get(code, 0) for profile in profiles) for code in SEVEN}
    found = {code: total // len(profiles) for code, total in sums.items()}
    lost = sorted(SEVEN, key=lambda code: (-(sums[code] % len(profiles)), code))
    for code in lost[: WHOLE - sum(found.values())]:
        found[code] += 1
    return found


def strictest(gates: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Code -> the highest level that any of the profiles asks for."""
    found: dict[str, int] = {}
    for code, level in gates:
        found[code] = max(level, found.get(code, 0))
    return found


def reason_faults(weights: Mapping[str, int], reasons: Mapping[str, str]) -> dict[str, str]:
    """Practices that weigh something and say not why, code -> what is wrong."""
    return {
        code: "say why this practice weighs so much"
        for code, weight in weights.items()
        if weight > 0 and not reasons.get(code, "").strip()
    }

"""The profile that a position asks for: weights over the seven practices, and gates."""

from collections.abc import Mapping

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

"""ISO 2859-1:1999, typed from the standard: Table 1 (level II) and Table 2-A (single, normal)."""

from decimal import Decimal
from math import comb

# The greatest lot of each code letter, general inspection level II.
LETTERS = (
    (8, "A"), (15, "B"), (25, "C"), (50, "D"), (90, "E"), (150, "F"), (280, "G"), (500, "H"),
    (1_200, "J"), (3_200, "K"), (10_000, "L"), (35_000, "M"), (150_000, "N"),
)  # fmt: skip
AQLS = ("1.0", "1.5", "2.5", "4.0", "6.5")
# Letter -> (n, Ac) at each AQL. An arrow of the table is written as the plan that it leads to.
PLANS: dict[str, tuple[tuple[int, int], ...]] = {
    "F": ((13, 0), (32, 1), (20, 1), (20, 2), (20, 3)),
    "G": ((50, 1), (32, 1), (32, 2), (32, 3), (32, 5)),
    "H": ((50, 1), (50, 2), (50, 3), (50, 5), (50, 7)),
    "J": ((80, 2), (80, 3), (80, 5), (80, 7), (80, 10)),
    "K": ((125, 3), (125, 5), (125, 7), (125, 10), (125, 14)),
    "L": ((200, 5), (200, 7), (200, 10), (200, 14), (200, 21)),
    "M": ((315, 7), (315, 10), (315, 14), (315, 21), (200, 21)),
    "N": ((500, 10), (500, 14), (500, 21), (315, 21), (200, 21)),
}


def letter(lot: int) -> str:
    """The code letter of a lot at level II."""
    return next(found for most, found in LETTERS if lot <= most)


def plan(lot: int, aql: str) -> tuple[int, int, int]:
    """(n, Ac, Re) of a lot at an AQL."""
    size, most = PLANS[letter(lot)][AQLS.index(aql)]
    return size, most, most + 1


def pass_chance(size: int, most: int, percent: Decimal) -> float:
    """How likely a lot with so many per cent defective passes (binomial)."""
    share = float(percent) / 100
    return sum(comb(size, k) * share**k * (1 - share) ** (size - k) for k in range(most + 1))

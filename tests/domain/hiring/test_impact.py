"""Adverse impact against published worked examples."""

import math
import random

import pytest

from domain.hiring.impact import (
    Outcome,
    Verdict,
    below_four_fifths,
    compare,
    difference_interval,
    fisher,
    highest,
    impact_ratio,
    is_fragile,
    is_small,
    ratio_interval,
    wilson,
)

# Uniform Guidelines Q&A (1979), question 12: 48 of 80 and 12 of 40 hired.
WHITE, BLACK = Outcome(48, 80), Outcome(12, 40)
# The same, question 20: 3 of 20 men and 1 of 10 women selected.
MEN, WOMEN = Outcome(3, 20), Outcome(1, 10)


@pytest.mark.parametrize(
    ("rate", "ratio", "below"), [(45, 0.75, True), (48, 0.8, False), (51, 0.85, False)]
)
def test_the_rule_of_four_fifths(rate: int, ratio: float, below: bool) -> None:
    group, reference = Outcome(rate, 100), Outcome(60, 100)
    assert impact_ratio(group, reference) == pytest.approx(ratio)
    assert below_four_fifths(group, reference) is below


def test_the_rule_counts_in_whole_numbers() -> None:
    """0.8 is no float: exactly four fifths is no violation at any size, one person less is."""
    for scale in (1, 7, 333, 10**6, 10**15):
        reference = Outcome(3 * scale, 7 * scale)
        assert not below_four_fifths(Outcome(12 * scale, 35 * scale), reference)
        assert below_four_fifths(Outcome(12 * scale - 1, 35 * scale), reference)


def test_the_guidelines_first_example() -> None:
    found = compare(BLACK, WHITE)
    assert found.ratio == pytest.approx(0.5)
    assert found.below
    assert found.verdict is Verdict.IMPACT
    assert not found.fragile


def test_the_guidelines_example_of_few() -> None:
    """Two thirds, and yet too few: one woman instead of one man would turn it round."""
    found = compare(WOMEN, MEN)
    assert found.ratio == pytest.approx(2 / 3)
    assert found.below
    assert found.fragile
    assert found.verdict is Verdict.TOO_FEW
    assert not is_fragile(BLACK, WHITE)


def test_fisher_tastes_tea() -> None:
    """Fisher's lady: 3 of 4 right. Agresti (2002), Categorical Data Analysis, table 3.8."""
    assert fisher(Outcome(3, 4), Outcome(1, 4)) == pytest.approx(0.485714, abs=5e-7)
    assert fisher(Outcome(4, 4), Outcome(0, 4)) == pytest.approx(2 / 70)


def test_fisher_on_other_tables() -> None:
    """R's documentation of fisher.test: convictions of twins, two-sided p 0.0005367."""
    assert fisher(Outcome(2, 17), Outcome(10, 13)) == pytest.approx(0.0005367, abs=5e-8)
    assert fisher(Outcome(0, 5), Outcome(0, 9)) == 1.0
    assert fisher(Outcome(5, 5), Outcome(9, 9)) == 1.0


def test_fisher_is_the_sum_over_all_tables() -> None:
    """Against whole numbers; and it does not care which group comes first."""
    rng = random.Random(11)
    for _ in range(60):
        n, m = rng.randint(1, 40), rng.randint(1, 40)
        a, b = rng.randint(0, n), rng.randint(0, m)
        weights = {k: math.comb(n, k) * math.comb(m, a + b - k) for k in range(a + b + 1) if k <= n}
        whole = sum(w for w in weights.values() if w <= weights[a])
        expected = whole / math.comb(n + m, a + b)
        assert fisher(Outcome(a, n), Outcome(b, m)) == pytest.approx(expected, rel=1e-9)
        assert fisher(Outcome(b, m), Outcome(a, n)) == pytest.approx(expected, rel=1e-9)


def test_fisher_of_thousands() -> None:
    assert fisher(Outcome(2400, 5000), Outcome(2500, 5000)) == pytest.approx(0.04765, abs=1e-4)
    assert fisher(Outcome(0, 5000), Outcome(5000, 5000)) < 1e-300


# Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10.
NEWCOMBE = [
    ((56, 70), (48, 80), 0.0524, 0.3339),
    ((9, 10), (3, 10), 0.1705, 0.8090),
    ((6, 7), (2, 7), 0.0582, 0.8062),
    ((5, 56), (0, 29), -0.0381, 0.1926),
    ((0, 10), (0, 20), -0.1611, 0.2775),
    ((0, 10), (0, 10), -0.2775, 0.2775),
    ((10, 10), (0, 20), 0.6791, 1.0),
    ((10, 10), (0, 10), 0.6075, 1.0),
]


@pytest.mark.parametrize(("first", "second", "low", "high"), NEWCOMBE)
def test_the_interval_of_a_difference(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    found = difference_interval(Outcome(*first), Outcome(*second))
    assert found.low == pytest.approx(low, abs=5e-5)
    assert found.high == pytest.approx(high, abs=5e-5)


def test_the_score_interval_of_a_rate() -> None:
    """Newcombe (1998), Statistics in Medicine 17, 857-872: 81/263, 15/148, 0/20, 1/29."""
    for chosen, people, low, high in (
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):  # fmt: skip
        assert wilson(Outcome(chosen, people)) == pytest.approx((low, high), abs=5e-5)


def test_the_interval_of_a_ratio() -> None:
    """Aspirin and infarction: 189 of 11,034 and 104 of 11,037, ratio 1.82 (1.43 to 2.31).

    Agresti (2002), Categorical Data Analysis, section 3.1.2.
    """
    found = ratio_interval(Outcome(189, 11034), Outcome(104, 11037))
    assert found is not None
    assert (found.low, found.high) == pytest.approx((1.433, 2.306), abs=5e-4)


def test_zeros_and_ones_break_nothing() -> None:
    nobody, everybody, some = Outcome(0, 12), Outcome(12, 12), Outcome(6, 12)
    none = compare(nobody, some)
    assert none.ratio == 0.0
    assert none.ratio_interval is not None
    assert none.ratio_interval.low == 0.0
    assert none.ratio_interval.high > 0
    both = compare(nobody, Outcome(0, 30))
    assert (both.ratio, both.below, both.ratio_interval) == (None, False, None)
    assert both.verdict is Verdict.TOO_FEW
    full = compare(everybody, Outcome(9, 9))
    assert full.ratio == 1.0
    assert full.ratio_interval is not None
    assert full.ratio_interval.low < 1.0 < full.ratio_interval.high
    with pytest.raises(ValueError, match="without people"):
        compare(Outcome(0, 0), some)
    with pytest.raises(ValueError, match="cannot"):
        Outcome(3, 2)


def test_a_clear_equality_and_a_clear_difference() -> None:
    assert compare(Outcome(500, 1000), Outcome(510, 1000)).verdict is Verdict.NONE
    assert compare(Outcome(4500, 5000), Outcome(4700, 5000)).verdict is Verdict.DIFFERENCE


def test_equal_chances_at_twenty_are_too_few_to_tell() -> None:
    """The rule alone fires in almost every second case; what is shown cries impact hardly ever."""
    rng, fired, cried = random.Random(5), 0, 0
    for _ in range(2000):
        first, second = (Outcome(sum(rng.random() < 0.3 for _ in range(20)), 20) for _ in range(2))
        names = {"a": first, "b": second}
        best = highest(names)
        assert best is not None
        other = names["b" if best == "a" else "a"]
        fired += below_four_fifths(other, names[best])
        cried += compare(other, names[best]).verdict is Verdict.IMPACT
    assert fired / 2000 > 0.4
    assert cried / 2000 < 0.05


def test_the_reference_is_the_highest_rate() -> None:
    assert highest({"a": Outcome(3, 10), "b": Outcome(4, 10), "c": Outcome(0, 0)}) == "b"
    assert highest({"a": Outcome(1, 3), "b": Outcome(2, 6)}) == "b"  # equal rates: the larger
    assert highest({"a": Outcome(0, 0)}) is None


def test_two_in_a_hundred() -> None:
    assert is_small(19, 1000)
    assert not is_small(20, 1000)

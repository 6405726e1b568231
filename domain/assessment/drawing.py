"""Numeric items whose numbers vary: parameters are drawn once, and everything follows from them.

A draw is kept as the texts of the values that were drawn, in the alphabetical order of the
parameters' names. The same texts always give the same question, key and reasons.
"""

import itertools
import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from domain.assessment.items import Item, Numeric, Slip
from domain.library.arithmetic import NAME, Expression, parse, round_to

ANSWER = "answer"
MOST_VALUES = 200
MOST_CHECKED = 500
PLACE = re.compile(rf"\{{({NAME})\}}")


def draw(item: Numeric, rng: random.Random) -> tuple[str, ...]:
    """One value for each parameter; () for an item without parameters."""
    return tuple(rng.choice(values) for values in item.parameters.values())


def first_draw(item: Item) -> tuple[str, ...]:
    """The first value of each parameter: an example for the author."""
    if not isinstance(item, Numeric):
        return ()
    return tuple(values[0] for values in item.parameters.values())


def drawn(item: Item, values: Sequence[str]) -> Item:
    """The question that a draw gives; an item without parameters is given back as it is."""
    if not isinstance(item, Numeric) or not item.parameters:
        return item
    numbers = dict(zip(item.parameters, map(Decimal, values), strict=True))
    answer = round_to(_worked_out(item.formula, numbers), item.decimals)
    texts = shown(item, values) | {ANSWER: f"{answer:,}"}
    return replace(
        item,
        stem=fill(item.stem, texts),
        answer=answer,
        why=fill(item.why, texts),
        slips=tuple(_drawn_slip(slip, numbers, texts, item.decimals) for slip in item.slips),
    )


def drawn_stem(item: Item, html: str, values: Sequence[str]) -> str:
    """The rendered stem with the numbers of a draw; they need no escaping."""
    if not isinstance(item, Numeric) or not item.parameters:
        return html
    return fill(html, shown(item, values))


def shown(item: Numeric, values: Sequence[str]) -> dict[str, str]:
    """The drawn numbers as readers see them: 12500 is 12,500."""
    return {
        name: f"{Decimal(value):,}" for name, value in zip(item.parameters, values, strict=True)
    }


def fill(text: str, texts: Mapping[str, str]) -> str:
    """Put numbers into their `{places}`; other braces stay."""
    return PLACE.sub(lambda found: texts.get(found[1], found[0]), text)


def sample_of_draws(item: Numeric) -> Iterator[tuple[str, ...]]:
    """Every draw where there are few, else all corners that fit and a fixed sample of the rest."""
    values = list(item.parameters.values())
    if math.prod(len(some) for some in values) <= MOST_CHECKED:
        yield from itertools.product(*values)
        return
    corners = itertools.product(*((some[0], some[-1]) for some in values))
    yield from itertools.islice(corners, MOST_CHECKED)
    rng = random.Random(0)
    for _ in range(MOST_CHECKED):
        yield draw(item, rng)


def _drawn_slip(
    slip: Slip, numbers: Mapping[str, Decimal], texts: Mapping[str, str], decimals: int
) -> Slip:
    value = round_to(_worked_out(slip.formula, numbers), decimals)
    return replace(slip, value=value, why=fill(slip.why, texts))


def _worked_out(formula: str, numbers: Mapping[str, Decimal]) -> Decimal:
    return _parsed(formula, tuple(numbers)).value(numbers)


@lru_cache(maxsize=512)
def _parsed(formula: str, names: tuple[str, ...]) -> Expression:
    """An item's few sums are worked out for hundreds of draws when it is checked."""
    return parse(formula, names)

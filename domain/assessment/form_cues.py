"""Does the form of the items give their keys away?

Over single-choice and judgement items, three blind strategies (take the longest option, take the
most hedged one, take authored position k) should win about as often as a random pick: chance is
the mean of 1 / number of options, and options that tie share the point. A judgement item is won by
its best action. Source: Haladyna, Downing & Rodriguez (2002), Applied Measurement in Education
15(3), 309-334, for the cues; the tolerances are this project's own.

`python -m domain.assessment.form_cues content/items` prints the rates and exits 1 on a finding.
"""

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from domain.assessment.authored import parse_item
from domain.assessment.items import BEST_ACTION, Item, Judgement, SingleChoice
from domain.library.documents import DocumentError, Problem
from domain.records import frozen

BANK = "bank"
BANK_TOLERANCE = 0.05
COMPETENCY_TOLERANCE = 0.08
# One item of a smaller set moves the rate by more than the tolerance.
FEWEST_JUDGED = 12

# "May" with a capital is the month.
_HEDGING_WORD = re.compile(
    r"\b(may|[Mm]ight|[Cc]ould|[Uu]sually|[Oo]ften|[Ss]ometimes|[Gg]enerally|[Pp]erhaps|[Pp]robably"
    r"|[Ll]ikely|[Pp]ossibly|[Tt]ypically|[Tt]end(s|ed)?|[Ss]eem(s|ed)?)\b"
)


@frozen
class CueFinding:
    """How often one blind strategy wins in one set of items.

    scope: `bank` or a competency; strategy: `longest`, `most hedged` or `position a`, ...
    rate, chance, tolerance: shares of the points, 0 to 1.
    """

    scope: str
    strategy: str
    items: int
    rate: float
    chance: float
    tolerance: float

    @property
    def gap(self) -> float:
        """Rate minus chance: above 0 the strategy pays, below 0 its opposite does."""
        return self.rate - self.chance

    @property
    def is_fault(self) -> bool:
        # The margin keeps a gap of exactly the tolerance inside in spite of binary rounding.
        return self.items >= FEWEST_JUDGED and abs(self.gap) > self.tolerance + 1e-9

    @property
    def message(self) -> str:
        return (
            f"“{self.strategy}” wins {self.rate:.1%} where chance is {self.chance:.1%} "
            f"({self.items} items, at most {self.tolerance:.0%} apart)"
        )


@frozen
class _Choices:
    """What a blind strategy sees of an item, and the position of the answer that wins."""

    texts: tuple[str, ...]
    winner: int


def form_cues(items: Iterable[Item]) -> list[CueFinding]:
    """The strategies that win too often or too seldom, over the bank and per competency."""
    return [rate for rate in cue_rates(items) if rate.is_fault]


def cue_rates(items: Iterable[Item]) -> list[CueFinding]:
    """All rates: the bank first, then each competency (the folder of the item) in order."""
    by_scope: dict[str, list[_Choices]] = {}
    for item in items:
        choices = _choices(item)
        if choices is not None:
            by_scope.setdefault(BANK, []).append(choices)
            by_scope.setdefault(item.home, []).append(choices)
    scopes = sorted(by_scope, key=lambda scope: (scope != BANK, scope))
    return [rate for scope in scopes for rate in _rates(scope, by_scope[scope])]


def _choices(item: Item) -> _Choices | None:
    if isinstance(item, SingleChoice):
        wins = [option.key for option in item.options]
        return _Choices(tuple(option.text for option in item.options), wins.index(True))
    if isinstance(item, Judgement) and item.ask != "rate":
        scores = [action.score for action in item.actions]
        return _Choices(tuple(action.text for action in item.actions), scores.index(BEST_ACTION))
    return None


def _rates(scope: str, choices: Sequence[_Choices]) -> Iterable[CueFinding]:
    tolerance = BANK_TOLERANCE if scope == BANK else COMPETENCY_TOLERANCE
    yield _rate(scope, "longest", choices, tolerance, lambda c: _best_share(c, len))
    yield _rate(scope, "most hedged", choices, tolerance, lambda c: _best_share(c, _hedges))
    for position in range(max(len(c.texts) for c in choices)):
        having = [c for c in choices if len(c.texts) > position]
        name = f"position {'abcdefgh'[position]}"
        yield _rate(scope, name, having, tolerance, partial(_wins_at, position))


def _rate(
    scope: str,
    strategy: str,
    choices: Sequence[_Choices],
    tolerance: float,
    points: Callable[[_Choices], float],
) -> CueFinding:
    count = len(choices)
    won = sum(points(c) for c in choices) / count
    chance = sum(1 / len(c.texts) for c in choices) / count
    return CueFinding(scope, strategy, count, won, chance, tolerance)


def _best_share(choices: _Choices, measure: Callable[[str], int]) -> float:
    """The point, divided among the texts that tie for the highest measure."""
    measures = [measure(text) for text in choices.texts]
    highest = max(measures)
    return float(measures[choices.winner] == highest) / measures.count(highest)


def _wins_at(position: int, choices: _Choices) -> float:
    return float(choices.winner == position)


def _hedges(text: str) -> int:
    return sum(1 for _ in _HEDGING_WORD.finditer(text))


def _read(folder: Path) -> tuple[list[Item], list[Problem]]:
    items: list[Item] = []
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*.yaml")):
        try:
            items.append(parse_item(path.read_text(encoding="utf-8"), path.as_posix()))
        except DocumentError as error:
            problems.extend(error.problems)
        except UnicodeDecodeError:
            problems.append(Problem(path.as_posix(), None, None, "is not UTF-8 text"))
    return items, problems


def main(arguments: Sequence[str]) -> int:
    """Print problems and the table of rates; 1 when there is anything to mend, 2 on misuse."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m domain.assessment.form_cues <folder of items>", file=sys.stderr)
        return 2
    items, problems = _read(Path(arguments[0]))
    for problem in problems:
        print(problem)
    rates = cue_rates(items)
    print(f"{len(items)} items read, {len(problems)} problems")
    print(f"{'set':6}{'items':>6}  {'strategy':14}{'wins':>7}{'chance':>8}{'gap':>8}")
    for rate in rates:
        verdict = "  <- over the limit" if rate.is_fault else ""
        if rate.items < FEWEST_JUDGED:
            verdict = "  (too few items to judge)"
        print(
            f"{rate.scope:6}{rate.items:>6}  {rate.strategy:14}"
            f"{rate.rate:>7.1%}{rate.chance:>8.1%}{rate.gap:>+8.1%}{verdict}"
        )
    return 1 if problems or any(rate.is_fault for rate in rates) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

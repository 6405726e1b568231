"""Reading items that are answered in words: short answers, tables to fill in, open answers."""

from collections.abc import Sequence
from decimal import Decimal

from domain.assessment.authored_parts import MOST_TEXT, MOST_WHY, Core, lettered, refuse_repeats
from domain.assessment.items import Cell, Criterion, Item, NearMiss, Open, Row, Short, Table
from domain.assessment.patterns import BadPattern, check_pattern, matches
from domain.library.fields import Fields

MOST_SHOWN = 200
MOST_PATTERNS = 20
MOST_ROWS = 12
MOST_COLUMNS = 6
MOST_POINTS = 5  # of one criterion
MOST_WORDS = 1000
_ANY = r"(?s:.{1,1000})"


def short(fields: Fields, core: Core) -> Item:
    """The rest of a short answer; its examples are proven here. Faults are noted in `fields`."""
    near: list[NearMiss] = []
    if fields.has("near"):
        for entry in fields.children("near", least=1, most=MOST_PATTERNS):
            pattern = entry.text("pattern", most=1000)
            if pattern:
                _check(entry, "pattern", pattern)
            near.append(NearMiss(pattern, entry.text("why", most=MOST_WHY)))
    item = Short(
        **core,
        accept=_patterns(fields),
        near=tuple(near),
        shown=fields.text("shown", most=MOST_SHOWN),
        why=fields.text("why", most=MOST_WHY),
    )
    examples = fields.child("examples")
    right = examples.texts("right", _ANY, most=50)
    wrong = examples.texts("wrong", _ANY, most=50)
    if not fields.problems:
        _prove(fields, item, right, wrong)
    return item


def _patterns(fields: Fields) -> tuple[str, ...]:
    patterns = fields.texts("accept", _ANY, most=MOST_PATTERNS)
    for position, pattern in enumerate(patterns, start=1):
        _check(fields, f"accept[{position}]", pattern)
    return patterns


def _check(fields: Fields, name: str, pattern: str) -> None:
    try:
        check_pattern(pattern)
    except BadPattern as fault:
        fields.problem(name, str(fault))


def _prove(fields: Fields, item: Short, right: Sequence[str], wrong: Sequence[str]) -> None:
    """Right examples are accepted and wrong ones are not; no pattern is there without one."""
    if not matches(item.accept, item.shown):
        fields.problem("shown", "would not be accepted itself")
    for name, examples, expected in (("right", right, True), ("wrong", wrong, False)):
        for position, text in enumerate(examples, start=1):
            if matches(item.accept, text) is not expected:
                verdict = "not be accepted" if expected else "be accepted"
                fields.problem(f"examples.{name}[{position}]", f"“{text[:60]}” would {verdict}")
    for position, pattern in enumerate(item.accept, start=1):
        if not any(matches([pattern], text) for text in right):
            fields.problem(f"accept[{position}]", "matches none of the right examples")
    for position, miss in enumerate(item.near, start=1):
        if not any(matches([miss.pattern], text) for text in wrong):
            fields.problem(f"near[{position}]", "matches none of the wrong examples")


def table(fields: Fields, core: Core) -> Item:
    """The rest of a table to fill in. Faults are noted in `fields`."""
    columns = fields.texts("columns", _ANY, least=2, most=MOST_COLUMNS)
    rows = tuple(
        Row(entry.text("label", most=MOST_SHOWN), _cells(entry, letter, len(columns) - 1))
        for letter, entry in lettered(fields.children("rows", least=1, most=MOST_ROWS))
    )
    refuse_repeats(fields, "rows", [row.label for row in rows])
    item = Table(**core, columns=columns, rows=rows)
    if rows and not item.open_cells:
        fields.problem("rows", "must leave at least one cell open")
    return item


def _cells(row: Fields, letter: str, count: int) -> tuple[Cell, ...]:
    entries = row.children("cells", least=max(1, count), most=max(1, count))
    return tuple(_cell(entry, f"{letter}{place}") for place, entry in enumerate(entries, start=1))


def _cell(entry: Fields, name: str) -> Cell:
    if entry.has("text"):
        return Cell(name, text=entry.text("text", most=MOST_SHOWN))
    why = entry.text("why", most=MOST_WHY)
    if not entry.has("accept"):
        answer, decimals = entry.decimal("answer"), entry.integer("decimals", 0, 6)
        tolerance = entry.decimal("tolerance", least=Decimal(0))
        shown = f"{answer:,.{decimals}f}"
        return Cell(name, "", answer, tolerance, decimals, (), shown, why)
    before = len(entry.problems)
    accept, shown = _patterns(entry), entry.text("shown", most=MOST_SHOWN)
    if len(entry.problems) == before and not matches(accept, shown):
        entry.problem("shown", "would not be accepted itself")
    return Cell(name, accept=accept, shown=shown, why=why)


def open_answer(fields: Fields, core: Core) -> Item:
    """The rest of an open answer: its rubric and its length. Faults are noted in `fields`."""
    rubric = tuple(
        Criterion(letter, entry.text("criterion", most=MOST_TEXT), _levels(entry))
        for letter, entry in lettered(fields.children("rubric", least=1, most=8))
    )
    refuse_repeats(fields, "rubric", [criterion.text for criterion in rubric])
    words = fields.child("words")
    least = words.integer("least", 1, MOST_WORDS)
    most = words.integer("most", 1, MOST_WORDS)
    if least > most:
        fields.problem("words", "must have `least` no higher than `most`")
    why = fields.text("why", most=MOST_WHY)
    return Open(**core, rubric=rubric, least=least, most=most, why=why)


def _levels(entry: Fields) -> tuple[str, ...]:
    """A text for no point, for one, ... and for all of them."""
    points = entry.integer("points", 1, MOST_POINTS)
    return entry.texts("levels", _ANY, least=points + 1, most=points + 1)

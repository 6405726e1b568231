"""Tables of who got through by what people said of themselves, with nothing that tells on few."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from domain.hiring.disclosure import (
    are_apart,
    may_show,
    may_show_crossed,
    pooled,
    steps_apart,
    whole_batches,
)
from domain.hiring.impact import Comparison, Outcome, compare, highest, is_small
from domain.records import frozen

STEP = 5
Group = tuple[str, ...]  # one answer, or one of each of two questions


@frozen
class Member:
    """Somebody who said something of themself. place: the position; said: question -> answer.

    order: when they came into the figures, any sortable text. points: their fit, None if unknown.
    """

    place: int
    order: str
    said: Mapping[str, str]
    chosen: bool
    points: float | None = None


@frozen
class Line:
    """A group that may be shown. answers: one answer, or one of each of two questions.

    comparison: None for the reference itself, and where there is no second group to compare with.
    left_out: under 2 % of all, and taken out on the reader's wish.
    """

    answers: tuple[str, ...]
    outcome: Outcome
    is_reference: bool
    small: bool
    left_out: bool
    comparison: Comparison | None


@frozen
class Table:
    """Groups by one question or two. hidden: there are groups that may not be shown."""

    questions: tuple[str, ...]
    lines: tuple[Line, ...]
    hidden: bool

    @property
    def comparable(self) -> bool:
        return any(line.comparison for line in self.lines)

    @property
    def sizes(self) -> dict[str, int]:
        """People by the answer to the first question."""
        return {line.answers[0]: line.outcome.people for line in self.lines}


@frozen
class CutRow:
    """What a cut of so many points would do. passing, people: everybody, whatever they said.

    lines: by group; None where counts by group may not be shown beside those of the row before.
    """

    cut: int
    passing: int
    people: int
    is_set: bool
    lines: tuple[Line, ...] | None

    @property
    def lowest(self) -> Comparison | None:
        """The comparison with the lowest ratio."""
        found = [line.comparison for line in self.lines or () if line.comparison]
        known = [one for one in found if one.ratio is not None]
        return min(known, key=lambda one: one.ratio or 0.0, default=None)


def counted(members: Sequence[Member], *, together: bool = False) -> list[Member]:
    """Those who count now: full fives of each position in the order they came.

    together: what is left of all positions counts in full fives as well, each rest at the place
    below zero of its position, so that it is never taken for what the position shows by itself.
    """
    ordered = sorted(members, key=lambda one: (one.place, one.order))
    found: list[Member] = []
    rest: list[Member] = []
    for place, group in groupby(ordered, key=lambda one: one.place):
        own = list(group)
        whole = whole_batches(len(own))
        found += own[:whole]
        rest += [replace(one, place=-place) for one in own[whole:]]
    if together:
        rest.sort(key=lambda one: (one.order, one.place))
        found += rest[: whole_batches(len(rest))]
    return found


def table(
    members: Sequence[Member], question: str, totals: Mapping[int, int], leave_small: bool
) -> Table:
    """Who got through by one question.

    totals: place -> all its people, also those who said nothing.
    """

    def group_of(one: Member) -> Group | None:
        answer = one.said.get(question)
        return (answer,) if answer else None

    parts = _parts(members, group_of)
    shown = [
        may_show(sizes, max(0, totals.get(place, 0) - sum(sizes.values())))
        for place, sizes in parts.items()
    ]
    outcomes = _outcomes(members, parts, shown, group_of)
    sizes = {group: one.people for group, one in outcomes.items()}
    fine = may_show(sizes, sum(totals.values()) - sum(sizes.values()))
    return _table((question,), parts, {group: outcomes[group] for group in fine}, leave_small)


def crossed(
    members: Sequence[Member], questions: Group, totals: Mapping[int, int], leave_small: bool
) -> Table:
    """Who got through by two questions at once."""

    def group_of(one: Member) -> Group | None:
        answers = [one.said.get(question) for question in questions]
        return tuple(answer for answer in answers if answer) if all(answers) else None

    parts = _parts(members, group_of)
    shown = []
    for place, sizes in parts.items():
        here = [one for one in members if one.place == place]
        shown.append(_crossing(sizes, here, questions, {place: totals.get(place, 0)}))
    outcomes = _outcomes(members, parts, shown, group_of)
    sizes = {group: one.people for group, one in outcomes.items()}
    fine = _crossing(sizes, members, questions, totals)
    return _table(questions, parts, {group: outcomes[group] for group in fine}, leave_small)


def _crossing(
    sizes: Mapping[Group, int],
    members: Sequence[Member],
    questions: Group,
    totals: Mapping[int, int],
) -> frozenset[Group]:
    """The crossed groups that may stand beside the tables of each question alone."""
    rows, columns = (table(members, question, totals, False).sizes for question in questions)
    cells = {(first, second): people for (first, second), people in sizes.items()}
    return frozenset[Group](may_show_crossed(cells, rows, columns))


def _table(
    questions: Group,
    parts: Mapping[int, Mapping[Group, int]],
    shown: Mapping[Group, Outcome],
    leave_small: bool,
) -> Table:
    everybody = sum(sum(sizes.values()) for sizes in parts.values())
    hidden = sum(one.people for one in shown.values()) < everybody
    kept = {group: shown[group] for group in sorted(shown)}
    return Table(questions, _lines(kept, leave_small), hidden)


def what_if(
    choices: Sequence[Sequence[Member]],
    question: str,
    everybody: Sequence[float],
    cut: int | None,
    beside: Table | None,
    leave_small: bool,
) -> tuple[CutRow, ...]:
    """What each cut in steps of five points would do; the one that is set stands among them.

    choices: members of one position, each with points; the first choice counts whose groups do not
    differ by a few from `beside`, a table of the same question on the same page. everybody: the
    points of all the position's people.
    """
    cuts = sorted({*range(0, 101, STEP), *([cut] if cut is not None else [])})
    members: Sequence[Member] = ()
    sizes: Mapping[str, int] = {}
    for members in choices:
        sizes = table(members, question, {m.place: len(everybody) for m in members}, False).sizes
        if len(sizes) > 1 and (beside is None or are_apart(sizes, beside.sizes)):
            break
        sizes = {}
    groups = sorted(sizes)
    counts = []
    for at in cuts:
        passed = [m for m in members if m.points is not None and m.points >= at]
        counts.append({g: sum(m.said.get(question) == g for m in passed) for g in groups})
    standing = steps_apart(counts, groups) if len(groups) > 1 else (False,) * len(cuts)
    return tuple(
        CutRow(
            at,
            sum(points >= at for points in everybody),
            len(everybody),
            at == cut,
            _lines({(g,): Outcome(row[g], sizes[g]) for g in groups}, leave_small)
            if stands
            else None,
        )
        for at, row, stands in zip(cuts, counts, standing, strict=True)
    )


def _parts(
    members: Sequence[Member], group_of: Callable[[Member], Group | None]
) -> dict[int, dict[Group, int]]:
    """Place -> group -> people."""
    found: dict[int, dict[Group, int]] = {one.place: {} for one in members}
    for one in members:
        group = group_of(one)
        if group is not None:
            sizes = found[one.place]
            sizes[group] = sizes.get(group, 0) + 1
    return found


def _outcomes(
    members: Sequence[Member],
    parts: Mapping[int, Mapping[Group, int]],
    shown: Sequence[Collection[Group]],
    group_of: Callable[[Member], Group | None],
) -> dict[Group, Outcome]:
    """Who got through in the places of each group that may be added up."""
    places = list(parts)
    found = {}
    for group, numbers in pooled(list(parts.values()), shown).items():
        there = {places[number] for number in numbers}
        ours = [m for m in members if m.place in there and group_of(m) == group]
        found[group] = Outcome(sum(m.chosen for m in ours), len(ours))
    return found


def _lines(outcomes: Mapping[tuple[str, ...], Outcome], leave_small: bool) -> tuple[Line, ...]:
    everybody = sum(one.people for one in outcomes.values())
    small = {name for name, one in outcomes.items() if is_small(one.people, everybody)}
    # A group under 2 % is never what others are held against: its rate rests on too few.
    reference = highest({name: one for name, one in outcomes.items() if name not in small})
    lines = []
    for name, one in outcomes.items():
        out = leave_small and name in small
        told = None
        if reference is not None and name != reference and not out:
            told = compare(one, outcomes[reference])
        lines.append(Line(name, one, name == reference, name in small, out, told))
    return tuple(lines)

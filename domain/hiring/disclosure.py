"""Which groups may be shown so that no figure speaks of fewer than five people.

Hiding a small group is not enough: the whole minus what is shown must not tell it either. So the
hidden mass is made of at least two kinds of people and of at least five of them, wherever a total
is known.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import TypeVar

LEAST = 5

Group = TypeVar("Group", bound=Hashable)
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


def may_show(sizes: Mapping[Group, int], unsaid: int = 0) -> frozenset[Group]:
    """The groups that may be shown beside a total that everybody can know.

    sizes: people by group; empty groups are neither shown nor a secret. unsaid: people of the
    total who are in no group; their number must not be shown.
    """
    shown = {group for group, people in sizes.items() if people >= LEAST}
    present = [group for group, people in sizes.items() if people]
    while hidden := [group for group in present if group not in shown]:
        mass = sum(sizes[group] for group in hidden) + unsaid
        kinds = len(hidden) + bool(unsaid)
        if (mass >= LEAST and kinds > 1) or not shown:
            break
        shown.remove(_smallest(sizes, shown))
    return frozenset(shown)


def may_show_crossed(
    sizes: Mapping[tuple[Row, Column], int],
    rows: Mapping[Row, int],
    columns: Mapping[Column, int],
) -> frozenset[tuple[Row, Column]]:
    """The same for groups of two attributes, whose totals by row and by column are shown as well.

    rows, columns: the people of those that `may_show` let pass; other lines show nothing.
    """
    shown = {
        cell
        for cell, people in sizes.items()
        if people >= LEAST and cell[0] in rows and cell[1] in columns
    }
    lines: list[tuple[int, Hashable, int]] = [
        *((0, row, people) for row, people in rows.items()),
        *((1, column, people) for column, people in columns.items()),
    ]
    changed = True
    while changed:
        changed = False
        for side, name, people in lines:
            ours = {cell for cell in shown if cell[side] == name}
            mass = people - sum(sizes[cell] for cell in ours)
            kinds = sum(
                1 for cell, n in sizes.items() if n and cell[side] == name and cell not in ours
            )
            said = sum(n for cell, n in sizes.items() if cell[side] == name)
            kinds += said < people
            if ours and mass and (mass < LEAST or kinds < 2):
                shown.remove(_smallest(sizes, ours))
                changed = True
    return frozenset(shown)


def _smallest(sizes: Mapping[Group, int], among: Collection[Group]) -> Group:
    return min(among, key=lambda group: (sizes[group], str(group)))


def pooled(
    parts: Sequence[Mapping[Group, int]], shown: Sequence[Collection[Group]]
) -> dict[Group, frozenset[int]]:
    """Group -> the parts (places of positions) to add up in a table beside the parts' own tables.

    parts: people by group in each part; shown: the groups that each part shows by itself. Those
    that it does not show count only where at least two parts and five people come together in
    them; otherwise the whole minus the parts would tell.
    """
    found: dict[Group, frozenset[int]] = {}
    for group in {group for part in parts for group, people in part.items() if people}:
        there = {place for place, part in enumerate(parts) if part.get(group)}
        rest = {place for place in there if group not in shown[place]}
        if len(rest) < 2 or sum(parts[place][group] for place in rest) < LEAST:
            there -= rest
        found[group] = frozenset(there)
    return found


def whole_batches(count: int) -> int:
    """How many of a growing number may count: full fives, so that two looks at two times differ by
    no fewer people than one look may show."""
    return count - count % LEAST


def steps_apart(
    counts: Sequence[Mapping[Group, int]], groups: Collection[Group]
) -> tuple[bool, ...]:
    """Which rows of a table of rising cuts may be shown with their counts by group.

    counts: row by row how many of each group pass. A row stands only where each group differs from
    the last row that stands by nobody or by at least five people, and where nobody passes or at
    least five do: the next row could be empty.
    """
    standing: list[bool] = []
    last: Mapping[Group, int] | None = None
    for row in counts:
        fine = all(_apart(row[group], 0) for group in groups) and (
            last is None or all(_apart(last[group], row[group]) for group in groups)
        )
        if fine:
            last = row
        standing.append(fine)
    return tuple(standing)


def are_apart(sizes: Mapping[Group, int], others: Mapping[Group, int]) -> bool:
    """Whether two tables of overlapping people may stand side by side: no group differs by few."""
    return all(_apart(people, others.get(group, people)) for group, people in sizes.items())


def _apart(one: int, other: int) -> bool:
    return one == other or abs(one - other) >= LEAST

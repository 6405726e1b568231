"""All that answers say about the items of one competency, in one go.

Rows are people and columns items: each person's first meeting with each item. A rest score is a
person's share of the points of all other items that they answered.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from domain.assessment.item_models import ItemModel
from domain.assessment.quality import LEAST_JUDGED, RAPID_SHARE, in_order
from domain.assessment.statistics.dif import (
    SIGNIFICANT,
    DifClass,
    Mantel,
    Use,
    graded_dif,
    item_dif,
    use_for,
)
from domain.assessment.statistics.item_statistics import (
    ItemStatistics,
    OptionStatistics,
    flags,
    item_statistics,
    option_statistics,
    rest_scores,
)
from domain.assessment.statistics.scoring import score_people
from domain.assessment.statistics.tables import UNSEEN, Floats, Marks
from domain.records import frozen

POINTS = 10  # of the observed curve: tenths of the people, by ability
LEAST_IN_POINT = 5
TENTHS = 10  # strata of equals, by their share of all points
# |SMD| in standard deviations of the item's marks: Zwick, Thayer & Mazzeo (1997), Applied
# Measurement in Education 10, 321-344.
GRADED_NEGLIGIBLE, GRADED_LARGE = 0.17, 0.25


@frozen
class AskedItem:
    """model: of its marks; keys: which of its closed choices are right, none where it has none."""

    model: ItemModel
    keys: tuple[bool, ...] = ()


@frozen
class AnswerTable:
    """Answers of P people to I items, each P x I.

    marks: UNSEEN where not answered. seconds: NaN where not known. chosen: bit k is set where
    choice k was taken; negative where that is not known. groups: name of a comparison -> 1 in the
    focal group, 0 in the reference group, negative in neither.
    """

    marks: Marks
    seconds: Floats
    chosen: NDArray[np.int32]
    groups: Mapping[str, NDArray[np.int8]]


@frozen
class ObservedPoint:
    """People of about one ability (logits) and their mean share of the item's points."""

    theta: float
    share: float
    people: int


@frozen
class GroupDif:
    """An item in two groups of equals. reference, focal: who answered it.

    Where `use` is hidden there are too few to tell, and no figure. size: D of ETS for a right/wrong
    item, the standardised mean difference in standard deviations for one of several points; below
    0 where the item is harder for the focal group.
    """

    name: str
    reference: int
    focal: int
    use: Use
    dif_class: DifClass | None = None
    size: float | None = None
    p: float | None = None


@frozen
class ItemReport:
    """One item; flags as in domain/assessment/quality.py, none below LEAST_JUDGED answers."""

    statistics: ItemStatistics
    choices: tuple[OptionStatistics, ...]
    observed: tuple[ObservedPoint, ...]
    dif: tuple[GroupDif, ...]
    flags: tuple[str, ...]


def item_reports(items: Sequence[AskedItem], table: AnswerTable) -> tuple[ItemReport, ...]:
    """The report of every item. Raises ValueError for shapes that differ."""
    highest = [item.model.max_mark for item in items]
    overall = item_statistics(table.marks, highest, table.seconds)
    rest = rest_scores(table.marks, highest)
    thetas = score_people([item.model for item in items], table.marks).theta
    strata = tenths(table.marks, highest)
    found = []
    for column, (item, statistics) in enumerate(zip(items, overall, strict=True)):
        marks = table.marks[:, column]
        choices = _choices(table.chosen[:, column], item.keys, rest[:, column])
        dif = tuple(
            group_dif(name, marks, group[:, column], strata, item.model.max_mark)
            for name, group in table.groups.items()
        )
        found.append(
            ItemReport(
                statistics,
                choices,
                observed_points(marks, item.model.max_mark, thetas),
                dif,
                _flags(statistics, choices, dif),
            )
        )
    return tuple(found)


def tenths(marks: Marks, highest: Sequence[int]) -> NDArray[np.int64]:
    """Each person's share of all points that they could have had, in tenths, 0 to 10.

    People saw different items, so a share is what makes them equals; the item itself is in it, as
    Holland & Thayer advise.
    """
    seen = marks != UNSEEN
    got = np.where(seen, marks, 0).sum(axis=1)
    possible = (seen * np.asarray(highest)).sum(axis=1)
    found: NDArray[np.int64] = (TENTHS * got // np.maximum(possible, 1)).astype(np.int64)
    return found


def observed_points(marks: Marks, max_mark: int, thetas: Floats) -> tuple[ObservedPoint, ...]:
    """What people of rising ability got, in groups of equal size.

    marks: of one item, P; thetas: P abilities in logits.
    """
    seen = marks != UNSEEN
    own, ability = marks[seen], thetas[seen]
    count = min(POINTS, len(own) // LEAST_IN_POINT)
    if not count:
        return ()
    return tuple(
        ObservedPoint(float(ability[few].mean()), float(own[few].mean()) / max_mark, len(few))
        for few in np.array_split(np.argsort(ability, kind="stable"), count)
    )


def group_dif(
    name: str,
    marks: Marks,
    group: NDArray[np.int8],
    strata: NDArray[np.int64],
    max_mark: int,
) -> GroupDif:
    """Compare two groups of people on one item; see GroupDif."""
    known = (marks != UNSEEN) & (group >= 0)
    focal = group[known] == 1
    theirs, ours = int(focal.sum()), int((~focal).sum())
    use = use_for(ours, theirs)
    if use is Use.HIDDEN:
        return GroupDif(name, ours, theirs, use)
    compare = item_dif if max_mark == 1 else graded_dif
    found = compare(marks[known], focal, strata[known])
    if found is None:
        return GroupDif(name, ours, theirs, use)
    if isinstance(found, Mantel):
        deviation = float(marks[known].std(ddof=1))
        size = found.smd / deviation
        return GroupDif(name, ours, theirs, use, graded_class(size, found.p), size, found.p)
    return GroupDif(name, ours, theirs, use, found.dif_class, found.d, found.p)


def graded_class(size: float, p: float) -> DifClass:
    """The class of an item of several points; size: in standard deviations."""
    if p >= SIGNIFICANT or abs(size) <= GRADED_NEGLIGIBLE:
        return DifClass.A
    return DifClass.C if abs(size) > GRADED_LARGE else DifClass.B


def _choices(
    chosen: NDArray[np.int32], keys: tuple[bool, ...], rest: Floats
) -> tuple[OptionStatistics, ...]:
    if not keys:
        return ()
    taken = (chosen[:, None] >> np.arange(len(keys))) & 1
    table = np.where(chosen[:, None] >= 0, taken, np.nan)
    return option_statistics(table, keys, rest)


def _flags(
    item: ItemStatistics, choices: tuple[OptionStatistics, ...], dif: Sequence[GroupDif]
) -> tuple[str, ...]:
    if item.answers < LEAST_JUDGED:
        return ()
    found = [flag.value for flag in flags(item, choices)]
    if any(one.use is Use.ACTED_ON and one.dif_class in (DifClass.B, DifClass.C) for one in dif):
        found.append("dif")
    if item.rapid_share is not None and item.rapid_share > RAPID_SHARE:
        found.append("rapid")
    return in_order(found)

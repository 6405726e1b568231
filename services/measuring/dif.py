"""Whether items are harder for one group of people than for equals in another, for any two groups.

Loads numpy: for commands and for jobs in a process of their own (jobs/measuring.command), not for
a web process; keep what comes of it, and let the page read that.
"""

from collections.abc import Collection, Hashable, Mapping

import numpy as np
from sqlalchemy.orm import Session

from domain.assessment.statistics.answer_report import GroupDif, group_dif, tenths
from domain.assessment.statistics.dif import SHOWN_FROM
from domain.records import frozen
from services.library import catalogue
from services.measuring.answers import answer_table, items_of


@frozen
class ItemDif:
    """One item in two groups. dif: its class A, B or C; see GroupDif for what may be shown."""

    key: str
    competency: str
    dif: GroupDif


def dif_by(
    session: Session,
    groups: Mapping[str, Hashable],
    reference: Hashable,
    focal: Hashable,
    *,
    name: str = "groups",
    codes: Collection[str] = (),
) -> tuple[ItemDif, ...]:
    """Compare two groups of people on every item that one of them answered, by competency and key.

    groups: subject -> group, as voluntary answers give it; people in neither of the two named
    groups take no part. reference, focal: the two; below 0 an item is harder for the focal group.
    codes: of the competencies to look at, all where empty. Equals are people of one tenth of the
    points of the same competency. Empty where one group is smaller than SHOWN_FROM (100): nothing
    could be shown. An item that fewer answered has `use` "hidden" and no figure; from 100 in the
    smaller group it is shown, from 200 acted on, always for expert review.
    Raises ValueError where both groups are one.
    """
    if reference == focal:
        raise ValueError("two different groups are compared")
    people = sorted(subject for subject, group in groups.items() if group in (reference, focal))
    side = np.array([groups[subject] == focal for subject in people], dtype=np.int8)
    if min(int(side.sum()), len(people) - int(side.sum())) < SHOWN_FROM:
        return ()
    framework = catalogue.framework(session)
    found = []
    for code in framework.competencies:
        if codes and code not in codes:
            continue
        bank = items_of(session, code, framework)
        if not bank:
            continue
        marks = answer_table(session, code, bank, people).marks
        strata = tenths(marks, [item.model.max_mark for item in bank])
        found += [
            ItemDif(
                item.key,
                code,
                group_dif(name, marks[:, column], side, strata, item.model.max_mark),
            )
            for column, item in enumerate(bank)
            if (marks[:, column] >= 0).any()
        ]
    return tuple(found)

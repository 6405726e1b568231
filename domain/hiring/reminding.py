"""When a candidate is reminded of an invitation that they have not used.

Days and not hours: a reminder is due on a calendar day in UTC, and each rule fires once for it.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from domain.records import frozen

BEFORE, SILENCE, BY_HAND = "before", "silence", "by_hand"
MOST_RULES, MOST_DAYS = 3, 60
# A rule that was due longer ago says nothing any more: it was set up after its day.
LATE = dt.timedelta(days=2)


@frozen
class Due:
    """A reminder that a rule asks for, and the day that it names."""

    rule: str
    due_on: dt.date


def due(
    rules: Mapping[str, Sequence[int]],
    invited_at: dt.datetime,
    expires_at: dt.datetime,
    now: dt.datetime,
) -> tuple[Due, ...]:
    """The reminders that are due now for an invitation that still waits.

    rules: "before" -> days before the last day, "silence" -> days after the invitation.
    A day before the invitation itself never counts: who was invited late was told just now.
    """
    days = [Due(BEFORE, expires_at.date() - dt.timedelta(days=n)) for n in rules.get(BEFORE, ())]
    days += [Due(SILENCE, invited_at.date() + dt.timedelta(days=n)) for n in rules.get(SILENCE, ())]
    today = now.date()
    return tuple(
        sorted(
            (
                one
                for one in days
                if today - LATE <= one.due_on <= today and one.due_on > invited_at.date()
            ),
            key=lambda one: (one.due_on, one.rule),
        )
    )


def rule_fault(days: Iterable[int]) -> str | None:
    """What is wrong with the days of a rule; None when they may be kept."""
    found = list(days)
    if len(found) > MOST_RULES or len(set(found)) != len(found):
        return f"give at most {MOST_RULES} different days"
    if any(not 1 <= day <= MOST_DAYS for day in found):
        return f"each is 1 to {MOST_DAYS} days"
    return None

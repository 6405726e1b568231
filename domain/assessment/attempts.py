"""The life of an attempt, its time limit, and which of its saved answers counts."""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, TypeVar

# An answer that left the browser in time may arrive this much later.
GRACE = dt.timedelta(seconds=5)


class AttemptState(StrEnum):
    """created -> running -> submitted or expired; an attempt never started may expire too."""

    CREATED = "created"
    RUNNING = "running"
    SUBMITTED = "submitted"
    EXPIRED = "expired"


FINAL = frozenset({AttemptState.SUBMITTED, AttemptState.EXPIRED})


class SavedAnswer(Protocol):
    """One append-only row: the lease of the device that saved it, and its count there."""

    @property
    def position(self) -> int: ...
    @property
    def lease(self) -> int: ...
    @property
    def sequence(self) -> int: ...


Answer = TypeVar("Answer", bound=SavedAnswer)


def is_final(state: AttemptState) -> bool:
    """Whether nothing can change any more."""
    return state in FINAL


def deadline(
    started_at: dt.datetime, limit_s: int | None, grants_s: Iterable[int] = ()
) -> dt.datetime | None:
    """When the time is over; None for an attempt without a limit.

    limit_s, grants_s: seconds of the form's limit and of each extension granted to the person.
    Raises ValueError for a naive time or negative seconds.
    """
    _require_aware(started_at)
    if limit_s is None:
        return None
    parts = (limit_s, *grants_s)
    if min(parts) < 0:
        raise ValueError("a limit and its extensions are not negative")
    return started_at + dt.timedelta(seconds=sum(parts))


def is_late(now: dt.datetime, ends_at: dt.datetime | None, grace: dt.timedelta = GRACE) -> bool:
    """Whether something that arrives now comes after the deadline and its grace."""
    _require_aware(now)
    return ends_at is not None and now > ends_at + grace


def remaining_seconds(now: dt.datetime, ends_at: dt.datetime | None) -> int | None:
    """Whole seconds left, never below 0; None without a limit."""
    if ends_at is None:
        return None
    return max(0, int((ends_at - now).total_seconds()))


def current_answers(answers: Iterable[Answer]) -> dict[int, Answer]:
    """Position to the answer that counts: the highest (lease, sequence) saved there."""
    current: dict[int, Answer] = {}
    for answer in answers:
        held = current.get(answer.position)
        if held is None or (answer.lease, answer.sequence) > (held.lease, held.sequence):
            current[answer.position] = answer
    return current


def _require_aware(moment: dt.datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError("times are aware, in UTC")

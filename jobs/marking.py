"""Attempts that are scored again after a key was fixed, a few in each transaction."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from services.marking import fixing
from services.session import writing

LASTS = timedelta(hours=1)


def rescore(data: Mapping[str, Any]) -> None:
    """Score them all; a job that was interrupted goes on where it was."""
    work_id, more = int(data["work_id"]), True
    while more:
        with writing() as session:
            more = fixing.rescore_next(session, work_id, datetime.now(UTC))


TASKS: dict[str, Callable[[Mapping[str, Any]], None]] = {fixing.RESCORE: rescore}

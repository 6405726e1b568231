"""Telling other programs what happened."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from services.integration import delivering
from services.session import writing

LASTS = timedelta(minutes=20)


def sweep(now: datetime) -> None:
    """Collect what happened, and ask for what is due."""
    with writing() as session:
        delivering.collect(session, now)


def _deliver(data: Mapping[str, Any]) -> None:
    delivering.deliver(int(data["webhook_id"]), lambda: datetime.now(UTC))


TASKS: dict[str, Callable[[Mapping[str, Any]], None]] = {delivering.TASK: _deliver}

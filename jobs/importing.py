"""Imports of questions and courses; see services/authoring/importing_work.py."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from services.authoring import importing_work

LASTS = timedelta(minutes=30)


def _run(data: Mapping[str, Any]) -> None:
    importing_work.run(int(data["work_id"]), lambda: datetime.now(UTC))


TASKS: dict[str, Callable[[Mapping[str, Any]], None]] = {"import.run": _run}

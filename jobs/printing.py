"""Reports on paper, and the look at questions that are harder for one group."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app

from jobs.measuring import command
from services.hiring import harder, printing

LASTS = timedelta(minutes=10)


def draw(data: Mapping[str, Any]) -> None:
    """Draw one report; the drawing itself happens in a helper process that ends when idle."""
    instance = current_app.extensions["threshold.settings"].instance
    printing.run(int(data["work_id"]), instance, lambda: datetime.now(UTC))


def _look(data: Mapping[str, Any]) -> None:
    # numpy costs memory for good, so it runs in a process that ends with it.
    command("fairness", key="work_id", data=data)


TASKS: dict[str, Callable[[Mapping[str, Any]], None]] = {printing.TASK: draw, harder.TASK: _look}

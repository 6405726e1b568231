"""Tables of applications for spreadsheet programs."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app

from services.hiring import exports

LASTS = timedelta(minutes=10)


def _make(data: Mapping[str, Any]) -> None:
    instance = current_app.extensions["threshold.settings"].instance
    exports.run(int(data["work_id"]), instance, lambda: datetime.now(UTC))


TASKS: dict[str, Callable[[Mapping[str, Any]], None]] = {exports.TASK: _make}

"""Backups that an admin asked for in the browser."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import current_app

from services.admin import backups


def create(data: Mapping[str, Any]) -> None:
    """Make a backup in the instance's folder; its page shows how far it is."""
    settings = current_app.extensions["threshold.settings"]
    backups.make_in_background(settings.instance, datetime.now(UTC))


TASKS: dict[str, Callable[[Mapping[str, Any]], None]] = {"backup.create": create}

"""Erasing people, and writing the database file anew afterwards."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app

from services.admin import erasing, tidying
from services.session import reading

LASTS = timedelta(hours=1)


def carry_out(data: Mapping[str, Any]) -> None:
    """Erase one person; after the last of those who wait, have the file written anew."""
    instance = current_app.extensions["threshold.settings"].instance
    erasing.carry_out(instance, int(data["person_id"]), datetime.now(UTC))
    _tidy_after_the_last()


def once_more(data: Mapping[str, Any]) -> None:
    """Empty what came in while somebody was being erased."""
    if erasing.once_more(int(data["person_id"]), datetime.now(UTC)):
        _tidy_after_the_last()


def _tidy_after_the_last() -> None:
    with reading() as session:
        more = erasing.waiting(session)
    if not more:
        tidying.ask(datetime.now(UTC))


def tidy(data: Mapping[str, Any]) -> None:
    """Write the database file anew."""
    tidying.tidy(int(data["work_id"]), datetime.now(UTC))


TASKS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    erasing.TASK: carry_out,
    erasing.AGAIN: once_more,
    tidying.TASK: tidy,
}

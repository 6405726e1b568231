"""Structured logs: one JSON object a line on standard error, ids only."""

import logging
import sys
from collections.abc import MutableMapping
from traceback import extract_tb
from typing import Any

import structlog

from config import Settings


def install(settings: Settings) -> None:
    """Send all logging through structlog at the level that was set."""
    level = getattr(logging, settings.log_level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _tell_error,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=settings.environment != "test",
    )


def _tell_error(
    logger: object, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """An error by its kinds and where it came from, never by its message.

    Databases quote the row that they refuse, and messages of all kinds what somebody typed: names,
    addresses and answers must not come into a log that way.
    """
    error = event.pop("exc_info", None)
    if isinstance(error, BaseException):
        event["exception"] = [_told(one) for one in _chain(error)]
    return event


def _chain(error: BaseException) -> list[BaseException]:
    """The error and what led to it, the newest first."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        hidden = following.__suppress_context__
        following = following.__cause__ or (None if hidden else following.__context__)
    return found


def _told(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    told: dict[str, Any] = {"kind": f"{kind.__module__}.{kind.__qualname__}"}
    # The name of the rule that a row broke; PostgreSQL says it apart from the row.
    if rule := getattr(getattr(error, "diag", None), "constraint_name", None):
        told["constraint"] = rule
    told["at"] = [f"{f.filename}:{f.lineno} {f.name}" for f in extract_tb(error.__traceback__)]
    return told

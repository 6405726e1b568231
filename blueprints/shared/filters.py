"""How templates write dates, times and addresses."""

from datetime import date, datetime

from flask import Flask, url_for
from flask_babel import format_date, format_datetime


def lesson_url(key: str) -> str:
    """The address of a lesson by its key, "module/lesson"."""
    module, _, name = key.partition("/")
    return url_for("learning.lesson", module=module, name=name)


def day(value: date | datetime) -> str:
    """A date in the reader's language: 20 November 2026."""
    return str(format_date(value, "long"))


def moment(value: datetime) -> str:
    """A date with its time, in UTC and said so."""
    return f"{format_datetime(value, 'medium')} UTC"


def install(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(lesson_url=lesson_url, day=day, moment=moment)

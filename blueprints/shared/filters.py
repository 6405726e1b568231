"""How templates write dates, times and addresses."""

from datetime import date, datetime
from functools import lru_cache

from babel import dates
from flask import Flask, url_for
from flask_babel import format_datetime, get_locale

# Babel's own English puts the month first, which half of the readers take for something else.
DAY = {"en": "d MMMM yyyy", "zh_Hans": "long"}
MOMENT = {"en": "d MMMM yyyy, HH:mm", "zh_Hans": "yyyy年M月d日 HH:mm"}


def lesson_url(key: str) -> str:
    """The address of a lesson by its key, "module/lesson"."""
    module, _, name = key.partition("/")
    return url_for("learning.lesson", module=module, name=name)


def day(value: date | datetime) -> str:
    """A date in the reader's language: 20 November 2026, 2026年11月20日."""
    return _written(value.date() if isinstance(value, datetime) else value, str(get_locale()))


@lru_cache(maxsize=2048)
def _written(value: date, locale: str) -> str:
    # Kept: a list writes the same few days over and over, and Babel takes its time for each.
    return str(dates.format_date(value, DAY[locale], locale))


def moment(value: datetime) -> str:
    """A date with its time, in UTC and said so: 20 November 2026, 14:05 UTC."""
    return f"{format_datetime(value, MOMENT[str(get_locale())])} UTC"


def figure(value: float | None, places: int = 2) -> str:
    """A figure with so many places and a true minus sign; a dash where there is none."""
    return "–" if value is None else f"{value:.{places}f}".replace("-", "−")


def install(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(lesson_url=lesson_url, day=day, moment=moment, figure=figure)

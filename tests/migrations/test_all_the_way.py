"""From the first form to the newest and back, step by step, with people's work in the tables."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from models.base import db
from services.accounts.people import GIVEN_OUT_SINCE
from services.admin import backups, migrations, restoring
from services.session import reading
from tests.migrations.databases import empty_app
from tests.migrations.test_0002 import AT, KEPT, ROWS, old, table

__all__ = ["old"]


def kept(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """What the first form's columns hold."""
    found = {}
    for name in KEPT:
        there = table(app, name)
        columns = [there.c[column] for column in ROWS[name]]
        with app.app_context(), reading() as session:
            found[name] = [tuple(map(plain, row)) for row in session.execute(select(*columns))]
    return found


def plain(value: Any) -> Any:
    """A time without its zone, which is UTC: SQLite keeps none."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value


def end_sessions(found: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """The same with every session of everybody ended."""
    ended = list(found["person"][0])
    ended[list(ROWS["person"]).index("session_epoch")] += GIVEN_OUT_SINCE
    return {**found, "person": [tuple(ended)]}


def shape(app: Flask) -> dict[str, set[str]]:
    with app.app_context():
        looked = inspect(db.engine)
        return {
            name: {column["name"] for column in looked.get_columns(name)}
            for name in looked.get_table_names()
        }


def test_every_step_there_and_back_keeps_what_people_did(old: Flask) -> None:
    before, shapes = kept(old), {}
    numbers = migrations.known()
    for number in numbers:
        with old.app_context():
            migrations.upgrade(number)
        shapes[number] = shape(old)
        assert kept(old) == before, number
    for number in reversed(numbers[:-1]):
        with old.app_context():
            migrations.downgrade(number)
        assert kept(old) == before, number
        assert shape(old) == shapes[number], number
    with old.app_context():
        migrations.upgrade()
    assert kept(old) == before
    assert shape(old) == shapes[numbers[-1]]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_of_a_database_that_came_all_the_way_is_restored(
    request: pytest.FixtureRequest, old: Flask, tmp_path: Path, kind: str
) -> None:
    heard: list[str] = []
    with old.app_context():
        migrations.upgrade()
        made = backups.make(tmp_path / "kept", AT, heard.append, tmp_path / "kept").path
    before, newest = kept(old), shape(old)
    with empty_app(request, kind, tmp_path / "new") as app:
        with app.app_context():
            restoring.restore(made, heard.append)
        after = kept(app)
        assert end_sessions(before) == after  # a cookie that was signed out since is not good again
        tables = {name for name in newest if not name.startswith("fts_")}
        assert {name for name in shape(app) if not name.startswith("fts_")} == tables

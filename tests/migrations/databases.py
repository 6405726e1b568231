"""Applications on databases with nothing in them, not even a table."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from app import make_app
from models.base import db
from services.library import catalogue
from tests.building import settings_for
from tests.postgres import PostgresDatabases

KINDS = ("sqlite", "postgresql")


@contextmanager
def empty_app(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[Flask]:
    """An application of its own in a folder, on an empty database of the kind."""
    catalogue.forget()
    if kind == "sqlite":
        with _closed(make_app(settings_for(folder))) as app:
            yield app
        return
    databases: PostgresDatabases = request.getfixturevalue("postgres")
    with databases.empty() as url, _closed(make_app(settings_for(folder, url))) as app:
        yield app


@contextmanager
def _closed(app: Flask) -> Iterator[Flask]:
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()

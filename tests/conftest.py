"""Fixtures for every floor: real databases, a cast with names and roles, a client that is somebody.

Each test gets a fresh copy of one prepared database: migrated, with the real content loaded and the
cast added. `app` is SQLite; `any_app` runs the test again on PostgreSQL (tests/postgres.py).
"""

import hashlib
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from flask import Flask

from app import make_app
from blueprints.shared import fragments
from config import ROOT
from models.base import db
from services.accounts.people import load_viewer
from services.actor import Actor
from services.assessment import adaptive_bank, pinned, rules
from services.authoring import known, showing
from services.learning import pages as learning_pages
from services.library import catalogue, words
from services.measuring import kept_results
from services.session import reading
from tests.building import CAST, fill, settings_for
from tests.caller import Caller
from tests.postgres import PostgresDatabases

# Two days ago at nine: routes read the real clock, so what tests prepare must not grow old.
NOW = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=2)


@dataclass(frozen=True)
class Cast:
    """The people of the prepared database: name -> id, and who they are as actors."""

    ids: dict[str, int]
    app: Flask

    def __getattr__(self, name: str) -> int:
        try:
            return self.ids[name]
        except KeyError:
            raise AttributeError(name) from None

    def actor(self, name: str) -> Actor:
        """The person as services know them; needs no request."""
        with _context(self.app), reading() as session:
            viewer = load_viewer(session, self.ids[name])
        assert viewer is not None
        return Actor(viewer.id, viewer.subject, viewer.roles)


@contextmanager
def _context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with everything in it, made once for all workers and all runs."""
    folder = Path(tempfile.gettempdir()) / f"threshold-tests-{_fingerprint()}"
    folder.mkdir(exist_ok=True)
    target = folder / "prepared.sqlite3"
    with FileLock(folder / "lock"):
        if not target.exists():
            work = tmp_path_factory.mktemp("prepare")
            fill(make_app(settings_for(work)), NOW)
            with sqlite3.connect(work / "threshold.sqlite3") as source:
                source.execute(f"VACUUM INTO '{folder / 'half.sqlite3'}'")
            (folder / "half.sqlite3").rename(target)
    return target


def _fingerprint() -> str:
    """Changes when anything that shapes the prepared database changes."""
    total = hashlib.sha256()
    for folder in ("content", "migrations", "domain/library", "services/library", "tests"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                if folder == "tests" and path.name not in ("building.py", "conftest.py"):
                    continue
                total.update(path.as_posix().encode() + path.read_bytes())
    return total.hexdigest()[:12]


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """One application per worker; its database file is renewed before each test."""
    return make_app(settings_for(tmp_path_factory.mktemp("instance")))


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresDatabases]:
    """A PostgreSQL server: the one that THRESHOLD_TEST_POSTGRES_URL names, else one of our own."""
    databases = PostgresDatabases()
    yield databases
    databases.stop()


def _forget() -> None:
    """What a process keeps in memory belongs to the database that it was read from."""
    catalogue.forget()
    words.forget()
    known.forget()
    showing.forget()
    learning_pages.forget()
    pinned.forget()
    adaptive_bank.forget()
    rules.forget()
    kept_results.forget()
    fragments.forget()


@pytest.fixture
def app(sqlite_app: Flask, prepared: Path) -> Iterator[Flask]:
    """The application on SQLite with a fresh database."""
    settings = sqlite_app.extensions["threshold.settings"]
    with sqlite_app.app_context():
        db.engine.dispose()
    for suffix in ("-wal", "-shm"):
        Path(f"{settings.sqlite_path}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(prepared, settings.sqlite_path)
    _forget()
    yield sqlite_app
    with sqlite_app.app_context():
        db.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on SQLite, and once more on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    databases: PostgresDatabases = request.getfixturevalue("postgres")
    _forget()
    with databases.fresh(NOW) as url:
        app = make_app(settings_for(tmp_path, url))
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def cast(request: pytest.FixtureRequest) -> Cast:
    """The people in the database of this test's application."""
    name = "any_app" if "any_app" in request.fixturenames else "app"
    app: Flask = request.getfixturevalue(name)
    with app.app_context():
        ids = CAST.ids()
    return Cast(ids, app)


@pytest.fixture
def caller(request: pytest.FixtureRequest, cast: Cast) -> Callable[..., Caller]:
    """`caller("lin")` is a browser in which Lin is signed in; `caller()` is a stranger's."""

    def make(name: str | None = None) -> Caller:
        return Caller(cast.app, cast.ids[name] if name else None)

    return make

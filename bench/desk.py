"""A hiring desk for measurements: the course, a recruiter, and positions with crowds on them."""

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from alembic import command
from alembic.config import Config
from flask import Flask

from app import make_app
from bench.crowd import crowd, settle
from bench.serving import ROOT
from config import Settings
from services.accounts.people import add_member, load_viewer
from services.actor import SYSTEM, Actor
from services.hiring import positions
from services.hiring.positions import PositionDraft
from services.library.content_folder import load_folder
from services.session import reading, writing


@dataclass(frozen=True, slots=True)
class Desk:
    """The application, who recruits, and the manager of every position."""

    app: Flask
    recruiter: Actor
    manager_id: int

    def position(self, title: str) -> int:
        """One more open position."""
        draft = PositionDraft(
            title, "sales", {}, {}, "hiring-a", 60, 180, "open", self.manager_id, ()
        )
        with writing() as session:
            return positions.create(session, self.recruiter, draft, now())

    def fill(self, position_id: int, many: int) -> list[int]:
        """Put so many candidates there, worked on by people; gives back their applications."""
        with writing() as session:
            made = crowd(session, position_id, many, now())
            settle(session, made, now())
        return made

    def client(self) -> Callable[[str], int]:
        """A browser in which the recruiter is signed in: address -> status."""
        browser = self.app.test_client()
        with reading() as session:
            viewer = load_viewer(session, self.recruiter.person_id or 0)
        assert viewer is not None
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = f"{viewer.id}.{viewer.epoch}"
            cookie["_fresh"] = True
        return lambda url: browser.get(url).status_code


@contextmanager
def desk(database: str = "") -> Iterator[Desk]:
    """A new desk within its application's context. database: an empty one; SQLite without it."""
    with site(database) as app:
        yield Desk(app, *_people())


@contextmanager
def site(database: str = "") -> Iterator[Flask]:
    """A new application with the course and nobody in it, within its context."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="threshold-desk-") as folder:
        settings = {"THRESHOLD_INSTANCE": folder}
        if database:
            settings["THRESHOLD_DATABASE_URL"] = database
        app = make_app(Settings.from_environment(settings))
        # After make_app, which sets the logs up for serving.
        structlog.configure(
            wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
            cache_logger_on_first_use=False,
        )
        config = Config()
        config.set_main_option("script_location", str(ROOT / "migrations"))
        with app.app_context():
            command.upgrade(config, "head")
            load_folder(ROOT / "content", now())
            yield app


def _people() -> tuple[Actor, int]:
    with writing() as session:
        manager = add_member(session, SYSTEM, "Xu Lei", "lei@bench.example", ("manager",), now())
        who = add_member(session, SYSTEM, "Min Zhou", "min@bench.example", ("recruiter",), now())
        viewer = load_viewer(session, who)
    assert viewer is not None
    return Actor(viewer.id, viewer.subject, viewer.roles), manager


def now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)

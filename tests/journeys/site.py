"""A real installation for the browser: web and jobs as scripts/serve starts them."""

import email
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from itertools import count
from pathlib import Path
from typing import TypeVar

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import make_app
from config import Settings
from models.accounts import Person
from services.accounts.joining import join
from services.accounts.links import issue_join_link
from services.accounts.people import Viewer, add_member, load_viewer
from services.actor import SYSTEM, Actor
from services.session import reading, writing
from tests.cli.site import Site as Served
from tests.cli.site import running, until

COMPANY = "Beilun Steelware"
PASSWORD = "harbour crane tuesday mango"
MAIL_SECONDS = 20
T = TypeVar("T")
_numbers = count(1)


@dataclass(frozen=True)
class Site:
    """A running installation: its address, its folder, and an application on the same database."""

    url: str
    instance: Path
    app: Flask
    served: Served

    def read(self, question: Callable[[Session], T]) -> T:
        """What the database says, read as the services read it."""
        with self.app.app_context(), reading() as session:
            return question(session)

    def write(self, deed: Callable[[Session], T]) -> T:
        """Something that went before the journey, done as the services do it."""
        with self.app.app_context(), writing() as session:
            return deed(session)

    def member(self, name: str, *roles: str) -> int:
        """One more invented member, with an address of their own."""
        address = new_address(name)
        return self.write(lambda session: add_member(
            session, SYSTEM, name, address, roles, datetime.now(UTC), invented=True
        ))  # fmt: skip

    def joined(self, name: str, *roles: str) -> tuple[int, str]:
        """One more member, who has joined with PASSWORD; gives back their id and address."""
        person_id = self.member(name, *roles)
        now = datetime.now(UTC)
        raw = self.write(lambda session: issue_join_link(session, SYSTEM, person_id, now))
        self.write(lambda session: join(session, raw, PASSWORD, now))
        email = self.read(lambda session: session.scalar(
            select(Person.email).where(Person.id == person_id)
        ))  # fmt: skip
        return person_id, str(email)

    def viewer(self, person_id: int) -> Viewer:
        viewer = self.read(lambda session: load_viewer(session, person_id))
        assert viewer is not None
        return viewer

    def actor(self, person_id: int) -> Actor:
        viewer = self.viewer(person_id)
        return Actor(viewer.id, viewer.subject, viewer.roles)

    def letter(self, to: str, holding: str = "") -> str:
        """The text of the newest mail to somebody in the outbox; waits until it is written."""

        def found() -> list[str]:
            paths = sorted((self.instance / "outbox").glob("[!.]*.eml"), key=_age)
            mails = [
                email.message_from_bytes(p.read_bytes(), EmailMessage, policy=default)
                for p in paths
            ]
            texts = [mail.get_content() for mail in mails if mail["To"] == to]
            return [text for text in texts if holding in text]

        until(found, MAIL_SECONDS)
        return found()[-1]

    def mailed_link(self, to: str, path: str) -> str:
        """The newest link below a path that was mailed to somebody."""
        start = f"{self.url}{path}"
        return str(re.findall(rf"{re.escape(start)}[\w-]+", self.letter(to, start))[-1])


def new_address(name: str) -> str:
    """A mail address that nobody has yet."""
    return f"{name.lower().replace(' ', '.')}.{next(_numbers)}@beilun.example"


def _age(path: Path) -> int:
    return path.stat().st_mtime_ns


@contextmanager
def installation(instance: Path, prepared: Path | None = None, **more: str) -> Iterator[Site]:
    """Serve a copy of the prepared database, or an empty folder as on the first day.

    more: further settings, such as the mail server.
    """
    instance.mkdir(parents=True, exist_ok=True)
    if prepared:
        shutil.copyfile(prepared, instance / "threshold.sqlite3")
    with running(instance, company=COMPANY, log_level="warning", **more) as served:
        url = f"http://127.0.0.1:{served.port}"
        given = {"INSTANCE": str(instance), "BASE_URL": url, "COMPANY": COMPANY}
        settings = Settings.from_environment({f"THRESHOLD_{k}": v for k, v in given.items()})
        yield Site(url, instance, make_app(settings), served)

"""What this installation is: versions, the database's form, how much it holds, the settings."""

import platform
import shutil
from importlib.metadata import version
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Settings
from domain.records import frozen
from models.accounts import Person
from models.assessment import Answer, Attempt
from models.competencies import Evidence
from models.hiring import Application, Position
from models.journal import JournalEntry, OutboxEntry
from models.library import Document
from services import outbox
from services.actor import Actor
from services.admin import access, migrations
from services.admin.version import VERSION

PACKAGES = ("Flask", "SQLAlchemy", "granian", "huey")


@frozen
class SystemPage:
    """versions: name and number; form and newest: migrations; counts: word -> how many.

    stuck: jobs that were given up. disk_free: bytes. settings: name and value, without secrets.
    """

    versions: tuple[tuple[str, str], ...]
    form: str | None
    newest: str
    counts: dict[str, int]
    stuck: int
    disk_free: int
    disk_all: int
    settings: tuple[tuple[str, str], ...]

    @property
    def up_to_date(self) -> bool:
        return self.form == self.newest


def system_page(session: Session, actor: Actor, settings: Settings) -> SystemPage:
    """The installation as it stands; a handful of statements, each over one index or table."""
    access.guard(actor)
    connection = session.connection()
    database = ".".join(map(str, connection.dialect.server_version_info or ()))
    disk = shutil.disk_usage(settings.instance)
    given_up = OutboxEntry.done_at.is_(None) & (OutboxEntry.tries >= outbox.TRIES)
    return SystemPage(
        versions=(
            ("Threshold", VERSION),
            ("Python", platform.python_version()),
            ({"sqlite": "SQLite"}.get(connection.dialect.name, "PostgreSQL"), database),
            *((name, version(name)) for name in PACKAGES),
        ),
        form=migrations.current(connection),
        newest=migrations.newest(),
        counts=_counts(session),
        stuck=session.scalar(select(func.count(OutboxEntry.id)).where(given_up)) or 0,
        disk_free=disk.free,
        disk_all=disk.total,
        settings=_told(settings),
    )


def _counts(session: Session) -> dict[str, int]:
    """How many there are of what grows, in one statement."""
    waiting = OutboxEntry.done_at.is_(None) & (OutboxEntry.tries < outbox.TRIES)
    counted = {
        "members": select(func.count(Person.id)).where(Person.kind == "member"),
        "lessons": select(func.count(Document.id)).where(Document.kind == "lesson"),
        "items": select(func.count(Document.id)).where(Document.kind == "item"),
        "attempts": select(func.count(Attempt.id)),
        "answers": select(func.count(Answer.id)),
        "evidence": select(func.count(Evidence.id)),
        "positions": select(func.count(Position.id)),
        "applications": select(func.count(Application.id)),
        "journal": select(func.count(JournalEntry.id)),
        "waiting": select(func.count(OutboxEntry.id)).where(waiting),
    }
    row = session.execute(
        select(*(each.scalar_subquery().label(name) for name, each in counted.items()))
    ).one()
    return dict(row._mapping)


def _told(settings: Settings) -> tuple[tuple[str, str], ...]:
    """The settings by the name that sets them; what could let somebody in is left out."""
    told = {
        "instance": str(settings.instance),
        "database_url": _without_secret(settings.database_url),
        "redis_url": _without_secret(settings.redis_url),
        "smtp_url": _without_secret(settings.smtp_url),
        "mail_from": settings.mail_from,
        "base_url": settings.base_url,
        "company": settings.company,
        "workers": str(settings.workers),
        "trusted_proxies": str(settings.trusted_proxies),
        "environment": settings.environment,
        "log_level": settings.log_level,
        "require_second_factor": ", ".join(sorted(settings.require_second_factor)) or "–",
        "erase_left_after_days": str(settings.erase_left_after_days),
    }
    return tuple((f"THRESHOLD_{name.upper()}", value) for name, value in told.items())


def _without_secret(url: str | None) -> str:
    """A URL without user and password; '' when it is not set."""
    if not url or url.startswith("sqlite"):
        return url or ""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"

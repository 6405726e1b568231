"""The page about backups: which there are, how the one being made gets on, asking for one."""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.journal import OutboxEntry
from services import journal, outbox
from services.actor import Actor
from services.admin import access, archives, backups
from services.admin.archives import ArchiveError, Manifest

TASK = "backup.create"


@frozen
class Kept:
    """A backup in the folder; manifest is None when the file cannot be read."""

    name: str
    made_at: datetime
    bytes: int
    ends_at: datetime
    manifest: Manifest | None


@frozen
class Work:
    """The backup asked for last. state: waiting, running, failing, given_up or done.

    done of all: tables that are written, while it is running.
    """

    state: str
    asked_at: datetime
    done: int = 0
    all: int = 0
    error: str | None = None

    @property
    def open(self) -> bool:
        return self.state in ("waiting", "running", "failing")


@frozen
class BackupsPage:
    folder: str
    kept: tuple[Kept, ...]
    kept_for: timedelta
    work: Work | None


def backups_page(session: Session, actor: Actor, instance: Path) -> BackupsPage:
    """The backups of this installation, newest first."""
    folder = backups.folder_of(instance)
    work = work_of(session, actor, instance)
    kept = tuple(_kept(path, at) for path, at in backups.dated(folder))
    return BackupsPage(str(folder), kept, backups.KEPT_FOR, work)


def work_of(session: Session, actor: Actor, instance: Path) -> Work | None:
    """How far the backup is that was asked for last; one statement."""
    access.guard(actor)
    row = session.scalars(
        select(OutboxEntry).where(OutboxEntry.task == TASK).order_by(OutboxEntry.id.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return None
    if row.done_at:
        return Work("done", row.created_at)
    if row.tries and (progress := backups.progress(instance)):
        return Work("running", row.created_at, *progress)
    if row.error:
        state = "given_up" if row.tries >= outbox.TRIES else "failing"
        return Work(state, row.created_at, error=row.error)
    return Work("running" if row.tries else "waiting", row.created_at)


def _kept(path: Path, at: datetime) -> Kept:
    try:
        manifest = archives.read_manifest(path)
    except ArchiveError:
        manifest = None
    return Kept(path.name, at, path.stat().st_size, at + backups.KEPT_FOR, manifest)


def ask(session: Session, actor: Actor, now: datetime) -> None:
    """Ask the job process for a backup; while one is waiting that one will do."""
    access.guard(actor)
    open_one = select(OutboxEntry.id).where(
        OutboxEntry.task == TASK, OutboxEntry.done_at.is_(None), OutboxEntry.tries < outbox.TRIES
    )
    if session.scalar(open_one.limit(1)) is None:
        outbox.ask(session, TASK, now)
        journal.append(session, actor, "backup.asked", "backup", int(now.timestamp()), now)

"""Backups: one file with every row, taken in one snapshot while people go on working.

Not in it: the instance's `secret_key`, sent mail, and what can be made again. Without the old key
people sign in again and candidates need a new return code; whoever wants to spare them that copies
the key's file first. Secret links are kept as plain SHA-256 and go on working.
"""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from domain.records import frozen
from services import journal
from services.actor import SYSTEM
from services.admin import archives, migrations, tables
from services.admin.archives import Manifest
from services.admin.version import VERSION
from services.session import reading, writing

KEPT_FOR = timedelta(days=30)
NAME = "threshold-%Y%m%dT%H%M%SZ.tar.gz"

PROGRESS = ".progress"

Say = Callable[[str], object]


@frozen
class Made:
    """A backup that was made."""

    path: Path
    manifest: Manifest


def folder_of(instance: Path) -> Path:
    """Where backups lie."""
    return instance / "backups"


def make(instance: Path, now: datetime, say: Say, folder: Path | None = None) -> Made:
    """Make a backup and note it in the journal; opens its own transactions.

    folder: where it goes instead of `instance/backups/`. say: takes each line of progress.
    Raises OSError when the disk does not take it.
    """
    with reading() as session:
        made = create(session, folder or folder_of(instance), now, say)
    rows, made_at = made.manifest.rows, int(now.timestamp())
    with writing() as session:
        # A backup has no row of its own: its time in seconds is its id.
        journal.append(session, SYSTEM, "backup.created", "backup", made_at, now, rows=rows)
    return made


def make_in_background(instance: Path, now: datetime) -> Made:
    """Make a backup in the job process, and let the page about backups see how far it is."""
    note = folder_of(instance) / PROGRESS
    note.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return make(instance, now, note.write_text)
    finally:
        note.unlink(missing_ok=True)


def progress(instance: Path) -> tuple[int, int] | None:
    """Tables written and tables in all of the backup that is being made now."""
    try:
        line = (folder_of(instance) / PROGRESS).read_text()
    except OSError:
        return None
    done, _, rest = line.partition("/")
    of_all = rest.partition(" ")[0]
    return (int(done), int(of_all)) if done.isdecimal() and of_all.isdecimal() else None


def create(session: Session, folder: Path, now: datetime, say: Say) -> Made:
    """Write a backup into the folder. The session must be fresh: it becomes the snapshot.

    say: takes a line of progress for each table.
    """
    # On SQLite in WAL mode every read transaction is a snapshot.
    postgres = session.get_bind().dialect.name == "postgresql"
    options = {"isolation_level": "REPEATABLE READ"} if postgres else {}
    connection = session.connection(execution_options=options)
    path = folder / now.astimezone(UTC).strftime(NAME)
    manifest = archives.write(path, lambda work: _fill(connection, work, now, say))
    say(f"{path}: {manifest.rows} rows, {os.path.getsize(path) / 1e6:.1f} MB")
    return Made(path, manifest)


def _fill(connection: Connection, work: Path, now: datetime, say: Say) -> Manifest:
    parts = []
    found = tables.reflect(connection)
    for number, table in enumerate(found, 1):
        columns = tuple(table.columns.keys())
        part = archives.write_part(work, table.name, columns, tables.rows(connection, table))
        say(f"{number}/{len(found)} {table.name}: {part.rows} rows")
        parts.append(part)
    revision = migrations.current(connection) or "base"
    return Manifest(VERSION, connection.dialect.name, revision, now, tuple(parts))


def expire(folder: Path, now: datetime) -> None:
    """Delete backups older than 30 days: what was erased must not live on in them.

    The sweeper calls this, so that they go whether new ones are made or not.
    """
    for path, at in dated(folder):
        if at < now - KEPT_FOR:
            path.unlink(missing_ok=True)


def dated(folder: Path) -> list[tuple[Path, datetime]]:
    """The backups of the folder with their times, newest first; strange files are left alone."""
    found = []
    for path in folder.glob("threshold-*.tar.gz"):
        try:
            found.append((path, datetime.strptime(path.name, NAME).replace(tzinfo=UTC)))
        except ValueError:
            continue
    return sorted(found, key=lambda pair: pair[1], reverse=True)

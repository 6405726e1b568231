"""Putting a backup into an empty database: check, migrate to its form, fill, migrate to the newest.

This opens its own transactions, because migrating stands between them. Whoever was erased after
the backup was made is erased again, by the list beside the backups. All sessions end: a cookie that
was signed out since the backup must not be good again.
"""

from datetime import UTC, datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import Connection

from services.accounts.people import end_all_sessions
from services.admin import archives, erased, erasing, migrations, tables, tidying
from services.admin.archives import ArchiveError, Manifest
from services.admin.backups import Say, folder_of
from services.session import reading, writing


class NotEmpty(Exception):
    """The database holds rows; the message is one line."""


def restore(path: Path, say: Say) -> Manifest:
    """Restore a backup; raises ArchiveError or NotEmpty before anything is changed.

    When it fails later, no row is left, and it may be tried again.
    """
    with reading() as session:
        connection = session.connection()
        if tables.holds_rows(connection):
            raise NotEmpty(
                "The database holds data already: restore into an empty instance folder "
                "(THRESHOLD_INSTANCE) or a new database (THRESHOLD_DATABASE_URL)."
            )
        migrated = migrations.current(connection) is not None
    say(f"Checking {path}")
    manifest = archives.check(path)
    if manifest.revision not in migrations.known():
        raise ArchiveError(f"{path}: was made by a newer Threshold; restore it with that one")
    if migrated:
        migrations.downgrade("base")
    migrations.upgrade(manifest.revision)
    with writing() as session:
        _fill(session.connection(), path, manifest, say)
    migrations.upgrade()
    _shut(path, say)
    say(f"Restored {manifest.rows} rows of {manifest.made_at:%Y-%m-%d %H:%M} UTC")
    return manifest


def _shut(path: Path, say: Say) -> None:
    """End all sessions, and erase whom the lists beside the backup and of the instance name."""
    instance = current_app.extensions["threshold.settings"].instance
    marks = erased.marks({path.parent, folder_of(instance)})
    with writing() as session:
        end_all_sessions(session)
        count = erasing.erase_again(session, marks, datetime.now(UTC))
    if count:
        tidying.ask(datetime.now(UTC))
        say(f"Erased again: {count} of the {len(marks)} people on the list")


def _fill(connection: Connection, path: Path, manifest: Manifest, say: Say) -> None:
    by_name = {table.name: table for table in tables.reflect(connection)}
    wanted = {part.table for part in manifest.parts}
    if wanted != set(by_name):
        differing = ", ".join(sorted(wanted ^ set(by_name)))
        raise ArchiveError(f"{path}: its tables are not those of its form: {differing}")
    # The archive's order serves any database: what is pointed at comes first.
    for number, (part, rows) in enumerate(archives.read(path), 1):
        count = tables.fill(connection, by_name[part.table], part.columns, rows)
        say(f"{number}/{len(manifest.parts)} {part.table}: {count} rows")

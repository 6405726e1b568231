"""Backups: whole, checked, portable between databases, and never over something that is there."""

import gzip
import json
import os
import stat
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text

from models.accounts import Person, PersonRole
from models.assessment import Attempt
from models.base import db
from models.journal import JournalEntry, OutboxEntry
from models.library import Revision
from services.accounts.people import GIVEN_OUT_SINCE, add_member, end_sessions, viewer_of
from services.actor import SYSTEM
from services.admin import archives, backups, migrations, restoring, tables
from services.admin.archives import ArchiveError
from services.session import reading, writing
from tests.migrations.databases import KINDS, empty_app

NOW = datetime(2026, 11, 20, 9, 0, 1, tzinfo=UTC)


def quiet(line: str) -> None:
    """Nobody listens."""


def everything(app: Flask) -> dict[str, list[list[Any]]]:
    """Every row of every table, as a backup writes it."""
    with app.app_context(), reading() as session:
        connection = session.connection()
        return {t.name: list(tables.rows(connection, t)) for t in tables.reflect(connection)}


def signed_out(app: Flask, rows: dict[str, list[list[Any]]]) -> dict[str, list[list[Any]]]:
    """The same with every session ended, as a restore leaves it."""
    with app.app_context(), reading() as session:
        person = next(t for t in tables.reflect(session.connection()) if t.name == "person")
    place = [column.name for column in person.columns].index("session_epoch")
    ended = [
        [value + GIVEN_OUT_SINCE if n == place else value for n, value in enumerate(row)]
        for row in rows["person"]
    ]
    return {**rows, "person": ended}


def backup_of(app: Flask, folder: Path) -> Path:
    with app.app_context():
        return backups.make(folder, NOW, quiet, folder).path


@pytest.mark.parametrize("kind", KINDS)
def test_everything_comes_back_into_either_database(
    request: pytest.FixtureRequest, any_app: Flask, tmp_path: Path, kind: str
) -> None:
    with any_app.app_context(), writing() as session:
        session.execute(
            insert(OutboxEntry).values(
                task="t", data={"中": [1, 2.5, None]}, created_at=NOW, due_at=NOW, tries=0
            )
        )
    before = everything(any_app)
    path = backup_of(any_app, tmp_path / "a")
    with empty_app(request, kind, tmp_path / "b") as app:
        with app.app_context():
            restoring.restore(path, quiet)
        assert everything(app) == signed_out(any_app, before)
        with app.app_context(), writing() as session:  # the counters go on where they were
            new = add_member(session, SYSTEM, "New", "new@beilun.example", ("learner",), NOW)
            ids = list(session.scalars(select(Person.id)))
            assert new == max(ids)
            assert migrations.current(session.connection()) == migrations.newest()


def test_a_cookie_that_was_signed_out_since_is_not_good_again(
    request: pytest.FixtureRequest, app: Flask, tmp_path: Path
) -> None:
    """Both installations share their secret key, as after a restore on the same machine."""
    path = backup_of(app, tmp_path / "a")
    with app.app_context(), reading() as session:
        lin, epoch = session.execute(
            select(Person.id, Person.session_epoch).where(Person.name == "Lin Yue")
        ).one()
    with app.app_context(), writing() as session:
        end_sessions(session, lin)
    with empty_app(request, "sqlite", tmp_path / "b") as restored, restored.app_context():
        restoring.restore(path, quiet)
        assert [viewer_of(lin, epoch + n) for n in range(5)] == [None] * 5


def test_a_backup_is_a_snapshot_while_others_write(any_app: Flask, tmp_path: Path) -> None:
    def interrupt(line: str) -> None:
        if line.startswith("1/"):
            with db.engine.begin() as connection:
                connection.execute(text("DELETE FROM person_role"))

    with any_app.app_context(), reading() as session:
        made = backups.create(session, tmp_path, NOW, interrupt)
    rows = {part.table: part.rows for part in made.manifest.parts}
    with any_app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(PersonRole)) == 0
    assert rows["person_role"] == 8


def test_only_the_owner_may_read_it_and_it_is_noted(app: Flask, tmp_path: Path) -> None:
    path = backup_of(app, tmp_path / "kept")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path / "kept") == [path.name]
    with app.app_context(), reading() as session:
        entry = session.scalars(
            select(JournalEntry).where(JournalEntry.event == "backup.created")
        ).one()
        assert entry.object_id == int(NOW.timestamp())


def test_backups_end_after_thirty_days(tmp_path: Path) -> None:
    old, young = NOW - timedelta(days=30, seconds=1), NOW - timedelta(days=30)
    for at in (old, young):
        (tmp_path / at.strftime(backups.NAME)).write_bytes(b"")
    (tmp_path / "threshold-mine.tar.gz").write_bytes(b"")
    backups.expire(tmp_path, NOW)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {young.strftime(backups.NAME), "threshold-mine.tar.gz"}


def test_a_database_with_rows_is_refused(app: Flask, tmp_path: Path) -> None:
    path = backup_of(app, tmp_path)
    before = everything(app)
    with app.app_context(), pytest.raises(restoring.NotEmpty):
        restoring.restore(path, quiet)
    assert everything(app) == before


def rewritten(path: Path, target: Path, change: dict[str, bytes]) -> Path:
    """The archive with some of its members changed."""
    with tarfile.open(path) as old, tarfile.open(target, "w:gz") as new:
        for member in old.getmembers():
            content = change.get(member.name, old.extractfile(member).read())  # type: ignore[union-attr]
            scratch = target.with_suffix(".part")
            scratch.write_bytes(content)
            new.add(scratch, member.name)
    return target


def manifest_of(path: Path) -> dict[str, Any]:
    with tarfile.open(path) as archive:
        content = archive.extractfile(archives.MANIFEST)
        assert content
        return dict(json.load(content))


def test_what_is_no_whole_backup_is_refused_in_one_line(
    request: pytest.FixtureRequest, app: Flask, tmp_path: Path
) -> None:
    path = backup_of(app, tmp_path)
    whole = path.read_bytes()
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(whole[: len(whole) // 2])
    noise = tmp_path / "noise.tar.gz"
    noise.write_bytes(b"not an archive")
    other = tmp_path / "other.tar.gz"
    other.write_bytes(gzip.compress(b"\0" * 10240))
    facts = manifest_of(path)
    changed = {
        "damaged": {"tables/person.jsonl": b"[1]\n"},
        "newer format": {archives.MANIFEST: json.dumps({**facts, "format": 2}).encode()},
        "newer form": {archives.MANIFEST: json.dumps({**facts, "revision": "9999"}).encode()},
        "odd": {archives.MANIFEST: b'{"format": 1}'},
    }
    files = [cut, noise, other, tmp_path / "missing.tar.gz"]
    files += [rewritten(path, tmp_path / f"{k}.tar.gz", change) for k, change in changed.items()]
    with empty_app(request, "sqlite", tmp_path / "empty") as empty:
        for file in files:
            with empty.app_context(), pytest.raises(ArchiveError) as refusal:
                restoring.restore(file, quiet)
            assert "\n" not in str(refusal.value), file
        assert everything(empty) == {}


def test_a_restore_that_fails_may_be_tried_again(
    request: pytest.FixtureRequest, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(app)
    path = backup_of(app, tmp_path)
    whole = tables.fill

    def breaks(connection: Any, table: Any, columns: Any, given: Any) -> int:
        if table.name == "revision":
            raise OSError("disk full")
        return whole(connection, table, columns, given)

    with empty_app(request, "sqlite", tmp_path / "b") as target:
        monkeypatch.setattr(tables, "fill", breaks)
        with target.app_context(), pytest.raises(OSError, match="disk full"):
            restoring.restore(path, quiet)
        monkeypatch.undo()
        with target.app_context():
            restoring.restore(path, quiet)
        assert everything(target) == signed_out(app, before)


def test_the_models_are_covered(app: Flask, tmp_path: Path) -> None:
    made = archives.check(backup_of(app, tmp_path))
    assert {part.table for part in made.parts} == set(db.metadata.tables)
    assert {Attempt.__tablename__, Revision.__tablename__} <= {part.table for part in made.parts}

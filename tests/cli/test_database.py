"""flask db: no step on a database with rows without a backup of it."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from services.admin import archives, backups, migrations
from services.session import reading
from tests.migrations.databases import KINDS, empty_app

NEXT = '''
"""A step"""
import sqlalchemy as sa
from alembic import op
revision = "{number}"
down_revision = "{before}"
branch_labels = None
depends_on = None

def upgrade():
    op.create_table("step", sa.Column("id", sa.Integer, primary_key=True))

def downgrade():
    op.drop_table("step")
'''


@pytest.fixture
def next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A release with one more migration; gives back its number."""
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    before = migrations.newest()
    number = f"{int(before) + 1:04}"
    (folder / "versions" / f"{number}_step.py").write_text(
        NEXT.format(number=number, before=before)
    )
    monkeypatch.setattr(migrations, "FOLDER", folder)
    return number


def instance_of(app: Flask) -> Path:
    return Path(app.extensions["threshold.settings"].instance)


def kept(app: Flask) -> list[Path]:
    folder = backups.folder_of(instance_of(app))
    return sorted(folder.glob("*.tar.gz")) if folder.exists() else []


def run(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=["db", *words])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_database_needs_no_backup(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    with empty_app(request, kind, tmp_path) as app:
        run(app, "upgrade")
        run(app, "upgrade")
        assert kept(app) == []
        with app.app_context(), reading() as session:
            assert migrations.current(session.connection()) == migrations.newest()


def test_a_step_is_backed_up_first(any_app: Flask, next_step: str) -> None:
    for path in kept(any_app):
        path.unlink()
    assert "Backing up" in run(any_app, "upgrade")
    (path,) = kept(any_app)
    manifest = archives.check(path)
    assert manifest.revision != next_step
    assert {"person": 8}.items() <= {part.table: part.rows for part in manifest.parts}.items()
    with any_app.app_context(), reading() as session:
        assert migrations.current(session.connection()) == next_step
    assert run(any_app, "upgrade") == ""
    assert kept(any_app) == [path]
    path.unlink()


def test_an_older_backup_is_brought_to_the_newest_form(
    request: pytest.FixtureRequest, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "old"
    app.test_cli_runner().invoke(args=["backup", "create", "--to", str(folder)])
    (path,) = folder.iterdir()
    number = request.getfixturevalue("next_step")
    with empty_app(request, "sqlite", tmp_path / "new") as new:
        result = new.test_cli_runner().invoke(args=["backup", "restore", str(path)])
        assert result.exit_code == 0, result.output
        with new.app_context(), reading() as session:
            assert migrations.current(session.connection()) == number


def test_no_backup_no_step(app: Flask, next_step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "create", full)
    result = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert result.exit_code == 1
    assert "No space left" in result.output.splitlines()[-1]
    with app.app_context(), reading() as session:
        assert migrations.current(session.connection()) != next_step


def test_a_newer_database_is_left_alone(
    app: Flask, next_step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(app, "upgrade")
    monkeypatch.undo()
    result = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert result.exit_code == 1
    assert "newer Threshold" in result.output

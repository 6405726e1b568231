"""Migrations go both ways on both databases, and end where the models say."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from models.base import Base, db
from services.admin import migrations, tables
from services.session import reading
from tests.migrations.databases import KINDS, empty_app

# The indexes of the search are the databases' own: SQLAlchemy has no words for them.
OPTIONS = {
    "compare_type": True,
    "include_name": lambda name, kind, _: kind != "table" or not name.startswith(tables.INDEXES),
}


def names(app: Flask) -> list[str]:
    with app.app_context(), reading() as session:
        return [table.name for table in tables.reflect(session.connection())]


def current(app: Flask) -> str | None:
    with app.app_context(), reading() as session:
        return migrations.current(session.connection())


@pytest.mark.parametrize("kind", KINDS)
def test_up_down_and_up_again(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> None:
    with empty_app(request, kind, tmp_path) as app:
        assert current(app) is None
        with app.app_context():
            migrations.upgrade()
        assert current(app) == migrations.newest()
        assert set(names(app)) == set(Base.metadata.tables)
        with app.app_context():
            migrations.downgrade("base")
        assert (current(app), names(app)) == (None, [])
        with app.app_context():
            migrations.upgrade()
        assert set(names(app)) == set(Base.metadata.tables)


@pytest.mark.parametrize("kind", KINDS)
def test_models_and_migrations_agree(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    with empty_app(request, kind, tmp_path) as app, app.app_context():
        migrations.upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=OPTIONS)
            assert compare_metadata(context, Base.metadata) == []


def test_the_names_of_the_files_say_their_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    script = ScriptDirectory.from_config(config)
    assert [part.revision for part in script.walk_revisions()] == migrations.known()[::-1]
    assert script.get_current_head() == migrations.newest()

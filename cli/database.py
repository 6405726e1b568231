"""flask db: bring the database to the newest form, back up before that, or go back."""

from typing import Any

import click
from flask.cli import with_appcontext

from config import ROOT


def _alembic() -> tuple[Any, Any]:
    # Alembic costs 60 ms and 12 MB, and web processes never migrate: imported when asked for.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return command, config


@click.group("db")
def group() -> None:
    """Create and migrate the database."""


@group.command()
@click.argument("revision", default="head")
@with_appcontext
def upgrade(revision: str) -> None:
    """Back up an existing database, then migrate it forward."""
    command, config = _alembic()
    command.upgrade(config, revision)


@group.command()
@click.argument("revision")
@with_appcontext
def downgrade(revision: str) -> None:
    """Go back to an older form; `base` empties the database."""
    command, config = _alembic()
    command.downgrade(config, revision)


@group.command()
@with_appcontext
def current() -> None:
    """Show which form the database has."""
    command, config = _alembic()
    command.current(config, verbose=True)


@group.command()
@click.option("-m", "--message", required=True)
@click.option("--rev-id", required=True, help="A number in sequence, as in 0002.")
@with_appcontext
def revision(message: str, rev_id: str) -> None:
    """Write a migration from the difference between models and database (for developers)."""
    command, config = _alembic()
    command.revision(config, message=message, rev_id=rev_id, autogenerate=True)

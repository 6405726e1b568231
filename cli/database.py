"""flask db: bring the database to the newest form, back up before that, or go back."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from services.admin import backups, migrations, tables
from services.authoring import searching
from services.session import reading, writing


@click.command()
@click.argument("revision", default="head")
@with_appcontext
def upgrade(revision: str) -> None:
    """Back up an existing database, then migrate it forward."""
    if _back_up_before(migrations.newest() if revision == "head" else revision):
        migrations.upgrade(revision)
        if revision == "head":
            with writing() as session:
                searching.build_when_empty(session)


@click.command()
@click.argument("revision")
@with_appcontext
def downgrade(revision: str) -> None:
    """Back up, then go back to an older form; `base` drops every table."""
    if _back_up_before(revision):
        migrations.downgrade(revision)


def _back_up_before(target: str) -> bool:
    """Whether there is a step to take; whatever it could hurt is in a backup then."""
    with reading() as session:
        connection = session.connection()
        current = migrations.current(connection)
        if current and current not in migrations.known():
            raise click.ClickException(f"A newer Threshold made this database (form {current}).")
        precious = current != target and tables.holds_rows(connection)
    if precious:
        click.echo(f"Backing up before the step from {current} to {target}")
        _back_up()
    return current != target


def _back_up() -> None:
    folder = backups.folder_of(current_app.extensions["threshold.settings"].instance)
    try:
        with reading() as session:  # and no journal entry: that table may have its older form
            made = backups.create(session, folder, datetime.now(UTC), lambda line: None)
    except OSError as error:
        raise click.ClickException(f"No backup, and so no step: {error}") from None
    click.echo(f"{made.path}: {made.manifest.rows} rows")


@click.command()
@with_appcontext
def current() -> None:
    """Show which form the database has."""
    with reading() as session:
        click.echo(migrations.current(session.connection()) or "no form yet")


@click.command()
@click.option("-m", "--message", required=True)
@click.option("--rev-id", required=True, help="A number in sequence, as in 0002.")
@with_appcontext
def revision(message: str, rev_id: str) -> None:
    """Write a migration from the difference between models and database (for developers)."""
    migrations.write(message, rev_id)

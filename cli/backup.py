"""flask backup: every row in one file, and back into an empty database."""

from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from services.admin import backups, restoring
from services.admin.archives import ArchiveError
from services.admin.restoring import NotEmpty

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option("--to", "folder", type=FOLDER, help="A folder instead of instance/backups/.")
@with_appcontext
def create(folder: Path | None) -> None:
    """Write one file with every row; people may go on working."""
    instance = current_app.extensions["threshold.settings"].instance
    try:
        backups.make(instance, datetime.now(UTC), click.echo, folder)
    except OSError as error:
        raise click.ClickException(f"No backup was made: {error}") from None


@click.command()
@click.argument("file", type=FILE)
@with_appcontext
def restore(file: Path) -> None:
    """Fill an empty database from a backup and bring it to the newest form."""
    try:
        restoring.restore(file, click.echo)
    except (ArchiveError, NotEmpty) as error:
        raise click.ClickException(str(error)) from None

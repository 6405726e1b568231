"""flask demo: an invented company, so that every page has something to show."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from services.admin.demo import loading
from services.errors import Conflict
from services.session import writing


@click.command()
@with_appcontext
def load() -> None:
    """Fill a fresh database; passwords are printed once. A second run changes nothing."""
    base_url = current_app.extensions["threshold.settings"].base_url
    try:
        with writing() as session:
            keys = loading.load(session, datetime.now(UTC), base_url, click.echo)
    except Conflict as error:
        raise click.ClickException(error.message) from None
    if not keys:
        click.echo("The demo is here already: nothing was changed.")
        return
    click.echo(f"Sign in at {base_url} with one of these. They are shown only now:")
    for key in keys:
        click.echo(f"  {', '.join(key.roles):18}  {key.email:38}  {key.password}")

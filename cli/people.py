"""flask people: add a person from the command line."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from services.accounts import people as service
from services.accounts import tokens
from services.actor import SYSTEM
from services.errors import Conflict, Invalid
from services.session import writing


@click.command()
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--role", "roles", multiple=True, required=True, help="May be given several times.")
@with_appcontext
def add(name: str, email: str, roles: tuple[str, ...]) -> None:
    """Add a member and print the link with which they choose a password."""
    now = datetime.now(UTC)
    try:
        with writing() as session:
            person_id = service.add_member(session, SYSTEM, name, email, roles, now)
            raw = tokens.issue(session, "join", person_id, now)
    except (Invalid, Conflict) as error:
        details = "; ".join(f"{k} {v}" for k, v in getattr(error, "fields", {}).items())
        raise click.ClickException(error.message or details) from None
    base = current_app.extensions["threshold.settings"].base_url
    click.echo(f"{base}/account/join/{raw}")

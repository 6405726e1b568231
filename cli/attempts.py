"""flask attempts: prove that kept numbers follow from the answers, or draw them again."""

import sys
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from services.assessment import scoring
from services.session import reading, writing


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 when a number differs.")
@with_appcontext
def rescore(check: bool) -> None:
    """Score every ended attempt again, under the present standard."""
    if not check:
        with writing() as session:
            click.echo(f"{scoring.rescore(session, datetime.now(UTC))} attempts scored")
        return
    with reading() as session:
        differences = scoring.rescore_check(session)
    for line in differences:
        click.echo(
            f"attempt {line.attempt_id}, {line.where}: {line.kept}, should be {line.found}: "
            f"{line.why}"
        )
    click.echo(f"{len(differences)} differences")
    sys.exit(1 if differences else 0)

"""flask measure: the heavy arithmetic, in a process that ends with it and gives its memory back."""

from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from services.actor import SYSTEM
from services.errors import Conflict
from services.measuring import asking, calibrating
from services.measuring import statistics as working_out
from services.session import writing


@click.command()
@click.argument("run_id", type=int)
@with_appcontext
def calibrate(run_id: int) -> None:
    """Carry out a calibration that was asked for in the browser."""
    calibrating.run(run_id, lambda: datetime.now(UTC), click.echo)


@click.command()
@click.argument("work_id", type=int, required=False)
@with_appcontext
def statistics(work_id: int | None) -> None:
    """Work out the statistics of items and forms: those that were asked for, or new ones."""
    now = datetime.now(UTC)
    if work_id is None:
        try:
            with writing() as session:
                work_id = asking.ask_statistics(session, SYSTEM, now)
        except Conflict as conflict:
            raise click.ClickException(conflict.message) from None
    working_out.run(work_id, lambda: datetime.now(UTC), click.echo)

"""flask serve jobs: what sends mail and sweeps."""

import os

import click
from flask import current_app

from cli.watch import end_with_supervisor
from jobs import worker


@click.command()
def jobs() -> None:
    """Send mail and sweep until a signal ends the process."""
    end_with_supervisor(os.environ)
    worker.run(current_app._get_current_object())  # type: ignore[attr-defined]

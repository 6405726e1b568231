"""Why a command does not go on, in one line and an exit code other than 0."""

from typing import Any

import click

from services.errors import Unavailable


class Group(click.Group):
    """Commands that need the database, and say so where it cannot be used."""

    def invoke(self, ctx: click.Context) -> Any:
        """As in click; a database that is away, locked or full is a line and no trace."""
        try:
            return super().invoke(ctx)
        except Unavailable as error:
            raise click.ClickException(f"The database cannot be used: {_reason(error)}") from None


def _reason(error: Unavailable) -> str:
    """What the driver says, in one line: it names the server and never the password."""
    cause = error.__cause__
    said = getattr(cause, "orig", None) or cause or error.message
    return " ".join(str(said).split())

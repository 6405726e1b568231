"""Floor 5, flask commands: one file per area. Each parses its words and calls one service."""

from flask import Flask

from cli import content, database, people

GROUPS = (
    database.group,
    people.group,
    content.group,
)


def install(app: Flask) -> None:
    """Add the commands to `flask --app app`."""
    for group in GROUPS:
        app.cli.add_command(group)

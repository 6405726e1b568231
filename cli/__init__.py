"""Floor 5, flask commands: one file per area. Each parses its words and calls one service."""

from flask import Flask

from cli import attempts, backup, content, database, demo, people, serve

GROUPS = (
    database.group,
    people.group,
    content.group,
    backup.group,
    demo.group,
    attempts.group,
    serve.group,
)


def install(app: Flask) -> None:
    """Add the commands to `flask --app app`."""
    for group in GROUPS:
        app.cli.add_command(group)

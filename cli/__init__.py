"""Floor 5, flask commands: one file per area. Each parses its words and calls one service.

A file is imported when one of its commands is asked for: the web process needs none but its own,
and would wait for all of them at every start.
"""

from importlib import import_module

import click
from flask import Flask

from cli.refusing import Group


class Late(Group):
    """A group that finds its commands in modules of this package when they are asked for."""

    def __init__(self, name: str, help: str, commands: dict[str, str]) -> None:
        """commands: name of a command -> module; the function is named like the command."""
        super().__init__(name, help=help)
        self._modules = commands

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._modules)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self._modules:
            return None
        module = import_module(f"cli.{self._modules[name]}")
        found: click.Command = getattr(module, name.replace("-", "_"))
        return found


def _all_in(module: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, module)


GROUPS = (
    Late(
        "db",
        "Create and migrate the database.",
        _all_in("database", "current", "downgrade", "revision", "upgrade"),
    ),
    Late("people", "Members of the company.", _all_in("people", "add")),
    Late(
        "content",
        "Lessons, items, forms and the framework.",
        _all_in("content", "check", "coverage", "export", "index", "load", "reading-levels"),
    ),
    Late("backup", "Make backups and restore them.", _all_in("backup", "create", "restore")),
    Late("demo", "Invented people with invented histories.", _all_in("demo", "load")),
    Late(
        "measure",
        "Calibrations, statistics and looks at fairness.",
        {**_all_in("measure", "calibrate", "statistics"), "fairness": "fairness"},
    ),
    Late("attempts", "Sittings and their scores.", _all_in("attempts", "rescore")),
    Late(
        "serve",
        "Prepare the installation, and run its web or its job process.",
        {"prepare": "prepare", "web": "web", "jobs": "jobs"},
    ),
)


def install(app: Flask) -> None:
    """Add the commands to `flask --app app`."""
    for group in GROUPS:
        app.cli.add_command(group)

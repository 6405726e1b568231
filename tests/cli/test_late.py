"""Commands are found when they are asked for, and not before."""

import subprocess
import sys

import click
import pytest

from cli import GROUPS, Late
from config import ROOT

COMMANDS = [(group, name) for group in GROUPS for name in group.list_commands(click.Context(group))]
LATE = (
    "cli.attempts", "cli.backup", "cli.content", "cli.database", "cli.demo", "cli.jobs",
    "cli.people", "cli.prepare", "cli.web", "jobs.worker", "services.admin.demo", "alembic",
)  # fmt: skip


@pytest.mark.parametrize(
    ("group", "name"), COMMANDS, ids=[f"{group.name} {name}" for group, name in COMMANDS]
)
def test_every_command_that_is_named_exists_under_its_name(group: Late, name: str) -> None:
    found = group.get_command(click.Context(group), name)
    assert isinstance(found, click.Command)
    assert found.name == name
    assert found.help


def test_another_name_is_no_command() -> None:
    group = GROUPS[0]
    assert group.get_command(click.Context(group), "vanish") is None


def test_a_name_that_no_module_has_is_found_out() -> None:
    """What the test above would say of a command that was taken out of its module."""
    group = Late("db", "Words.", {"vanish": "database"})
    with pytest.raises(AttributeError):
        group.get_command(click.Context(group), "vanish")


def test_the_site_starts_without_what_only_commands_need() -> None:
    code = (
        "import sys, app, cli\n"
        f"print(*sorted(name for name in {LATE!r} if name in sys.modules), sep=',')\n"
        "assert 'cli' in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""

"""A command that cannot go on says why in one line, without a trace."""

import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT
from tests.cli.site import environment, free_port

COMMANDS = (
    "db upgrade",
    "db current",
    "backup create",
    "content load",
    "demo load",
    "attempts rescore --check",
    "people add --name Ida --email ida@beilun.example --role learner",
)


def said(instance: Path, words: str, **settings: str) -> tuple[int, list[str]]:
    """The exit code of a command, and the lines of both its streams."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *words.split()],
        cwd=ROOT,
        env=environment(instance, **settings),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


@pytest.mark.parametrize("words", COMMANDS)
def test_a_database_that_is_away(tmp_path: Path, words: str) -> None:
    away = f"postgresql://threshold:a-password@127.0.0.1:{free_port()}/threshold"
    code, lines = said(tmp_path, words, database_url=away)
    assert code == 1
    (line,) = lines
    assert line.startswith("Error: The database cannot be used: connection failed")
    assert "a-password" not in line


def test_a_database_that_is_nowhere(tmp_path: Path) -> None:
    nowhere = f"sqlite:///{tmp_path}/no/such/folder/threshold.sqlite3"
    code, lines = said(tmp_path, "db upgrade", database_url=nowhere)
    assert (code, len(lines)) == (1, 1)
    assert "unable to open database file" in lines[0]


@pytest.mark.parametrize("words", ["db current", "--help"])
def test_wrong_settings_are_one_line_each(tmp_path: Path, words: str) -> None:
    code, lines = said(tmp_path, words, workers="many", colour="red")
    assert code == 1
    assert [line.split(":")[0] for line in lines] == ["THRESHOLD_WORKERS", "THRESHOLD_COLOUR"]

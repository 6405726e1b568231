"""The course as a folder under version control: git says what `content` changed and kept."""

import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from tests.cli.test_content import LESSON, edit_in_site, run

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")
NOBODY = ("-c", "user.name=Tao", "-c", "user.email=tao@academy.example", "-c", "commit.gpgsign=no")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository whose only commit is the course that the site has loaded."""
    made = Path(shutil.copytree(ROOT / "content", tmp_path / "repository"))
    git(made, "init", "-q", "-b", "main")
    commit(made, "The course")
    return made


def git(folder: Path, *words: str) -> str:
    command = ["git", *NOBODY, "-c", "core.autocrlf=false", *words]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True, timeout=60
    ).stdout


def commit(folder: Path, words: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", words)


def changed(folder: Path) -> list[str]:
    return [line[3:] for line in git(folder, "status", "--porcelain").splitlines()]


def add_line(folder: Path, words: str) -> None:
    lesson = folder / LESSON
    lesson.write_text(f"{lesson.read_text()}\n{words}\n")


def test_load_and_export_leave_the_repository_clean(app: Flask, folder: Path) -> None:
    """Byte for byte: also when every file is written anew."""
    assert run(app, "load", "--folder", str(folder))[0] == 0
    for name in git(folder, "ls-files").splitlines():
        (folder / name).unlink()
    code, out, _ = run(app, "export", "--folder", str(folder))
    assert code == 0
    lost = [name for name in changed(folder) if not name.endswith("README.md")]
    assert lost == [], out  # the guide for authors is no part of a course


def test_the_site_and_a_colleague_take_turns(app: Flask, folder: Path, tmp_path: Path) -> None:
    edit_in_site(app, "Written in the site.")
    assert run(app, "export", "--folder", str(folder))[0] == 0
    assert changed(folder) == [LESSON]
    commit(folder, "From the site")
    colleague = tmp_path / "colleague"
    git(tmp_path, "clone", "-q", str(folder), str(colleague))
    add_line(colleague, "Written by a colleague.")
    commit(colleague, "From a colleague")
    git(folder, "pull", "-q", "--ff-only", str(colleague), "main")
    assert run(app, "load", "--folder", str(folder))[1].startswith("0 new, 1 changed")
    assert run(app, "export", "--folder", str(folder))[:2] == (0, "0 files changed\n")
    assert changed(folder) == []


def test_edits_on_both_sides_wait_for_a_person(app: Flask, folder: Path, tmp_path: Path) -> None:
    """Neither command writes over the other's text; who merged it by hand brings it in."""
    edit_in_site(app, "Written in the site.")
    add_line(folder, "Written in the folder.")
    commit(folder, "From the folder")
    assert run(app, "load", "--folder", str(folder))[0] == 1
    assert run(app, "export", "--folder", str(folder))[0] == 1
    assert changed(folder) == []
    beside = tmp_path / "beside"
    beside.mkdir()
    assert run(app, "export", "--folder", str(beside))[0] == 0
    theirs = (beside / LESSON).read_text()
    assert theirs.endswith("Written in the site.\n")
    (folder / LESSON).write_text(theirs)
    assert run(app, "load", "--folder", str(folder))[0] == 0
    add_line(folder, "Written in the folder.")
    assert run(app, "load", "--folder", str(folder))[1].startswith("0 new, 1 changed")
    assert changed(folder) == [LESSON]
    assert run(app, "export", "--folder", str(folder))[:2] == (0, "0 files changed\n")

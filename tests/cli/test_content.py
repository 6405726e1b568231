"""flask content: words, exit codes, and what goes to which stream."""

import shutil
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "content", tmp_path / "content"))


def run(app: Flask, *words: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["content", *words])
    return result.exit_code, result.stdout, result.stderr


def test_sound_content_is_said_to_be_sound(app: Flask, folder: Path) -> None:
    assert run(app, "check", "--folder", str(folder))[:2] == (0, "The content is sound.\n")


def test_overdue_facts_are_a_warning_and_no_failure(app: Flask, folder: Path) -> None:
    lesson = folder / "courses/industry/know-what-you-sell.md"
    lesson.write_text(lesson.read_text().replace("review_by: 2027", "review_by: 2020"))
    code, out, warnings = run(app, "check", "--folder", str(folder))
    assert (code, out) == (0, "The content is sound.\n")
    assert warnings.startswith("warning: courses/industry/know-what-you-sell.md:17: review_by:")


def test_a_fault_is_named_and_fails_check_and_load(app: Flask, folder: Path) -> None:
    item = folder / "items/C2/C2-P01.yaml"
    item.write_text(item.read_text().replace("kind: single", "kind: riddle"))
    code, out, _ = run(app, "check", "--folder", str(folder))
    assert code == 1
    assert "items/C2/C2-P01.yaml:2: kind:" in out
    code, out, err = run(app, "load", "--folder", str(folder))
    assert code == 1
    assert "items/C2/C2-P01.yaml:2: kind:" in err
    assert out.startswith("0 new, 0 changed")


def test_load_and_export_go_round(app: Flask, folder: Path) -> None:
    lesson = folder / "courses/industry/know-what-you-sell.md"
    lesson.write_text(lesson.read_text() + "\nOne more line.\n")
    assert run(app, "load", "--folder", str(folder))[1].startswith("0 new, 1 changed")
    assert run(app, "load", "--folder", str(folder))[1].startswith("0 new, 0 changed")
    assert run(app, "export", "--folder", str(folder))[:2] == (0, "0 files changed\n")
    lesson.unlink()
    code, out, _ = run(app, "export", "--folder", str(folder))
    assert (code, out) == (0, "courses/industry/know-what-you-sell.md\n1 files changed\n")


def test_coverage_and_reading_levels_are_printed(app: Flask, folder: Path) -> None:
    code, out, _ = run(app, "coverage", "--folder", str(folder))
    assert code == 0
    assert out.startswith("# Where each claim is taught and asked\n")
    assert sum(line.startswith("| S") for line in out.splitlines()) == 97
    code, out, _ = run(app, "reading-levels", "--folder", str(folder))
    assert (code, out.splitlines()[-1].split()[1]) == (0, "items")

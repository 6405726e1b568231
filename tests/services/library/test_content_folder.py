"""`content check`: every fault of every file, of the bank as a whole, and what is overdue."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from config import ROOT
from services.library.content_folder import check

TODAY = date(2026, 11, 20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "content", tmp_path / "content"))


def test_the_shipped_content_is_sound() -> None:
    assert check(ROOT / "content", TODAY).problems == []


def test_overdue_facts_are_warnings_and_name_the_line() -> None:
    found = check(ROOT / "content", date(2099, 1, 1))
    assert found.problems == []
    assert found.warnings
    for warning in found.warnings:
        line = (ROOT / "content" / warning.path).read_text().splitlines()[(warning.line or 0) - 1]
        assert line.startswith("review_by:")


def test_a_bank_whose_keys_are_the_longest_options_is_faulty(folder: Path) -> None:
    for path in (folder / "items").rglob("*.yaml"):
        item = yaml.safe_load(path.read_text())
        if item["kind"] == "single":
            key = next(option for option in item["options"] if option.get("key"))
            key["text"] += ", and so it goes on for much longer than any of the others do here"
            path.write_text(yaml.safe_dump(item, allow_unicode=True, sort_keys=False))
    found = check(folder, TODAY)
    assert any(p.path == "items" and "longest" in p.message for p in found.problems)


def test_faults_name_file_line_and_field(folder: Path) -> None:
    lesson = folder / "courses/industry/know-what-you-sell.md"
    text = lesson.read_text()
    lesson.write_text(text.replace("competencies: [C3]", "competencies: [C9]"))
    (folder / "items/C2/C2-P02.yaml").write_bytes(b"\xff\xfe")
    (folder / "notes.docx").write_bytes(b"PK")
    found = [str(p) for p in check(folder, TODAY).problems]
    assert any(
        line.startswith("courses/industry/know-what-you-sell.md:6: competencies[1]:")
        for line in found
    )
    assert "items/C2/C2-P02.yaml: is not UTF-8 at byte 0" in found
    assert "notes.docx: is not a .md, .yaml or .svg file" in found

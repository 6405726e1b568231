"""`content check`: every fault of every file, of the bank as a whole, and what is overdue."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from config import ROOT
from domain.library.documents import DocumentError
from services.library.content_folder import Findings, check, covered, reading_levels
from services.library.loading import digest_of

TODAY = date(2026, 11, 20)
LESSON = "courses/industry/know-what-you-sell.md"


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
        assert line.startswith(("review_by:", "translation_of:"))


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


def translate(folder: Path, digest: str) -> Path:
    """A translation of the lesson that the tests edit, made from a text of this digest."""
    source = (folder / LESSON).read_text()
    told = folder / LESSON.replace(".md", ".zh_Hans.md")
    told.write_text(source.replace("---\n", f"---\ntranslation_of: {digest}\n", 1))
    return told


def of_lesson(found: Findings) -> list[str]:
    name = LESSON.replace(".md", ".zh_Hans.md")
    return [str(warning) for warning in found.warnings if warning.path == name]


def test_a_translation_of_an_older_text_is_a_warning_that_names_the_new_one(folder: Path) -> None:
    lesson = folder / LESSON
    before = digest_of(lesson.read_text())[:12]
    translate(folder, before)
    assert of_lesson(check(folder, TODAY)) == []
    lesson.write_text(lesson.read_text() + "\nOne more line.\n")
    after = digest_of(lesson.read_text())[:12]
    found = check(folder, TODAY)
    assert of_lesson(found) == [
        f"{LESSON.replace('.md', '.zh_Hans.md')}:2: translation_of: "
        f"the English text has changed since; it is {after} now"
    ]
    assert not any(problem.path.startswith(LESSON[:-3]) for problem in found.problems)


def test_what_the_house_rules_the_items_and_the_claims_ask_for_is_a_problem(folder: Path) -> None:
    lesson = folder / LESSON
    lesson.write_text(lesson.read_text() + "\nAsk the salesman, he has TODO it.\n")
    item = folder / "items/C2/C2-P02.yaml"
    other = yaml.safe_load((folder / "items/C2/C2-P01.yaml").read_text())
    item.write_text(yaml.safe_dump({**other, "id": "C2-P02"}, allow_unicode=True))
    claims = folder / "framework/claims.yaml"
    claims.write_text(claims.read_text() + '  - {id: S4-99, says: "The moon is a cheese."}\n')
    found = {(p.path, p.field) for p in check(folder, TODAY).problems}
    assert (LESSON, "words") in found
    assert ("items/C2/C2-P02.yaml", "near-duplicate") in found
    assert ("framework/claims.yaml", "claim-coverage") in found


def test_the_hardest_lesson_is_named_first(folder: Path) -> None:
    levels = reading_levels(folder)
    numbers = [level for _, level in levels[:-1]]
    assert numbers == sorted(numbers, reverse=True)
    assert levels[-1][0] == "items"
    assert not any(".zh_Hans." in path for path, _ in levels)


def test_coverage_of_a_faulty_folder_is_refused(folder: Path) -> None:
    (folder / "items/C2/C2-P02.yaml").write_text("id: C2-P02\nkind: riddle\n")
    with pytest.raises(DocumentError, match="C2-P02"):
        covered(folder)

"""flask content: words, exit codes, and what goes to which stream."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select

from config import ROOT
from models.library import Document
from models.media import Picture, PictureFile
from services.actor import SYSTEM
from services.library import loading
from services.library.compiling import compile_one
from services.session import reading, writing
from tests.conftest import Cast
from tests.services.authoring import bringing


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


LESSON = "courses/industry/know-what-you-sell.md"


def edit_in_site(app: Flask, words: str) -> None:
    """Somebody publishes a change in the browser."""
    with app.app_context(), writing() as session:
        source = loading.export(session)[LESSON]
        figures = {p: t for p, t in loading.export(session).items() if p.endswith(".svg")}
        document = compile_one(LESSON, f"{source}\n{words}\n", figures)
        document_id = session.scalar(select(Document.id).where(Document.path == LESSON))
        assert document_id is not None
        now = datetime.now(UTC)
        revision_id = loading.save_revision(session, document_id, document, SYSTEM, now)
        loading.publish(session, SYSTEM, document_id, revision_id, now)


def test_edits_on_both_sides_are_a_conflict_and_no_overwrite(app: Flask, folder: Path) -> None:
    """For a load and for an export: both texts stay where they are."""
    edit_in_site(app, "Written in the site.")
    lesson = folder / LESSON
    lesson.write_text(f"{lesson.read_text()}\nWritten in the folder.\n")
    code, out, err = run(app, "load", "--folder", str(folder))
    assert (code, "1 conflicts" in out) == (1, True)
    assert f"{LESSON}: changed here and in the site; the site's text is kept" in err
    code, out, err = run(app, "export", "--folder", str(folder))
    assert (code, out) == (1, "0 files changed\n")
    assert f"{LESSON}: changed here and in the site; the file is kept" in err
    assert lesson.read_text().endswith("Written in the folder.\n")


def test_an_edit_on_one_side_is_kept_by_the_other(app: Flask, folder: Path) -> None:
    lesson = folder / LESSON
    before = lesson.read_text()
    lesson.write_text(f"{before}\nWritten in the folder.\n")
    code, out, err = run(app, "export", "--folder", str(folder))
    assert (code, out) == (0, "0 files changed\n")
    assert "changed here only" in err
    assert lesson.read_text() != before
    lesson.write_text(before)
    edit_in_site(app, "Written in the site.")
    assert run(app, "load", "--folder", str(folder))[1].endswith(
        "1 kept as edited in the site, 0 conflicts\n"
    )
    assert run(app, "export", "--folder", str(folder))[1] == f"{LESSON}\n1 files changed\n"
    assert lesson.read_text().endswith("Written in the site.\n")


def test_pictures_go_out_and_in_with_the_texts(app: Flask, cast: Cast, folder: Path) -> None:
    bringing.add_picture(cast)
    edit_in_site(app, "![A crane](media:crane)")
    code, out, _ = run(app, "export", "--folder", str(folder))
    assert (code, out.splitlines()) == (
        0, [LESSON, "media/crane.png", "media/pictures.json", "3 files changed"],
    )  # fmt: skip
    with app.app_context(), writing() as session:
        session.execute(delete(Picture))
        session.execute(delete(PictureFile))
    assert run(app, "load", "--folder", str(folder))[0] == 0
    with app.app_context(), reading() as session:
        assert session.scalar(select(Picture.alt)) == "A crane"
    assert run(app, "export", "--folder", str(folder))[1] == "0 files changed\n"

"""The folder and the database: idempotent, byte for byte, and nobody's change is lost."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import ROOT
from models.library import Document, Publication, Published, Revision
from services.actor import SYSTEM
from services.library import catalogue, loading
from services.library.compiling import compile_one
from services.library.content_folder import export_folder, load_folder
from services.library.loading import LoadReport
from services.session import reading, writing
from tests.conftest import NOW

LATER = NOW + timedelta(days=1)
LESSON = "courses/industry/know-what-you-sell.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "content", tmp_path / "content"))


def load(app: Flask, folder: Path) -> LoadReport:
    with app.app_context():
        return load_folder(folder, LATER)


def edit_on_disk(folder: Path, path: str = LESSON, words: str = "changed on disk") -> str:
    text = (folder / path).read_text() + f"\nThis was {words}.\n"
    (folder / path).write_text(text)
    return text


def edit_in_site(app: Flask, words: str = "changed in the site") -> str:
    with app.app_context(), writing() as session:
        row = session.execute(
            select(Document.id, Revision.source)
            .join(Published, Published.document_id == Document.id)
            .join(Revision, Revision.id == Published.revision_id)
            .where(Document.path == LESSON)
        ).one()
        text = str(row.source) + f"\nThis was {words}.\n"
        figures = {p: s for p, s in loading.export(session).items() if p.endswith(".svg")}
        compiled = compile_one(LESSON, text, figures)
        revision = loading.save_revision(session, row.id, compiled, SYSTEM, NOW)
        loading.publish(session, SYSTEM, row.id, revision, NOW)
    return text


def revisions(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(Revision)) or 0


def shown(app: Flask) -> str:
    with app.app_context(), reading() as session:
        return loading.export(session)[LESSON]


def summary(report: LoadReport) -> dict[str, list[str]]:
    assert not report.problems
    names = ("created", "changed", "kept", "retired", "conflicts")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def test_a_second_load_changes_nothing(any_app: Flask, folder: Path) -> None:
    before = revisions(any_app)
    assert summary(load(any_app, folder)) == {}
    assert revisions(any_app) == before


def test_a_change_on_disk_becomes_a_revision(any_app: Flask, folder: Path) -> None:
    text = edit_on_disk(folder)
    assert summary(load(any_app, folder)) == {"changed": [LESSON]}
    assert shown(any_app) == text
    assert summary(load(any_app, folder)) == {}


def test_a_change_in_the_site_is_kept(any_app: Flask, folder: Path) -> None:
    text = edit_in_site(any_app)
    assert summary(load(any_app, folder)) == {"kept": [LESSON]}
    assert shown(any_app) == text


def test_a_change_on_both_sides_is_a_conflict_until_they_agree(
    any_app: Flask, folder: Path
) -> None:
    text = edit_in_site(any_app)
    edit_on_disk(folder)
    assert summary(load(any_app, folder)) == {"conflicts": [LESSON]}
    assert shown(any_app) == text
    (folder / LESSON).write_text(text)
    assert summary(load(any_app, folder)) == {}
    edit_on_disk(folder, words="changed again")
    assert summary(load(any_app, folder)) == {"changed": [LESSON]}


def test_the_same_change_on_both_sides_is_no_change(any_app: Flask, folder: Path) -> None:
    (folder / LESSON).write_text(edit_in_site(any_app))
    assert summary(load(any_app, folder)) == {}


def test_an_export_is_byte_for_byte_what_was_loaded(
    any_app: Flask, folder: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    with any_app.app_context(), writing() as session:
        written = export_folder(session, empty).changed
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        if path.is_file() and path.name != "README.md":
            assert (empty / name).read_bytes() == path.read_bytes(), name
            assert name.as_posix() in written


def test_an_export_settles_what_was_changed_in_the_site(any_app: Flask, folder: Path) -> None:
    text = edit_in_site(any_app)
    with any_app.app_context(), writing() as session:
        assert export_folder(session, folder).changed == [LESSON]
    assert (folder / LESSON).read_text() == text
    assert summary(load(any_app, folder)) == {}


def test_a_file_that_is_gone_retires_its_document_and_comes_back(
    any_app: Flask, folder: Path
) -> None:
    path = "courses/industry/figures/spare.svg"
    svg = '<svg class="chart" viewBox="0 0 9 9" role="img" aria-label="x"><path d="M0 0"/></svg>\n'
    (folder / path).write_text(svg)
    assert summary(load(any_app, folder)) == {"created": [path]}
    with any_app.app_context(), reading() as session:
        before = catalogue.version(session)
    (folder / path).unlink()
    assert summary(load(any_app, folder)) == {"retired": [path]}
    with any_app.app_context(), reading() as session:
        assert path not in loading.export(session)
        assert catalogue.version(session) > before
    assert summary(load(any_app, folder)) == {}
    (folder / path).write_text(svg)
    assert summary(load(any_app, folder)) == {"changed": [path]}


def test_one_problem_anywhere_and_nothing_is_changed(any_app: Flask, folder: Path) -> None:
    edit_on_disk(folder)
    (folder / "items/C2/C2-P01.yaml").write_text("id: C2-P01\nkind: nonsense\n")
    before = revisions(any_app)
    report = load(any_app, folder)
    assert any(p.path == "items/C2/C2-P01.yaml" and p.line for p in report.problems)
    assert revisions(any_app) == before


def test_each_publication_is_logged_and_journaled(app: Flask, folder: Path) -> None:
    with app.app_context(), reading() as session:
        before = session.scalar(select(func.max(Publication.id)))
    edit_on_disk(folder)
    load(app, folder)
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.max(Publication.id))) == (before or 0) + 1

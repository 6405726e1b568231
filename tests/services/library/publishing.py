"""Texts put into a test's database as a load would, without reading the whole folder again."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from sqlalchemy import insert, select

from config import ROOT
from models.library import Document
from services.actor import SYSTEM
from services.library import loading
from services.library.compiling import compile_one
from services.session import reading, writing
from tests.conftest import NOW


def text_of(app: Flask, path: str) -> str:
    """What is published at the path."""
    with app.app_context(), reading() as session:
        return loading.export(session)[path]


def put(app: Flask, path: str, source: str, now: datetime = NOW) -> int:
    """Publish a text at a path, new or not; gives back its revision."""
    figures = {
        p.relative_to(ROOT / "content").as_posix(): p.read_text()
        for p in (ROOT / "content/courses").rglob("*.svg")
    }
    compiled = compile_one(path, source, figures)
    with app.app_context(), writing() as session:
        document_id = session.scalar(select(Document.id).where(Document.path == path))
        if document_id is None:
            document_id = session.execute(
                insert(Document)
                .values(
                    kind=compiled.kind,
                    key=compiled.key,
                    lang=compiled.lang,
                    path=path,
                    created_at=now,
                )
                .returning(Document.id)
            ).scalar_one()
        revision_id = loading.save_revision(session, document_id, compiled, SYSTEM, now)
        loading.publish(session, SYSTEM, document_id, revision_id, now)
    return revision_id


def change(app: Flask, path: str, edit: Callable[[str], str]) -> int:
    """Publish the text at a path after an edit that changes it."""
    before = text_of(app, path)
    after = edit(before)
    assert after != before
    return put(app, path, after)

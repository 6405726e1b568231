"""The step from 0001 to 0002 and back: what people did stays, and what is new stands in the way."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import MetaData, Table, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError

from models.base import db
from services.admin import migrations
from services.session import reading, writing
from tests.migrations.databases import KINDS, empty_app

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
KEPT = (
    "person", "document", "revision", "published", "attempt", "attempt_item", "answer",
    "lesson_progress",
)  # fmt: skip
ROWS: dict[str, dict[str, Any]] = {
    "person": {
        "id": 1, "kind": "member", "name": "Lin Yue", "email": "lin@beilun.example",
        "subject": "s" * 32, "created_at": AT, "session_epoch": 0, "invented": False,
        "theme": "auto",
    },
    "document": {
        "id": 1, "kind": "form", "key": "placement", "lang": "en",
        "path": "forms/placement.yaml", "created_at": AT,
    },
    "revision": {
        "id": 1, "document_id": 1, "number": 1, "source": "id: placement\n", "digest": "d" * 64,
        "title": "Placement", "meta": {"items": ["C1-P01"]}, "html": "", "created_at": AT,
    },
    "published": {"document_id": 1, "revision_id": 1},
    "attempt": {
        "id": 1, "person_id": 1, "purpose": "placement", "form_revision_id": 1,
        "form_key": "placement", "lang": "en", "seed": 2**61, "state": "running",
        "open_key": "1:placement:placement", "lease": 1, "deadline": AT, "created_at": AT,
        "started_at": AT,
    },
    "attempt_item": {
        "id": 1, "attempt_id": 1, "position": 1, "revision_id": 1, "competency": "C1",
        "option_order": ["b", "a"],
    },
    "answer": {
        "id": 1, "attempt_id": 1, "position": 1, "lease": 1, "sequence": 1,
        "response": {"choice": "b"}, "elapsed_ms": 900, "received_at": AT,
    },
    "lesson_progress": {
        "person_id": 1, "lesson_key": "law/one", "revision_id": 1, "sections": ["s-one"],
        "last_section": "s-one", "started_at": AT, "touched_at": AT,
    },
}  # fmt: skip


@pytest.fixture(params=KINDS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A database of the form 0001 in which somebody read a lesson and answered a question."""
    with empty_app(request, request.param, tmp_path) as app:
        with app.app_context():
            migrations.upgrade("0001")
        for name, row in ROWS.items():
            add(app, name, row)
        yield app


def table(app: Flask, name: str) -> Table:
    """As the database has it: the models are of a later form."""
    with app.app_context():
        return Table(name, MetaData(), autoload_with=db.engine)


def add(app: Flask, name: str, row: dict[str, Any]) -> None:
    there = table(app, name)
    with app.app_context(), writing() as session:
        session.execute(insert(there).values(row))


def rows(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    tables = {name: table(app, name) for name in KEPT}
    with app.app_context(), reading() as session:
        return {
            name: [tuple(row) for row in session.execute(select(there))]
            for name, there in tables.items()
        }


def step(app: Flask, number: str) -> None:
    with app.app_context():
        (migrations.upgrade if number == "0002" else migrations.downgrade)(number)


def add_attempt(app: Flask, purpose: str, number: int) -> None:
    changed = {"id": number, "purpose": purpose, "form_key": "unit-law", "open_key": None}
    add(app, "attempt", ROWS["attempt"] | changed)


def add_document(app: Flask, kind: str) -> None:
    changed = {"id": 2, "kind": kind, "key": "law", "path": f"{kind}/law"}
    add(app, "document", ROWS["document"] | changed)


def add_assignment(app: Flask) -> None:
    row = {"id": 1, "person_id": 1, "module_key": "law", "due_on": AT.date(), "assigned_at": AT}
    add(app, "assignment", row)


def test_what_was_there_survives_both_ways(old: Flask) -> None:
    before = rows(old)
    assert all(len(found) == 1 for found in before.values())
    for number in ("0002", "0001", "0002"):
        step(old, number)
        assert rows(old) == before, number


def test_the_older_form_knows_no_units_and_no_glossaries(old: Flask) -> None:
    with pytest.raises(IntegrityError):
        add_attempt(old, "unit", 2)
    with pytest.raises(IntegrityError):
        add_document(old, "glossary")
    step(old, "0002")
    add_attempt(old, "unit", 2)
    add_document(old, "glossary")
    add_assignment(old)
    with pytest.raises(IntegrityError):
        add_attempt(old, "no-purpose", 3)
    with pytest.raises(IntegrityError):
        add_document(old, "no-kind")


def test_a_person_has_a_module_once_and_takes_it_along(old: Flask) -> None:
    step(old, "0002")
    add_assignment(old)
    with pytest.raises(IntegrityError):
        add_assignment(old)


@pytest.mark.parametrize("new", ["unit", "glossary"])
def test_the_way_back_is_refused_while_there_is_something_new(old: Flask, new: str) -> None:
    """Nothing is lost by the refusal: not even the table of the assignments."""
    step(old, "0002")
    add_assignment(old)
    if new == "unit":
        add_attempt(old, "unit", 2)
    else:
        add_document(old, "glossary")
    before = rows(old)
    with pytest.raises(IntegrityError):
        step(old, "0001")
    with old.app_context():
        db.engine.dispose()
    assert rows(old) == before
    with old.app_context(), reading() as session:
        assert migrations.current(session.connection()) == "0002"
        assert session.scalars(text("SELECT module_key FROM assignment")).all() == ["law"]
        left = inspect(session.connection()).get_table_names()
    assert not [name for name in left if name.startswith("_alembic")]


def test_foreign_keys_are_kept_and_watched_afterwards(old: Flask) -> None:
    for number in ("0002", "0001", "0002"):
        step(old, number)
    with pytest.raises(IntegrityError), old.app_context(), writing() as session:
        session.execute(text("DELETE FROM attempt"))
    with old.app_context(), reading() as session:
        if session.connection().dialect.name == "sqlite":
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
            assert session.scalar(text("PRAGMA foreign_keys")) == 1

"""What was recorded stays: no statement changes or drops it, but those of erasure.

What a statement names is read from the code; what runs is watched on a real database.
"""

import ast
import re

import pytest
from flask import Flask
from sqlalchemy import delete, event, update

from config import ROOT
from models.base import db
from models.journal import JournalEntry
from services.session import writing
from tests.architecture import rules
from tests.conftest import Cast
from tests.services.admin import canary

# Class -> the one file that may change its rows, and how: docs/decisions/0013-erasure.md.
APPEND_ONLY = {
    "JournalEntry": None,
    "Answer": "services/assessment/keeping.py",
    "ApprovalRule": None,
    "AttemptGrant": None,
    "CarryChoice": None,
    "Decision": None,
    "Estimate": "services/competencies/keeping.py",
    "Evidence": "services/competencies/keeping.py",
    "HeldDecision": None,
    "Publication": None,
    "Rating": None,
    "Revision": "services/authoring/beginning.py",  # of a lesson that nobody ever published
}
CHANGING = ("update", "delete")
# `for table in (...): update(table)`: the tuple is read where it stands.
LOOPED = re.compile(r"for (\w+) in \(([^)]*)\)")


def changed(source: str, name: str) -> list[str]:
    """Statements that update or delete rows of append-only tables, where they may not."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        if called not in CHANGING:
            continue
        for table in _tables(source, ast.unparse(node.args[0])):
            if table in APPEND_ONLY and APPEND_ONLY[table] != name:
                found.append(f"{name}:{node.lineno} {called}s {table}")
    return found


def _tables(source: str, word: str) -> list[str]:
    looped = [names for variable, names in LOOPED.findall(source) if variable == word]
    return [name.strip() for names in looped for name in names.split(",")] or [
        word.removesuffix(".__table__")
    ]


def test_nothing_that_was_recorded_is_changed() -> None:
    broken = [
        fault
        for path in rules.python_files(ROOT)
        for fault in changed(path.read_text(), path.relative_to(ROOT).as_posix())
    ]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(
    "flaw",
    [
        "session.execute(update(JournalEntry).values(actor_id=1))",
        "session.execute(delete(Decision).where(Decision.id == 1))",
        "for table in (Evidence, Estimate):\n    session.execute(update(table))",
        "session.execute(delete(Answer.__table__))",
    ],
)
def test_a_planted_change_is_found(flaw: str) -> None:
    assert changed(flaw, "planted")


def test_a_whole_life_changes_no_line_of_the_journal(any_app: Flask, cast: Cast) -> None:
    """A candidate and a learner with everything that they leave, watched statement by statement."""
    tampering = re.compile(
        r'\s*(UPDATE|DELETE FROM)\s+"?(journal|evidence|answer|decision)\b', re.I
    )
    seen: list[str] = []

    def watch(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if tampering.match(statement):
            seen.append(statement)

    with any_app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", watch)
    try:
        canary.settle(any_app, cast)
        assert not seen
        with any_app.app_context(), writing() as session:
            session.execute(update(JournalEntry).where(JournalEntry.id == 0).values(actor_id=1))
            session.execute(delete(JournalEntry).where(JournalEntry.id == 0))
        assert len(seen) == 2, "the watch sees what it is there for"
    finally:
        event.remove(engine, "before_cursor_execute", watch)

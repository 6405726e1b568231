"""Audit log, mail, backups and system, as an admin sees them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select

from models.accounts import Person
from models.journal import JournalEntry, OutboxEntry
from services import journal, outbox
from services.actor import SYSTEM
from services.admin import backups
from services.admin.audit import Filter, audit_page
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import Cast
from tests.statements import counted

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
Call = Callable[..., Caller]


def happen(app: Flask, cast: Cast, count: int) -> None:
    """Lin finishes lessons, and Anna looks after Eve."""
    lin, anna = cast.actor("lin"), cast.actor("anna")
    with app.app_context(), writing() as session:
        for number in range(count):
            at = NOW + timedelta(minutes=number)
            journal.append(session, lin, "lesson.finished", "document", number + 1, at, revision=7)
        journal.append(session, anna, "person.disabled", "person", cast.eve, NOW)


def test_the_log_is_read_in_a_constant_number_of_statements(
    any_app: Flask, cast: Cast, caller: Call
) -> None:
    anna = caller("anna")
    with counted(any_app) as few:
        assert anna.get("/admin/audit").status_code == 200
    happen(any_app, cast, 120)
    with counted(any_app) as many:
        page = anna.get("/admin/audit").get_data(as_text=True)
    assert len(few) == len(many)
    assert "Eve Okafor" in page
    assert page.count("<tr>") == 1 + 50


def test_the_log_goes_on_where_the_page_ended(any_app: Flask, cast: Cast) -> None:
    happen(any_app, cast, 120)
    anna, seen = cast.actor("anna"), list[int]()
    before: int | None = None
    with any_app.app_context(), reading() as session:
        while True:
            wanted = Filter(event="lesson.finished")
            page = audit_page(session, anna, wanted, before)
            seen += [entry.id for entry in page.entries]
            if (before := page.older) is None:
                break
    assert len(seen) == 120
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("event=person.disabled", "Eve Okafor", "document 1"),
        ("person=eve@", "person.disabled", "document 1"),
        ("person=Lin", "lesson.finished", "person.disabled</code></a></th>"),
        ("object=document+2", "document 2<", "document 1<"),
        ("object=document", "document 1<", "Eve Okafor"),
        ("object=ship+999999999999999999999", "No entry fits", "Lin Yue"),
        ("before=1", "No entry fits", "Lin Yue"),
        ("before=99999999999999999999", "Eve Okafor", "No entry fits"),
        ("before=-1&event=%00&person=%27", "No entry fits", "Lin Yue"),
    ],
)
def test_the_log_is_filtered(
    any_app: Flask, cast: Cast, caller: Call, query: str, found: str, missing: str
) -> None:
    happen(any_app, cast, 3)
    answer = caller("anna").get(f"/admin/audit?{query}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert found in page
    assert missing not in page


def test_whoever_was_erased_has_an_id_but_no_name(app: Flask, cast: Cast, caller: Call) -> None:
    with app.app_context(), writing() as session:
        journal.append(session, SYSTEM, "person.erased", "person", 4321, NOW)
        session.execute(delete(Person).where(Person.id == 4321))
    page = caller("anna").get("/admin/audit?event=person.erased").get_data(as_text=True)
    assert "person 4321, erased" in page
    assert "the house" in page


def test_a_test_mail_is_asked_for(any_app: Flask, cast: Cast, caller: Call) -> None:
    anna = caller("anna")
    assert anna.post("/admin/mail/test").status_code == 303
    with any_app.app_context(), reading() as session:
        asked = select(OutboxEntry.data).where(OutboxEntry.task == "mail.test")
        assert session.scalars(asked).all() == [{"person_id": cast.anna}]
    page = anna.get("/admin/mail").get_data(as_text=True)
    assert "No mail leaves this installation" in page
    assert "Waiting" in page


def test_what_became_of_mail(app: Flask, cast: Cast, caller: Call) -> None:
    rows = [
        {"done_at": NOW, "tries": 1, "error": None, "data": {"person_id": cast.lin}},
        {"done_at": None, "tries": 2, "error": "SMTPError", "data": {"invitation_id": 7}},
        {"done_at": None, "tries": outbox.TRIES, "error": "OSError", "data": {"person_id": 0}},
    ]
    with app.app_context(), writing() as session:
        common = {"task": "mail.reset", "created_at": NOW, "due_at": NOW}
        session.execute(insert(OutboxEntry), [common | row for row in rows])
    page = caller("anna").get("/admin/mail").get_data(as_text=True)
    for words in ("Lin Yue", "Written", "invitation 7", "SMTPError; tried 2", "Given up", "nobody"):
        assert words in page


def test_a_backup_is_asked_for_once_and_its_state_is_shown(
    any_app: Flask, cast: Cast, caller: Call
) -> None:
    anna = caller("anna")
    assert "No backup yet" in anna.get("/admin/backups").get_data(as_text=True)
    for _ in range(2):
        assert anna.post("/admin/backups").status_code == 303
    page = anna.get("/admin/backups").get_data(as_text=True)
    assert "waits for the job process" in page
    with any_app.app_context():
        instance = Path(any_app.extensions["threshold.settings"].instance)
        with writing() as session:
            (entry,) = session.scalars(
                select(OutboxEntry).where(OutboxEntry.task == "backup.create")
            )
            outbox.claim(session, entry.id, datetime.now(UTC))
            entry_id = entry.id
        folder = backups.folder_of(instance)
        folder.mkdir(exist_ok=True)
        (folder / ".progress").write_text("7/27 person: 8 rows")
        running = anna.get("/admin/backups/work")
        assert "7 of 27 tables" in running.get_data(as_text=True)
        assert "HX-Refresh" not in running.headers
        made = backups.make_in_background(instance, datetime.now(UTC))
        with writing() as session:
            outbox.done(session, entry_id, datetime.now(UTC))
    assert anna.get("/admin/backups/work").headers["HX-Refresh"] == "true"
    page = anna.get("/admin/backups").get_data(as_text=True)
    assert made.path.name in page
    assert not (folder / ".progress").exists()
    with any_app.app_context(), reading() as session:
        asked = session.scalars(select(JournalEntry).where(JournalEntry.event == "backup.asked"))
        assert [entry.actor_id for entry in asked] == [cast.anna]


def test_a_file_that_is_no_backup_is_said_to_be_none(app: Flask, caller: Call) -> None:
    folder = backups.folder_of(Path(app.extensions["threshold.settings"].instance))
    folder.mkdir(exist_ok=True)
    broken = folder / "threshold-20261119T010203Z.tar.gz"
    broken.write_bytes(b"half")
    try:
        assert "Cannot be read" in caller("anna").get("/admin/backups").get_data(as_text=True)
    finally:
        broken.unlink()


def test_the_system_is_shown_without_its_secrets(
    any_app: Flask, caller: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = any_app.extensions["threshold.settings"]
    told = replace(
        settings,
        smtp_url="smtps://mailer:hunter2@mail.example:465",
        redis_url="redis://:hunter3@redis.example:6379/0",
    )
    monkeypatch.setitem(any_app.extensions, "threshold.settings", told)
    page = caller("anna").get("/admin/system").get_data(as_text=True)
    assert "smtps://mail.example:465" in page
    assert "redis://redis.example:6379/0" in page
    for secret in ("hunter2", "hunter3", "mailer", settings.secret_key, "postgres@", "SECRET_KEY"):
        assert secret not in page
    assert "Newest" in page

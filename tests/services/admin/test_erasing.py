"""Whoever is erased is found nowhere again: no table, no file, no free page, no backup restored."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from jobs import erasing as jobs
from models.accounts import Erasure, Person
from models.assessment import Attempt
from models.base import Base
from models.journal import JournalEntry, OutboxEntry
from models.measuring import Work
from services.accounts import keeping as accounts
from services.actor import Actor
from services.admin import backups, erased, erasing, leftovers, restoring
from services.assessment import keeping as assessment
from services.assessment import scoring
from services.competencies import keeping as competencies
from services.errors import Forbidden, Invalid, NotFound
from services.hiring import access as hiring_access
from services.hiring import keeping as hiring
from services.learning import keeping as learning
from services.marking import keeping as marking
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.migrations.databases import empty_app
from tests.services.admin import canary
from tests.services.admin.canary import Canary

# What becomes of each column that points at people or at what they wrote. A new column has to say.
BY_STREET = "taken away or emptied by its street"
STAYS = "a number of whoever did something: it leads to a row without a name"
COLUMNS = {
    "accommodation.person_id": BY_STREET,
    "accommodation_request.words_id": BY_STREET,
    "accommodation_request.answer_id": BY_STREET,
    "assignment.person_id": BY_STREET,
    "application.person_id": STAYS,
    "attempt.person_id": STAYS,
    "attempt_grant.reason_id": BY_STREET,
    "blind_view.person_id": BY_STREET,
    "bulk_action.person_id": STAYS,
    "contest.text_id": BY_STREET,
    "contest.answer_id": BY_STREET,
    "credential.person_id": BY_STREET,
    "decision.reason_id": BY_STREET,
    "erasure.person_id": STAYS,
    "estimate.subject": BY_STREET,
    "evidence.subject": BY_STREET,
    "free_text.author_id": STAYS,
    "hire.member_id": BY_STREET,
    "held_decision.reason_id": BY_STREET,
    "interview_rating.note_id": BY_STREET,
    "invitation_import.rows_id": "emptied within a day by its own sweep; the name is taken out",
    "lesson_progress.person_id": BY_STREET,
    "letter.subject_id": BY_STREET,
    "letter.body_id": BY_STREET,
    "mention.note_id": BY_STREET,
    "mention.person_id": BY_STREET,
    "module_pass.person_id": BY_STREET,
    "person_role.person_id": BY_STREET,
    "position_member.person_id": BY_STREET,
    "rating.note_id": BY_STREET,
    "rating.rater_id": STAYS,
    "recovery_code.person_id": BY_STREET,
    "revision.author_id": STAYS,
    "saved_view.person_id": BY_STREET,
    "saved_view.name_id": BY_STREET,
    "scorecard.person_id": STAYS,
    "second_factor.person_id": BY_STREET,
    "self_rating.person_id": BY_STREET,
    "unclear_mark.person_id": BY_STREET,
    "voluntary_answer.subject": BY_STREET,
    "person.subject": BY_STREET,
}
# What the company wrote for a lesson, a question or a position stays; a name in it is taken out.
FOR_ALL = dict.fromkeys(
    (
        "api_key.name_id",
        "due_publication.reason_id",
        "key_fix.reason_id",
        "line_comment.text_id",
        "position_words.text_id",
        "review.text_id",
    ),
    "written for a lesson, a question or a position",
)


def columns() -> set[str]:
    """Columns that point at free text, belong to a person or hold a subject.

    Who did something stands in columns that end in _by: a number that leads to no name any more.
    """
    found = set()
    for table in Base.metadata.tables.values():
        for column in table.columns:
            keys = {key.target_fullname for key in column.foreign_keys}
            person = "person.id" in keys and not column.name.endswith("_by")
            if "free_text.id" in keys or person or column.name == "subject":
                found.add(f"{table.name}.{column.name}")
    return found


def test_every_column_about_people_says_what_becomes_of_it() -> None:
    said = COLUMNS.keys() | FOR_ALL.keys()
    assert columns() <= said, "say here and in services/*/keeping.py what becomes of it"
    assert said <= columns() | {"second_factor.person_id"}


def ask_all(app: Flask, cast: Cast, zoe: Canary) -> None:
    with app.app_context(), writing() as session:
        erasing.ask_erasure(session, Actor(zoe.candidate), zoe.candidate, NOW)
        erasing.ask_erasure(session, cast.actor("anna"), zoe.member, NOW)


def work(app: Flask, task: str) -> None:
    """Do what waits in the outbox of one kind, as the job process does it."""
    with app.app_context(), reading() as session:
        entries = session.execute(
            select(OutboxEntry.data).where(OutboxEntry.task == task).order_by(OutboxEntry.id)
        ).all()
    with app.app_context():
        for (data,) in entries:
            jobs.TASKS[task](data)


def test_nothing_is_left_of_the_canary(
    any_app: Flask, cast: Cast, capfd: pytest.CaptureFixture[str]
) -> None:
    app, folder = any_app, Path(any_app.instance_path)
    zoe = canary.settle(app, cast)
    assert {path.suffix for path in canary.take_along(app, cast, zoe)} == {".csv", ".xlsx", ".pdf"}
    before = canary.anonymous(app)
    assert dump(app).keys() >= {"person", "free_text", "answer"}, "the traces are laid"
    found = canary.in_files(folder)
    assert {"outbox", "exports"} <= {Path(name).parts[0] for name in found}
    assert {Path(name).suffix for name in found} >= {".csv", ".xlsx"}, "tables name them"
    ask_all(app, cast, zoe)
    canary.queue_all(app)
    assert (folder / "jobs.sqlite3").stat().st_size, "the queue knows numbers alone, at any time"
    assert not [name for name in canary.in_files(folder) if name.startswith("jobs.")]
    work(app, erasing.TASK)
    assert dump(app, zoe.subjects) == {}
    sqlite = app.extensions["threshold.settings"].is_sqlite
    if sqlite:
        assert canary.in_files(folder), "what was erased still stands in pages that are free"
    work(app, "tidying.run")
    assert canary.in_files(folder) == {}
    assert canary.made_files(folder) == [], "also the paper, which cannot be searched"
    assert canary.traced({"logs": "".join(capfd.readouterr())}) == {}
    assert canary.anonymous(app) == before, "figures rest on the same rows"
    with app.app_context(), reading() as session:
        assert not scoring.rescore_check(session), "every mark is worth what it was"
        people = session.execute(
            select(Person.name, Person.email, Person.erased_at).where(Person.id.in_(zoe.both))
        ).all()
        assert {(row.name, row.email) for row in people} == {(accounts.ERASED, None)}
        assert all(row.erased_at for row in people)
        assert session.scalars(select(Work.state).where(Work.task == "tidying.run")).all() == [
            "done"
        ]
        with pytest.raises(NotFound):
            hiring_access.application(session, cast.actor("min"), zoe.application)
    marks = erased.marks([folder / "backups"])
    assert marks >= {erased.mark_of(subject) for subject in zoe.subjects}


def dump(app: Flask, more: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Tables in which a trace stands."""
    with app.app_context(), reading() as session:
        return canary.traced(canary.dumped(session.connection()), more)


def test_an_area_that_forgets_is_found(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each street in turn keeps what it has: the search above would see every one of them."""
    zoe = canary.settle(app, cast)
    streets: tuple[Any, ...] = (hiring, marking, assessment, competencies, accounts)
    for forgetful in (*streets, None):
        with monkeypatch.context() as planted:
            if forgetful:
                planted.setattr(forgetful, "erase", lambda *_: None)
            left = erased_for_a_moment(app, zoe)
        assert bool(left) == bool(forgetful), (forgetful, left)
    with monkeypatch.context() as planted:
        planted.setattr(learning, "erase", lambda *_: None)
        assert erased_for_a_moment(app, zoe, "lesson_progress")
    assert not erased_for_a_moment(app, zoe, "lesson_progress")


def erased_for_a_moment(app: Flask, zoe: Canary, table: str = "") -> dict[str, list[str]]:
    """The traces that are left, or the person's rows in a table; then nothing has happened."""
    with app.app_context(), reading() as session:  # which takes back whatever is done in it
        for person_id in zoe.both:
            who = accounts.leaving(session, person_id)
            assert who is not None
            erasing.erase(session, who, NOW)
        texts = canary.dumped(session.connection())
    if table:
        return {table: [texts[table]]} if texts[table] else {}
    return canary.traced(texts, zoe.subjects)


def test_a_mail_to_somebody_else_that_names_them_goes_too(app: Flask, cast: Cast) -> None:
    folder = Path(app.instance_path) / "outbox"
    folder.mkdir(exist_ok=True)
    head = b"To: min@beilun.example\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    coded = head + b"Content-Transfer-Encoding: quoted-printable\n\nZo=C3=AB O'Quillcanary is here"
    names = {"named.eml": coded, "other.eml": head + b"\nSun Yi is here", "cut.eml": b"\xff\x00"}
    for name, content in names.items():
        (folder / name).write_bytes(content)
    who = accounts.Leaving(1, "candidate", "s", "t", (canary.NAME, canary.MAIL))
    leftovers.remove(Path(app.instance_path), who)
    assert not (folder / "named.eml").exists()
    assert (folder / "other.eml").exists()
    for name in ("other.eml", "cut.eml"):
        (folder / name).unlink()


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Li", "Li and Liang saw Mali, then LI.", "[erased] and Liang saw Mali, then [erased]."),
        ("王芳", "问王芳关于价格", "问[erased]关于价格"),
        ("A.B*", "A.B* is not AxBB", "[erased] is not AxBB"),
    ],
)
def test_only_whole_names_are_taken_out_of_texts(name: str, text: str, left: str) -> None:
    who = accounts.Leaving(1, "candidate", "s", "t", (name,))
    assert who.pattern.sub(accounts.ERASED, text) == left


def test_nobody_without_words_matches_everything() -> None:
    assert not accounts.Leaving(1, "candidate", "s", "t", ()).pattern.search("anything")


def test_who_may_ask_for_whom(app: Flask, cast: Cast) -> None:
    zoe = canary.settle(app, cast)

    def asks(who: Actor, whom: int) -> None:
        with app.app_context(), writing() as session:
            erasing.ask_erasure(session, who, whom, NOW)

    for name in ("lin", "tao", "lei", "min"):
        with pytest.raises(Forbidden):
            asks(cast.actor(name), zoe.member)
    for name in ("lin", "tao", "lei"):
        with pytest.raises(Forbidden):
            asks(cast.actor(name), zoe.candidate)
    with pytest.raises(Invalid):
        asks(cast.actor("anna"), cast.anna)
    with pytest.raises(NotFound):
        asks(cast.actor("anna"), 987_654_321)
    asks(cast.actor("min"), zoe.candidate)
    asks(cast.actor("anna"), zoe.candidate)
    with app.app_context(), reading() as session:
        row = session.get(Erasure, zoe.candidate)
        assert row is not None
        assert (row.cause, row.asked_by) == ("recruiter", cast.min), "the first one counts"
        asked = select(JournalEntry.id).where(JournalEntry.event == "erasure.asked")
        assert len(session.scalars(asked).all()) == 1
        assert session.scalar(select(Person.disabled_at).where(Person.id == zoe.candidate))


def test_a_job_that_comes_twice_or_for_nobody_does_nothing(app: Flask, cast: Cast) -> None:
    zoe = canary.settle(app, cast)
    folder = Path(app.instance_path)
    with app.app_context():
        assert not erasing.carry_out(folder, zoe.candidate, NOW), "nobody has asked"
        assert not erasing.carry_out(folder, 987_654_321, NOW)
    with app.app_context(), writing() as session:
        erasing.ask_erasure(session, cast.actor("min"), zoe.candidate, NOW)
    with app.app_context():
        assert erasing.carry_out(folder, zoe.candidate, NOW)
        assert not erasing.carry_out(folder, zoe.candidate, NOW)
    with app.app_context(), reading() as session:
        done = select(JournalEntry.id).where(JournalEntry.event == "person.erased")
        assert len(session.scalars(done).all()) == 1
        kept = session.scalar(select(Attempt.id).where(Attempt.person_id == zoe.candidate))
        assert kept is not None


def test_a_restored_backup_is_erased_again(
    request: pytest.FixtureRequest, app: Flask, cast: Cast, tmp_path: Path
) -> None:
    zoe = canary.settle(app, cast)
    heard: list[str] = []
    with app.app_context():
        made = backups.make(Path(app.instance_path), NOW, heard.append).path
    ask_all(app, cast, zoe)
    work(app, erasing.TASK)
    with empty_app(request, "sqlite", tmp_path / "new") as restored:
        with restored.app_context():
            restoring.restore(made, heard.append)
        assert dump(restored, zoe.subjects) == {}
        with restored.app_context(), reading() as session:
            assert session.scalar(select(Person.name).where(Person.id == cast.lin)) == "Lin Yue"
            assert not scoring.rescore_check(session)
    assert any("Erased again: 2" in line for line in heard)
    made.unlink()

"""Somebody with an odd name who leaves traces everywhere, and the search for these traces."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

from flask import Flask
from sqlalchemy import Connection, insert, select, update

from jobs import mail
from jobs.queue import open_queue
from jobs.worker import Pump
from models.accounts import FreeText, Person
from models.competencies import Estimate, Evidence, SelfRating
from models.fairness import VoluntaryAnswer
from models.hiring import Application, Invitation
from models.learning import Assignment, LessonProgress
from models.library import Revision
from models.measuring import Work
from services.accounts import second_factor, signing_in
from services.accounts.people import add_member
from services.actor import SYSTEM, Actor
from services.admin import backups, tables
from services.hiring import deciding, exports, printing
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening
from tests.services.marking import answering

NAME = "Zoë O'Quillcanary"
MAIL = "zoe.quillcanary@mail.example"
MEMBER_MAIL = "zoe.q@beilun.example"
NEW_MAIL = "zoe.new@beilun.example"
# What was written by them and about them: none of it holds the name.
ANSWER = "Dear buyer, kestrel heron plover: we ship on Friday."
CONTEST = "The question is unclear: kestrel heron lapwing."
RATER = "Polite, but vague: kestrel heron avocet."
NOTE = "A calm talk on the phone: kestrel heron bittern."
REASON = "Strong in costs: kestrel heron curlew."
REMARK = "My line was down: kestrel heron dunlin."
# What others wrote about others, with the name in it.
MENTION = f"Ask {NAME} or write to {MAIL} about the sheet: sandpiper."
TRACES = ("quillcanary", "zoe.q@", "zoe.new@", "kestrel heron")


@dataclass(frozen=True)
class Canary:
    """The same somebody twice: as a candidate and as a member. subjects: as evidence knew them."""

    candidate: int
    member: int
    application: int
    attempt: int
    subjects: tuple[str, ...]

    @property
    def both(self) -> tuple[int, int]:
        return self.candidate, self.member


def settle(app: Flask, cast: Cast) -> Canary:
    """A candidate with a result, notes, a decision and a mail; a learner with everything."""
    position = opening.open_position(app, cast)
    invited = opening.invite(app, cast, position, NAME, email=MAIL)
    application = opening.sit(app, invited, keyed=3)
    with app.app_context():
        candidate = opening.person_of(invited)
    with app.app_context(), writing() as session:
        member = add_member(session, SYSTEM, NAME, MEMBER_MAIL, ("learner",), NOW)
        session.execute(update(Person).where(Person.id == member).values(pending_email=NEW_MAIL))
        signing_in.set_password(session, SYSTEM, member, "orange tram quietly sleeping", NOW)
        second_factor.begin(session, Actor(member), NOW)
    cast.ids["zoe"] = member
    _write_about(app, cast, application, candidate)
    attempt = _study(app, cast, member)
    _send_mail(app, application, member)
    with app.app_context(), reading() as session:
        subjects = session.scalars(select(Person.subject).where(Person.id.in_((candidate, member))))
        return Canary(candidate, member, application, attempt, tuple(subjects))


def _write_about(app: Flask, cast: Cast, application: int, candidate: int) -> None:
    recruiter, manager = cast.actor("min"), cast.actor("lei")
    own = Actor(candidate, "", frozenset({"candidate"}))
    with app.app_context(), writing() as session:
        deciding.write_note(session, recruiter, application, f"{NOTE} {NAME}", NOW)
        deciding.decide(session, manager, application, "hold", "evidence", REASON, NOW)
        deciding.write_remark(session, own, REMARK, NOW)
    with app.app_context(), writing() as session:
        subject = session.scalar(select(Person.subject).where(Person.id == candidate))
        session.execute(
            insert(VoluntaryAnswer).values(subject=subject, question="gender", answer="woman")
        )
        session.execute(
            insert(FreeText).values(
                author_id=cast.lei, about_kind="revision", about_id=1, body=MENTION, created_at=NOW
            )
        )
        spelled = json.dumps([{"name": NAME, "email": MAIL}, {"name": "Sun Yi"}])
        session.execute(
            insert(FreeText).values(
                author_id=cast.min, about_kind="import", about_id=1, body=spelled, created_at=NOW
            )
        )


def _study(app: Flask, cast: Cast, member: int) -> int:
    answer_id = answering.hand_in(cast, "zoe", ANSWER)
    attempt = answering.attempt_of(cast, answer_id)
    answering.rate(cast, "tao", answer_id, (1, 2), RATER)
    answering.contest(cast, "zoe", attempt, 1, CONTEST)
    with app.app_context(), writing() as session:
        revision_id = session.scalar(select(Revision.id).limit(1))
        session.execute(insert(SelfRating).values(
            person_id=member, competency="C1", level=4, created_at=NOW
        ))  # fmt: skip
        session.execute(insert(LessonProgress).values(
            person_id=member, lesson_key="law/one", revision_id=revision_id, sections=["s-one"],
            last_section="s-one", started_at=NOW, touched_at=NOW,
        ))  # fmt: skip
        session.execute(insert(Assignment).values(
            person_id=member, module_key="law", due_on=NOW.date(), assigned_at=NOW
        ))  # fmt: skip
    return attempt


def _send_mail(app: Flask, application: int, member: int) -> None:
    """Real mails in the outbox folder."""
    with app.app_context(), writing() as session:
        invitation = session.scalar(
            select(Invitation.id).where(Invitation.application_id == application)
        )
        session.execute(  # so that the mail is written, whenever this runs
            update(Invitation).values(expires_at=NOW + timedelta(days=60))
        )
    with app.app_context():
        mail.TASKS["mail.invitation"]({"invitation_id": invitation})
        mail.TASKS["mail.reset"]({"person_id": member})
        mail.TASKS["mail.email_change"]({"person_id": member})


def take_along(app: Flask, cast: Cast, zoe: Canary) -> list[Path]:
    """The files that recruiters make, written by their jobs: two tables and a report on paper."""
    recruiter, folder = cast.actor("min"), Path(app.instance_path)

    def work(task: str) -> int:
        with reading() as session:
            found = select(Work.id).where(Work.task == task).order_by(Work.id.desc()).limit(1)
            return session.scalars(found).one()

    with app.app_context():
        with reading() as session:
            asked = select(Application.position_id).where(Application.id == zoe.application)
            position = session.scalars(asked).one()
        for form in exports.FORMATS:
            with writing() as session:
                exports.ask(session, recruiter, position, form, NOW)
            exports.run(work(exports.TASK), folder, lambda: NOW)
        with writing() as session:
            printing.ask(session, recruiter, zoe.application, "en", NOW)
        printing.run(work(printing.TASK), folder, lambda: NOW)
    return made_files(folder)


def made_files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "exports").rglob("*") if path.is_file())


def queue_all(app: Flask) -> None:
    """Let the job process put what waits on its way: its queue is a file of the folder too."""
    queue = open_queue(app.extensions["threshold.settings"])
    with app.app_context():
        Pump(queue.task()(lambda entry, task, data: None)).move(NOW + timedelta(days=1), tick=0.0)


def dumped(connection: Connection) -> dict[str, str]:
    """Every table as text, as it stands and with what JSON spells out in ASCII read as it is."""
    found = {}
    for table in tables.reflect(connection):
        rows = [json.dumps(row, ensure_ascii=False) for row in tables.rows(connection, table)]
        found[table.name] = "\n".join(rows)
    return found


def traced(texts: dict[str, str], more: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Which traces stand where."""
    found = {}
    for name, text in texts.items():
        held = [trace for trace in (*TRACES, *more) if trace.casefold() in text.casefold()]
        if held:
            found[name] = held
    return found


def in_files(folder: Path) -> dict[str, list[str]]:
    """Which traces stand in which file, whatever kind of file it is: database and its log, queue,
    mails, exports. What is packed is unpacked; paper holds shapes of letters and no text.

    Backups are the one exception, as the candidate is told: they go after 30 days, and whoever
    was erased is erased from them again when one is restored.
    """
    return traced(
        {
            str(path.relative_to(folder)): _content(path).decode("utf-8", "replace")
            for path in folder.rglob("*")
            if path.is_file() and backups.folder_of(folder) not in path.parents
        }
    )


def _content(path: Path) -> bytes:
    if not is_zipfile(path):
        return path.read_bytes()
    with ZipFile(path) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


def anonymous(app: Flask) -> dict[str, list[Any]]:
    """What figures rest on, without the subjects."""
    kept: dict[str, list[Any]] = {}
    with app.app_context(), reading() as session:
        connection = session.connection()
        for table in tables.reflect(connection):
            if table.name in ("evidence", "estimate", "statistic", "norm_group", "rating",
                              "voluntary_answer", "decision", "attempt_item"):  # fmt: skip
                names = [column.name for column in table.columns]
                drop = names.index("subject") if "subject" in names else len(names)
                kept[table.name] = sorted(
                    [value for n, value in enumerate(row) if n != drop]
                    for row in tables.rows(connection, table)
                )
        for table in (Evidence, Estimate, VoluntaryAnswer):
            subjects = session.scalars(select(table.subject).distinct()).all()
            kept[f"subjects of {table.__tablename__}"] = [len(subjects)]
    return kept

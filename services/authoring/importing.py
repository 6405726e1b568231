"""Bringing questions in from a file: read it, show what would happen, and only then ask for it.

A file is read in a process of its own (gateways/isolated.py) before any transaction. What was read
waits as a batch until the trainer has seen the preview; the job in importing_work.py does the rest.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from domain.assessment.items import COGNITIVE_LEVELS, POOLS
from domain.exchange.incoming import Defaults, fields_of
from domain.exchange.left_out import file_notes_of, notes_of
from domain.exchange.losses import plain
from domain.exchange.questions import Question, Reading, Refusal, Unreadable, from_json
from domain.library.documents import DocumentError, load_yaml
from domain.records import frozen
from gateways import isolated
from models.importing import FORMATS, ImportBatch
from models.library import Document, Revision
from models.measuring import Work
from services import journal
from services.actor import Actor
from services.authoring import access
from services.authoring.reviewing import approval_needed
from services.errors import Conflict, Invalid, NotFound
from services.library import catalogue
from services.library.compiling import title_of
from services.measuring import working
from services.session import changed_rows

TASK = "import.run"
PAGE = 100
KEPT = timedelta(days=7)  # how long a batch waits that nobody imports
MOST_BYTES = 12 * 1024 * 1024
_NOBODY = Defaults("", "", "", (), "")


class NeedsApproval(Conflict):
    """A course is published at once, and here a second trainer looks at each text first."""


class Refused(Invalid):
    """The file cannot be read; the message says why, in English words for the person."""


@frozen
class Line:
    """One question of the file and what becomes of it.

    state: "new", "known" (the bank has it: `like` names the item) or "twice" (`like` names the
    place in the file). notes: what was changed or left out on the way.
    """

    place: str
    title: str
    kind: str
    state: str
    like: str
    notes: tuple[str, ...]


@frozen
class Preview:
    """What a file would bring. lines: of the page that was asked for."""

    id: int
    format: str
    lines: tuple[Line, ...]
    refusals: tuple[Refusal, ...]
    notes: tuple[str, ...]
    new: int
    known: int
    twice: int
    changed: int
    page: int
    pages: int
    competencies: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    lessons: tuple[tuple[str, str], ...]
    work: working.WorkLine | None
    outcome: Mapping[str, Any]


def read_file(data: bytes, form: str) -> dict[str, Any]:
    """What stands in a file, as JSON-safe data; opens no transaction. Raises Refused."""
    if form and form not in FORMATS:
        raise Refused("is of no format that is known here")
    if len(data) > MOST_BYTES:
        raise Refused(f"is larger than {MOST_BYTES // 1024 // 1024} MB")
    try:
        found: dict[str, Any] = isolated.run("gateways.uploads:read", data, {"format": form})
    except Unreadable as refusal:
        raise Refused(str(refusal)) from None
    return found


def keep(session: Session, actor: Actor, read: Mapping[str, Any], now: datetime) -> int:
    """Keep what was read as a batch and give back its id; old ones that nobody wanted go."""
    person_id = access.author(actor)
    session.execute(
        delete(ImportBatch).where(ImportBatch.work_id.is_(None), ImportBatch.asked_at < now - KEPT)
    )
    form = read["reading"]["format"] if "reading" in read else "course"
    batch_id = session.execute(
        insert(ImportBatch)
        .values(
            format=form,
            parsed=json.dumps(read),
            options={},
            outcome={},
            asked_by=person_id,
            asked_at=now,
        )
        .returning(ImportBatch.id)
    ).scalar_one()
    journal.append(session, actor, "import.read", "import", batch_id, now)
    return int(batch_id)


def batch_of(session: Session, actor: Actor, batch_id: int) -> Any:
    """The row of a batch; raises NotFound."""
    access.author(actor)
    row = session.execute(
        select(
            ImportBatch.id,
            ImportBatch.format,
            ImportBatch.parsed,
            ImportBatch.options,
            ImportBatch.outcome,
            ImportBatch.work_id,
        ).where(ImportBatch.id == batch_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def preview(session: Session, actor: Actor, batch_id: int, lang: str, page: int) -> Preview:
    """What would be created and skipped, with reasons; raises NotFound."""
    row = batch_of(session, actor, batch_id)
    reading = reading_of(row.parsed) if row.parsed else Reading(row.format)
    lines = decide(session, reading.questions)
    pages = max(1, -(-len(lines) // PAGE))
    page = min(max(1, page), pages)
    framework = catalogue.framework(session)
    outline = catalogue.outline(session, lang)
    return Preview(
        id=row.id,
        format=row.format,
        lines=tuple(lines[(page - 1) * PAGE : page * PAGE]),
        refusals=reading.refusals,
        notes=(*reading.notes, *file_notes_of(reading)),
        new=sum(line.state == "new" for line in lines),
        known=sum(line.state == "known" for line in lines),
        twice=sum(line.state == "twice" for line in lines),
        changed=sum(bool(line.notes) for line in lines),
        page=page,
        pages=pages,
        competencies=tuple(
            (
                c.code,
                c.name.get(lang, c.name["en"]),
                tuple((s.id, s.name.get(lang, s.name["en"])) for s in c.subtopics),
            )
            for c in framework.competencies.values()
        ),
        lessons=tuple((lesson.key, lesson.title) for lesson in outline.lessons),
        work=work_of(session, row.work_id),
        outcome=row.outcome,
    )


def reading_of(parsed: str) -> Reading:
    """The questions of a batch; none in a course."""
    stored = json.loads(parsed)
    return from_json(stored["reading"]) if "reading" in stored else Reading("course")


def work_of(session: Session, work_id: int | None) -> working.WorkLine | None:
    """How far the import is; None before it was asked for."""
    if work_id is None:
        return None
    row = session.execute(
        select(
            Work.id, Work.state, Work.done, Work.total, Work.asked_at, Work.ended_at, Work.outcome
        ).where(Work.id == work_id)
    ).one()
    return working.WorkLine(*row)


def decide(session: Session, questions: Sequence[Question]) -> list[Line]:
    """What becomes of each question, in their order."""
    titles = [title_of(str(q.given.get("stem") or q.stem)) for q in questions]
    bank = _alike(
        session, set(titles), {str(q.given.get("id") or q.tags.get("id", "")) for q in questions}
    )
    lines: list[Line] = []
    seen: dict[str, str] = {}
    for question, title in zip(questions, titles, strict=True):
        fields = fields_of(question, _NOBODY)
        print_ = json.dumps(plain(_asked(fields)), sort_keys=True, default=str)
        state, like = "new", ""
        if (first := seen.get(print_)) is not None:
            state, like = "twice", first
        elif (key := _found(fields, title, bank)) is not None:
            state, like = "known", key
        seen.setdefault(print_, question.place)
        notes = tuple(notes_of(question, fields))
        lines.append(Line(question.place, title, fields["kind"], state, like, notes))
    return lines


_SAID = frozenset(
    [
        "id",
        "pool",
        "competencies",
        "subtopic",
        "cognitive",
        "difficulty",
        "seeds",
        "lesson",
        "source",
        "review_by",
        "evidence",
        "hints",
    ]
)


def _asked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What a question asks, without what is said about it."""
    return {name: value for name, value in fields.items() if name not in _SAID}


def _alike(session: Session, titles: set[str], keys: set[str]) -> dict[str, Mapping[str, Any]]:
    """key -> fields of the items that a question of the file may be: same id, or same beginning."""
    newest = select(func.max(Revision.id)).group_by(Revision.document_id)
    rows = session.execute(
        select(Document.key, Revision.title, Revision.id)
        .join(Revision, Revision.document_id == Document.id)
        .where(Document.kind == "item", Revision.id.in_(newest))
    ).all()
    wanted = {row.id: row.key for row in rows if row.title in titles or row.key in keys}
    found: dict[str, Mapping[str, Any]] = {}
    ids = list(wanted)
    for start in range(0, len(ids), 500):
        sources = session.execute(
            select(Revision.id, Revision.source).where(Revision.id.in_(ids[start : start + 500]))
        )
        for revision_id, source in sources:
            try:
                found[wanted[revision_id]] = load_yaml(source, wanted[revision_id]).values
            except DocumentError:
                continue  # a draft that somebody is in the middle of
    return found


def _found(
    fields: Mapping[str, Any], title: str, bank: Mapping[str, Mapping[str, Any]]
) -> str | None:
    """The item that says already whatever the file says of this question."""
    asked = {name: plain(value) for name, value in _asked(fields).items()}
    asked = {name: value for name, value in asked.items() if value not in ("", [], {})}
    for key, there in bank.items():
        if key != fields["id"] and title_of(str(there.get("stem", ""))) != title:
            continue
        if all(_within(value, plain(there.get(name))) for name, value in asked.items()):
            return key
    return None


def _within(value: Any, there: Any) -> bool:
    """Whether `there` says at least what `value` says: a file may lack reasons of the bank."""
    if isinstance(value, dict) and isinstance(there, dict):
        return all(_within(entry, there.get(name)) for name, entry in value.items() if entry != "")
    if isinstance(value, list) and isinstance(there, list):
        return len(value) == len(there) and all(map(_within, value, there))
    return bool(value == there)


def begin(
    session: Session, actor: Actor, batch_id: int, chosen: Mapping[str, str], now: datetime
) -> int:
    """Ask for the import.

    Raises NotFound, Invalid (fields), NeedsApproval, and Conflict while another runs.
    """
    row = batch_of(session, actor, batch_id)
    if row.work_id is not None:
        return int(row.work_id)
    if row.format == "course":
        if approval_needed(session):
            raise NeedsApproval
        options: dict[str, Any] = {}
    else:
        options = _options(session, chosen)
    work_id = working.ask(session, actor, TASK, "import", now, batch=batch_id)
    taken = session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch_id, ImportBatch.work_id.is_(None))
        .values(options=options, work_id=work_id)
    )
    if not changed_rows(taken):
        raise Conflict("This work is under way.")
    return work_id


def _options(session: Session, chosen: Mapping[str, str]) -> dict[str, Any]:
    framework = catalogue.framework(session)
    code, _, subtopic = chosen.get("subtopic", "").partition(":")
    faults: dict[str, str] = {}
    competency = framework.competencies.get(code)
    if competency is None or subtopic not in {s.id for s in competency.subtopics}:
        faults["subtopic"] = "Choose what the questions are about."
    outline = catalogue.outline(session, catalogue.SOURCE_LANG)
    lessons = {lesson.key for lesson in outline.lessons}
    if chosen.get("lesson") not in lessons:
        faults["lesson"] = "Choose the lesson that teaches this."
    pool, cognitive = chosen.get("pool", "practice"), chosen.get("cognitive", "A")
    difficulty = chosen.get("difficulty", "3")
    source = " ".join(chosen.get("source", "").split())
    if pool not in POOLS or cognitive not in COGNITIVE_LEVELS or difficulty not in "12345":
        faults["pool"] = "Choose one of the values in the list."
    if len(source) > 600:
        faults["source"] = "The source has up to 600 characters."
    if faults:
        raise Invalid(fields=faults)
    meta = catalogue.lesson(session, str(chosen["lesson"]), catalogue.SOURCE_LANG).meta
    return {
        "competency": code,
        "subtopic": subtopic,
        "lesson": chosen["lesson"],
        "seeds": list(meta.get("seeds", [])),
        "source": source,
        "pool": pool,
        "cognitive": cognitive,
        "difficulty": int(difficulty or 3),
        "again": chosen.get("again") == "1",
    }


def cancel(session: Session, actor: Actor, batch_id: int, now: datetime) -> bool:
    """Stop an import that has not ended; nothing of it stays. False where it has ended already."""
    row = batch_of(session, actor, batch_id)
    stopped = session.execute(
        update(Work)
        .where(Work.id == row.work_id, Work.state.in_(working.OPEN))
        .values(state="failed", ended_at=now, outcome={"failed": "cancelled", "batch": batch_id})
    )
    if not changed_rows(stopped):
        return False
    journal.append(session, actor, "import.cancelled", "import", batch_id, now)
    return True


def recent(session: Session, actor: Actor) -> tuple[tuple[int, str, datetime, str], ...]:
    """(id, format, when, state) of the newest files; state "read" before it was asked for."""
    access.author(actor)
    rows = session.execute(
        select(ImportBatch.id, ImportBatch.format, ImportBatch.asked_at, Work.state)
        .outerjoin(Work, Work.id == ImportBatch.work_id)
        .order_by(ImportBatch.id.desc())
        .limit(10)
    )
    return tuple((id_, form, at, state or "read") for id_, form, at, state in rows)

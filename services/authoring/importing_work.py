"""Carrying out an import: first everything is prepared, then all of it is written at once.

While the questions become items, which takes seconds, the work can be watched and stopped. What is
written is one transaction that begins by asking whether the work still stands: so an import that
was stopped, or whose process was killed, leaves nothing.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.assessment.authored import parse_item
from domain.exchange.incoming import Defaults, fields_of
from domain.exchange.questions import Question
from domain.exchange.sources import to_source
from domain.library.documents import DocumentError
from domain.records import frozen
from models.importing import ImportBatch
from models.library import Document, Revision
from models.measuring import Work
from services import journal
from services.actor import Actor
from services.authoring import course_import
from services.authoring.importing import decide, reading_of
from services.authoring.media import Incoming, keep_all, keys_for
from services.library import indexing
from services.library.compiling import normalised, title_of
from services.library.loading import digest_of
from services.measuring import working
from services.session import reading, writing

EVERY = 50  # questions between two looks at whether the work still stands
LETTERS = "IJKMN"  # of ids that imports give; authors of the course use others
Now = Callable[[], datetime]


@frozen
class Prepared:
    """One item, ready to be kept."""

    key: str
    source: str
    title: str
    faults: int


class Stopped(Exception):
    """Somebody cancelled the work while it ran."""


def run(work_id: int, now: Now) -> None:
    """Carry out an import that was asked for; a second time changes nothing.

    Opens its own transactions. Raises whatever went wrong, after noting it as the work's end.
    """
    with writing() as session:
        if not working.take(session, work_id):
            return
        row = session.execute(
            select(
                ImportBatch.id, ImportBatch.parsed, ImportBatch.options, ImportBatch.asked_by
            ).where(ImportBatch.work_id == work_id)
        ).one()
    try:
        if "course" in (stored := json.loads(row.parsed)):
            course_import.carry_out(work_id, row.id, row.asked_by, stored, now)
        else:
            _carry_out(work_id, row, now)
    except Stopped:
        return
    except Exception as error:
        with writing() as session:
            working.end(session, work_id, "failed", {"failed": type(error).__name__}, now())
        raise


def _carry_out(work_id: int, row: Any, now: Now) -> None:
    options: Mapping[str, Any] = row.options
    questions = reading_of(row.parsed).questions
    with reading() as session:
        lines = decide(session, questions)
        again = bool(options.get("again"))
        wanted = [
            question
            for question, line in zip(questions, lines, strict=True)
            if line.state == "new" or (again and line.state == "known")
        ]
        taken = set(session.scalars(select(Document.key).where(Document.kind == "item")))
        incoming, names = keys_for(session, [p for q in wanted for p in q.pictures])
    defaults = Defaults(
        options["competency"],
        options["subtopic"],
        options["lesson"],
        tuple(options["seeds"]),
        options["source"],
        options["pool"],
        options["cognitive"],
        options["difficulty"],
    )
    prepared = list(_prepared(work_id, wanted, defaults, taken, names))
    actor = Actor(row.asked_by)
    with writing() as session:
        _keep(session, actor, work_id, row.id, prepared, incoming, now())


def _prepared(
    work_id: int,
    questions: Sequence[Question],
    defaults: Defaults,
    taken: set[str],
    names: Mapping[str, str],
) -> Iterator[Prepared]:
    ids: dict[str, Iterator[str]] = {}
    for place, question in enumerate(questions):
        if place % EVERY == 0:
            note(work_id, place, len(questions))
        fields = fields_of(question, defaults)
        home = _home(fields, defaults)
        fields["competencies"] = (
            {home: 1.0}
            | {code: weight for code, weight in fields["competencies"].items() if code != home}
            if home not in fields["competencies"]
            else fields["competencies"]
        )
        key = next(ids.setdefault(home, free_ids(home, taken)))
        fields["id"] = key
        fields["stem"] = _with_keys(fields["stem"], question, names)
        source = normalised(to_source(fields))
        yield Prepared(key, source, title_of(str(fields["stem"])), faults_in(source, key))
    note(work_id, len(questions), len(questions))


def _home(fields: Mapping[str, Any], defaults: Defaults) -> str:
    """The competency whose folder the item goes into."""
    weights = fields.get("competencies")
    if isinstance(weights, dict) and weights:
        best = max(weights, key=lambda code: weights[code])
        if re.fullmatch("C[1-7]|A[12]", str(best)):
            return str(best)
    return defaults.competency


def _with_keys(stem: str, question: Question, names: Mapping[str, str]) -> str:
    for picture in question.pictures:
        key = names.get(picture.data, "")
        stem = stem.replace(f"(media:{picture.name})", f"(media:{key})")
    return stem


def free_ids(competency: str, taken: set[str], letters: str = LETTERS) -> Iterator[str]:
    """Ids that no item has: C2-I01, C2-I02 ... C2-I100 ..."""
    for letter in letters:
        for number in range(1, 1000):
            key = f"{competency}-{letter}{number:02d}"
            if key not in taken:
                taken.add(key)
                yield key


def faults_in(source: str, key: str) -> int:
    """How many things keep an item from being published."""
    try:
        parse_item(source, path_of(key))
    except DocumentError as error:
        return len(error.problems)
    return 0


def path_of(key: str) -> str:
    """Where an item's file stands in `content/`."""
    return f"items/{key.partition('-')[0]}/{key}.yaml"


def note(work_id: int, done: int, total: int) -> None:
    """Say how far it is; raises Stopped where somebody cancelled it."""
    with writing() as session:
        if not _stands(session, work_id):
            raise Stopped
        working.progress(session, work_id, done, total)


def _stands(session: Session, work_id: int) -> bool:
    return session.scalar(select(Work.state).where(Work.id == work_id)) == "running"


def _keep(
    session: Session,
    actor: Actor,
    work_id: int,
    batch_id: int,
    prepared: Sequence[Prepared],
    incoming: Iterable[Incoming],
    at: datetime,
) -> None:
    """Write everything, in the caller's transaction; nothing where the work was cancelled."""
    ready = sum(item.faults == 0 for item in prepared)
    outcome = {"created": len(prepared), "ready": ready}
    if not working.end(session, work_id, "done", outcome, at):
        return
    keep_all(session, actor, incoming, at)
    keep_drafts(session, actor, prepared, at)
    session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch_id)
        .values(parsed="", outcome={**outcome, "keys": [item.key for item in prepared]})
    )
    journal.append(session, actor, "import.done", "import", batch_id, at, **outcome)


def keep_drafts(
    session: Session, actor: Actor, prepared: Sequence[Prepared], at: datetime
) -> list[int]:
    """Documents with one revision that nobody publishes yet; gives back the documents' ids.

    Trainers find them by the search from now on.
    """
    if not prepared:
        return []
    documents = list(
        session.scalars(
            insert(Document).returning(Document.id, sort_by_parameter_order=True),
            [
                {
                    "kind": "item",
                    "key": item.key,
                    "lang": "en",
                    "path": path_of(item.key),
                    "disk_digest": None,
                    "created_at": at,
                }
                for item in prepared
            ],
        )
    )
    session.execute(
        insert(Revision),
        [
            {
                "document_id": document_id,
                "number": 1,
                "source": item.source,
                "digest": digest_of(item.source),
                "title": item.title[:300],
                "meta": {},
                "html": "",
                "author_id": actor.person_id,
                "created_at": at,
            }
            for document_id, item in zip(documents, prepared, strict=True)
        ],
    )
    indexing.feed_new_items(
        session,
        [
            (document_id, item.key, item.title, item.source)
            for document_id, item in zip(documents, prepared, strict=True)
        ],
    )
    return documents

"""Handing out questions in the formats of other houses, and saying what those cannot carry."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.exchange.aiken import read_aiken, write_aiken
from domain.exchange.gift import read_gift
from domain.exchange.gift_writing import write_gift
from domain.exchange.losses import losses
from domain.exchange.moodle import read_moodle
from domain.exchange.moodle_writing import base64_of, write_moodle
from domain.exchange.outgoing import question_of
from domain.exchange.qti import read_package
from domain.exchange.qti_writing import write_package
from domain.exchange.questions import PictureFile, Question, Reading
from domain.exchange.tables import answers_in, head, read_csv, row_of, shielded
from domain.library.documents import load_yaml
from domain.library.pictures import pictures_of
from domain.records import frozen
from gateways import archives
from gateways.sheets import csv_lines, xlsx_file
from models.library import Document, ItemFacts, Published, Revision
from services import journal
from services.actor import Actor
from services.authoring import access, media
from services.errors import NotFound
from services.library import catalogue

FORMATS = ("gift", "aiken", "moodle", "qti-2.1", "qti-2.2", "qti-3.0", "csv", "xlsx")
TYPES = {
    "gift": ("txt", "text/plain; charset=utf-8"),
    "aiken": ("txt", "text/plain; charset=utf-8"),
    "moodle": ("xml", "application/xml"),
    "qti": ("zip", "application/zip"),
    "csv": ("csv", "text/csv; charset=utf-8"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@frozen
class Chosen:
    """Which items are handed out; an empty word lets all through."""

    format: str
    competency: str = ""
    pool: str = ""


@frozen
class Outlook:
    """What an export would be like. lost: (item, fields that do not come back)."""

    items: int
    whole: int
    lost: tuple[tuple[str, tuple[str, ...]], ...]


@frozen
class File:
    data: bytes
    suffix: str
    content_type: str


def competencies(session: Session, actor: Actor) -> tuple[str, ...]:
    """The codes of which there are items."""
    access.author(actor)
    return tuple(catalogue.framework(session).competencies)


def outlook(session: Session, actor: Actor, chosen: Chosen) -> Outlook:
    """Write the file, read it again, and say what is not the same; raises NotFound."""
    items = _items(session, actor, chosen)
    _, reading = _written(session, chosen.format, items)
    lost = losses(items, reading)
    lines = tuple((key, tuple(fields)) for key, fields in sorted(lost.items()))
    return Outlook(len(items), len(items) - len(lost), lines)


def export(session: Session, actor: Actor, chosen: Chosen, now: datetime) -> File:
    """The file; that it was taken stands in the journal. Raises NotFound."""
    items = _items(session, actor, chosen)
    data, _ = _written(session, chosen.format, items, check=False)
    suffix, content_type = TYPES[chosen.format.partition("-")[0]]
    person_id = access.author(actor)
    journal.append(
        session, actor, "items.exported", "person", person_id, now,
        items=len(items), format=chosen.format,
    )  # fmt: skip
    return File(data, suffix, content_type)


def _items(session: Session, actor: Actor, chosen: Chosen) -> dict[str, Mapping[str, Any]]:
    access.author(actor)
    if chosen.format not in FORMATS:
        raise NotFound
    statement = (
        select(Document.key, Revision.source)
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .join(ItemFacts, ItemFacts.revision_id == Revision.id)
        .where(Document.kind == "item", Published.retired_at.is_(None))
        .order_by(Document.key)
    )
    for column, word in ((ItemFacts.competency, chosen.competency), (ItemFacts.pool, chosen.pool)):
        if word:
            statement = statement.where(column == word)
    return {key: load_yaml(source, key).values for key, source in session.execute(statement)}


def _written(
    session: Session, form: str, items: Mapping[str, Mapping[str, Any]], *, check: bool = True
) -> tuple[bytes, Reading]:
    """The file, and what it says when it is read again (nothing unless `check`)."""
    nothing = Reading(form)
    if form in ("csv", "xlsx"):
        most = max((answers_in(item) for item in items.values()), default=1)
        rows = [row_of(item, most) for item in items.values()]
        again = "".join(csv_lines(head(most), [[shielded(c) for c in r] for r in rows]))
        data = again.encode("utf-8-sig")
        if form == "xlsx":
            data = xlsx_file("items", head(most), rows)
        return data, read_csv(again) if check else nothing
    questions = [q for item in items.values() if (q := _question(session, item)) is not None]
    match form:
        case "gift":
            text = write_gift(questions)
            return text.encode(), read_gift(text) if check else nothing
        case "aiken":
            text = write_aiken(questions)
            return text.encode(), _tagged(read_aiken(text), questions) if check else nothing
        case "moodle":
            data = write_moodle(questions)
            return data, read_moodle(data) if check else nothing
    files = write_package(questions, form.partition("-")[2], _figures(session, questions))
    return archives.write(files), read_package(files) if check else nothing


def _question(session: Session, item: Mapping[str, Any]) -> Question | None:
    stem = str(item.get("stem", ""))
    pictures = []
    for _, key in pictures_of(stem):
        try:
            kind, _, data = media.shown(session, key)
        except NotFound:
            continue
        pictures.append(PictureFile(f"{key}.{kind.partition('/')[2]}", base64_of(data)))
    for picture in pictures:
        stem = stem.replace(f"(media:{picture.name.rpartition('.')[0]})", f"(media:{picture.name})")
    return question_of({**item, "stem": stem}, tuple(pictures))


def _tagged(reading: Reading, questions: Sequence[Question]) -> Reading:
    """Aiken carries no ids: the questions stand in the order in which they were written."""
    singles = [q for q in questions if q.kind == "single"]
    named = tuple(
        replace(read, tags={"id": written.tags["id"]})
        for read, written in zip(reading.questions, singles, strict=False)
    )
    return Reading("aiken", named)


def _figures(session: Session, questions: Sequence[Question]) -> dict[str, str]:
    names = {f"items/figures/{q.figure}.svg": q.figure for q in questions if q.figure}
    rows = session.execute(
        select(Document.path, Revision.source)
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .where(Document.path.in_(list(names)))
    )
    return {names[path]: source for path, source in rows}

"""Bringing a course in from an archive: what changed on which side, conflicts shown, none decided.

The archive says in `threshold.json` how each file was when it was made; without that the last load
from the folder counts. What changed in the archive only comes in, what changed in the site only
stays, and what changed on both sides is a conflict that is shown and not touched.
"""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.library.documents import DocumentError, Problem
from domain.library.pictures import missing_pictures
from domain.library.references import Entry, check_references
from domain.records import frozen
from gateways.rendering import RenderingRefused
from models.authoring import Draft
from models.importing import ImportBatch
from models.library import Document, Published, Revision
from services import journal
from services.actor import Actor
from services.authoring import access, importing, media, previewing
from services.authoring.course_export import MANIFEST, PICTURES
from services.authoring.media import Incoming
from services.library import loading
from services.library.compiling import Compiled, identify, text_faults
from services.library.loading import digest_of
from services.measuring import working
from services.session import reading, writing

STATES = ("new", "changed", "same", "kept", "conflict", "refused")
ORDER = ("conflict", "refused", "changed", "new", "kept", "same")
PAGE = 100
EVERY = 20


@frozen
class FileLine:
    """One file of the archive. state: one of STATES; why: in words, for those that stay out."""

    path: str
    state: str
    why: str = ""


@frozen
class _There:
    document_id: int
    source: str
    digest: str
    disk_digest: str | None
    has_draft: bool


def lines(session: Session, actor: Actor, stored: Mapping[str, Any]) -> list[FileLine]:
    """What becomes of each file of the archive, in the order of their paths."""
    access.author(actor)
    texts: Mapping[str, str] = stored["course"]
    bases = _bases(texts)
    there = _there(session)
    found = [
        _line(path, text, bases.get(path), there.get(path))
        for path, text in sorted(texts.items())
        if path != MANIFEST and not path.startswith(PICTURES)
    ]
    found += [FileLine(path, "refused", why) for path, why in stored.get("left_out", [])]
    return found


@frozen
class FilesPage:
    """What an archive would bring. lines: of the page; counts: state -> files."""

    lines: tuple[FileLine, ...]
    counts: Mapping[str, int]
    pictures: int
    page: int
    pages: int


def page(session: Session, actor: Actor, batch_id: int, number: int) -> FilesPage | None:
    """The preview of a course; None for a file of questions, and when the import has ended."""
    row = importing.batch_of(session, actor, batch_id)
    if row.format != "course" or not row.parsed:
        return None
    stored = json.loads(row.parsed)
    # What asks for a look comes first.
    found = sorted(lines(session, actor, stored), key=lambda line: ORDER.index(line.state))
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(1, number), pages)
    counts = {state: sum(line.state == state for line in found) for state in STATES}
    shown = tuple(found[(number - 1) * PAGE : number * PAGE])
    return FilesPage(shown, counts, len(stored["pictures"]), number, pages)


def _line(path: str, text: str, base: str | None, there: _There | None) -> FileLine:
    try:
        kind, _, _ = identify(path)
    except DocumentError:
        return FileLine(path, "refused", "has no place in a course")
    if kind == "framework":
        return FileLine(path, "refused", "the framework is changed by whoever runs the site")
    if faults := text_faults(path, text):
        return FileLine(path, "refused", faults[0].message)
    if there is None:
        return FileLine(path, "new")
    digest = digest_of(text)
    if digest == there.digest:
        return FileLine(path, "same")
    base = base or there.disk_digest
    if base == digest:
        return FileLine(path, "kept", "was changed in the site since; the site's text stays")
    if base != there.digest:
        return FileLine(path, "conflict", "was changed here and in the archive")
    if there.has_draft:
        return FileLine(path, "conflict", "has an open draft in the site")
    return FileLine(path, "changed")


def _bases(texts: Mapping[str, str]) -> dict[str, str]:
    try:
        found = json.loads(texts.get(MANIFEST, "{}")).get("digests", {})
    except (ValueError, AttributeError, RecursionError):
        return {}
    return {str(p): str(d) for p, d in found.items()} if isinstance(found, dict) else {}


def _there(session: Session) -> dict[str, _There]:
    """path -> what readers see now, or the newest draft of what nobody sees yet."""
    drafts = set(session.scalars(select(Draft.document_id)))
    rows = session.execute(
        select(Document.path, Document.id, Revision.source, Revision.digest, Document.disk_digest)
        .outerjoin(Published, Published.document_id == Document.id)
        .join(
            Revision,
            (Revision.id == Published.revision_id)
            | (Published.document_id.is_(None) & (Revision.document_id == Document.id)),
        )
        .order_by(Revision.id)
    )
    return {
        path: _There(id_, source, digest, disk, id_ in drafts)
        for path, id_, source, digest, disk in rows
    }


def carry_out(
    work_id: int,
    batch_id: int,
    person_id: int,
    stored: Mapping[str, Any],
    now: Callable[[], datetime],
) -> None:
    """Compile what is new or changed, check all references, and write it in one transaction."""
    actor = Actor(person_id, "", frozenset({"trainer"}))
    with reading() as session:
        decided = lines(session, actor, stored)
        there = _there(session)
        incoming, pictures = _pictures(session, stored)
    wanted = [line.path for line in decided if line.state in ("new", "changed")]
    merged = {path: one.source for path, one in there.items()}
    merged |= {path: stored["course"][path] for path in wanted}
    figures = {path: text for path, text in merged.items() if path.endswith(".svg")}
    compiled, problems = _compile(work_id, merged, wanted, figures)
    with reading() as session:
        problems += _references(session, compiled, media.keys(session) | pictures)
    counts = {state: sum(line.state == state for line in decided) for state in STATES}
    if problems:
        told = [str(problem) for problem in problems[:100]]
        with writing() as session:
            working.end(session, work_id, "failed", {"failed": "problems"}, now())
            _note(session, batch_id, {**counts, "problems": told})
        return
    with writing() as session:
        if not working.end(session, work_id, "done", counts, now()):
            return
        media.keep_all(session, actor, incoming, now())
        for document in compiled:
            _keep(session, actor, document, there, now())
        _note(session, batch_id, counts)
        journal.append(session, actor, "import.done", "import", batch_id, now(), **counts)


def _note(session: Session, batch_id: int, outcome: Mapping[str, Any]) -> None:
    session.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch_id)
        .values(parsed="", outcome=dict(outcome))
    )


def _keep(
    session: Session,
    actor: Actor,
    document: Compiled,
    there: Mapping[str, _There],
    at: datetime,
) -> None:
    known = there.get(document.path)
    document_id = known.document_id if known else loading.new_document(session, document, at)
    if known is not None:
        now_digest = session.scalar(
            select(Revision.digest)
            .join(Published, Published.revision_id == Revision.id)
            .where(Published.document_id == document_id)
        )
        if now_digest is not None and now_digest != known.digest:
            raise RuntimeError("somebody published while the course came in")  # nothing is kept
    revision_id = loading.save_revision(session, document_id, document, actor, at)
    loading.publish(session, actor, document_id, revision_id, at)


def _compile(
    work_id: int, merged: Mapping[str, str], wanted: list[str], figures: dict[str, str]
) -> tuple[list[Compiled], list[Problem]]:
    compiled: list[Compiled] = []
    problems: list[Problem] = []
    for place, path in enumerate(wanted):
        if place % EVERY == 0:
            with writing() as session:
                working.progress(session, work_id, place, len(wanted))
        try:
            answer = previewing.rendered(path, merged[path], figures)
        except RenderingRefused:
            problems.append(Problem(path, None, None, "could not be rendered in two seconds"))
            continue
        problems += [Problem(*fields) for fields in answer["problems"]]
        if answer["document"] is not None:
            compiled.append(previewing.as_compiled(answer["document"]))
    return compiled, problems


def _references(
    session: Session, compiled: list[Compiled], pictures: frozenset[str]
) -> list[Problem]:
    """Everything that the new texts name must be there, in the archive or in the site."""
    mine = {document.path for document in compiled}
    rows = session.execute(
        select(Document.path, Document.kind, Document.key, Revision.meta, Document.lang)
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .where(Published.retired_at.is_(None))
    )
    entries = [Entry(*row) for row in rows if row.path not in mine]
    entries += [Entry(d.path, d.kind, d.key, d.meta, d.lang) for d in compiled]
    problems = [p for p in check_references(entries, {}) if p.path in mine]
    for document in compiled:
        problems += missing_pictures(document.path, document.source, pictures)
    return problems


def _pictures(session: Session, stored: Mapping[str, Any]) -> tuple[list[Incoming], frozenset[str]]:
    """Pictures of the archive that the library does not have; a key is never given new bytes."""
    try:
        listed = json.loads(stored["course"].get(f"{PICTURES}pictures.json", "{}"))
    except (ValueError, RecursionError):
        listed = {}
    there = media.keys(session)
    incoming = []
    for key, told in listed.items() if isinstance(listed, dict) else ():
        file = stored["pictures"].get(PICTURES + str(told.get("file", "")))
        if file is None or key in there or not media.KEY.fullmatch(str(key)):
            continue
        alt = " ".join(str(told.get("alt", "")).split())[: media.MOST_ALT]
        incoming.append(
            Incoming(
                key,
                alt or key.replace("-", " "),
                file["type"],
                file["width"],
                file["height"],
                sha256(b64decode(file["data"])).hexdigest(),
                file["data"],
            )
        )
    return incoming, frozenset(one.key for one in incoming)

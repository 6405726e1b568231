"""The profile of the person who asks: all that is measured so far, and the lines behind it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.competencies.framework import Competency
from domain.records import frozen
from models.library import Document, ItemFacts, Revision
from services.actor import Actor
from services.competencies import ledger, self_rating
from services.competencies.estimates import Estimated, draw
from services.competencies.ledger import EvidenceLine
from services.competencies.presenting import (
    PracticeLine,
    ProfileView,
    localised,
    practice_line,
    present,
)
from services.competencies.self_rating import Mirror
from services.errors import NotFound
from services.library import catalogue
from services.library.catalogue import Framework, LessonLine

PER_PAGE = 25


@frozen
class Basis:
    """The three things that a number is a function of."""

    standard: int
    ledger_id: int
    as_of: datetime


@frozen
class ProfilePage:
    """Everything measured so far. applied: the scales that are no part of role fit (A1, A2)."""

    view: ProfileView
    applied: tuple[PracticeLine, ...]
    mirror: Mirror | None
    basis: Basis
    lesson: LessonLine | None
    lines: int

    @property
    def counted(self) -> int:
        return sum(line.observations for line in self.view.lines)


@frozen
class EvidenceRow:
    """A line of the ledger as its person reads it.

    title: the question's first words, or the subtopic where the question is secure. push: points
    with the line minus points without it; None for a line that does not count.
    """

    line: EvidenceLine
    title: str
    secure: bool
    push: float | None


@frozen
class EvidencePage:
    """The lines behind one number, newest first, a page of them at a time."""

    practice: PracticeLine
    summary: str
    rows: tuple[EvidenceRow, ...]
    total: int
    counted: int
    page: int
    pages: int
    basis: Basis


@frozen
class Slice:
    """A part of the ledger as of some moment: what the numbers of one attempt rest on."""

    source_kind: str
    source_ids: Collection[int]
    ledger_id: int
    as_of: datetime


def profile_page(session: Session, actor: Actor, lang: str, now: datetime) -> ProfilePage:
    """The whole profile, drawn from the ledger as of now; a constant number of statements."""
    framework = catalogue.framework(session)
    outline = catalogue.outline(session, lang)
    lines = ledger.evidence(session, actor.subject, as_of=now)
    found = draw(lines, framework, now)
    view = present(found, framework, lang, self_rating.levels(session, actor))
    return ProfilePage(
        view=view,
        applied=tuple(
            practice_line(competency, found.get(competency.code), framework, lang)
            for competency in framework.competencies.values()
            if competency.applied
        ),
        mirror=self_rating.mirror(view, found, framework),
        basis=_basis(lines, framework, now),
        lesson=lesson_for(view.weakest, outline.open_lessons),
        lines=len(lines),
    )


def lesson_for(weakest: PracticeLine | None, lessons: Sequence[LessonLine]) -> LessonLine | None:
    """The first lesson of the course that is about a practice before all others."""
    if weakest is None:
        return None
    about = [line for line in lessons if line.competencies[:1] == (weakest.code,)]
    # A lesson of the practice's own module serves it alone.
    about.sort(key=lambda line: len(line.competencies))
    return about[0] if about else None


def evidence_page(
    session: Session,
    actor: Actor,
    code: str,
    lang: str,
    now: datetime,
    *,
    page: int = 1,
    part: Slice | None = None,
) -> EvidencePage:
    """The lines behind the actor's own number; raises NotFound for an unknown competency.

    part: only what the numbers of one attempt rest on, as it was then.
    """
    framework = catalogue.framework(session)
    competency = framework.competencies.get(code)
    if competency is None:
        raise NotFound
    as_of = part.as_of if part else now
    lines = [line for line in _lines(session, actor, as_of, part) if line.competency == code]
    found = draw(lines, framework, as_of).get(code)
    newest = sorted(lines, key=lambda line: line.id, reverse=True)
    pages = max(1, -(-len(lines) // PER_PAGE))
    page = min(max(page, 1), pages)
    shown = newest[(page - 1) * PER_PAGE : page * PER_PAGE]
    return EvidencePage(
        practice=practice_line(competency, found, framework, lang),
        summary=localised(competency.summary, lang),
        rows=_rows(session, shown, lines, found, framework, as_of, lang),
        total=len(lines),
        counted=found.observations if found else 0,
        page=page,
        pages=pages,
        basis=_basis(lines, framework, as_of),
    )


def _lines(
    session: Session, actor: Actor, as_of: datetime, part: Slice | None
) -> list[EvidenceLine]:
    if part is None:
        return ledger.evidence(session, actor.subject, as_of=as_of)
    sources = (part.source_kind, part.source_ids)
    return ledger.evidence(
        session, actor.subject, as_of=as_of, sources=sources, up_to=part.ledger_id
    )


def _rows(
    session: Session,
    shown: Sequence[EvidenceLine],
    lines: Sequence[EvidenceLine],
    found: Estimated | None,
    framework: Framework,
    as_of: datetime,
    lang: str,
) -> tuple[EvidenceRow, ...]:
    titles = _titles(session, shown, framework, lang)
    rows = []
    for line in shown:
        push = None
        if found is not None and line.weight > 0:
            rest = draw([other for other in lines if other is not line], framework, as_of)
            # Without its only line a number falls back to the prior's mean, 0.
            without = rest[found.code].theta if found.code in rest else 0.0
            push = (found.theta - without) * framework.standard.per_logit
        title, secure = titles.get(line.item_revision_id, ("", False))
        rows.append(EvidenceRow(line, title, secure, push))
    return tuple(rows)


def _titles(
    session: Session, lines: Sequence[EvidenceLine], framework: Framework, lang: str
) -> dict[int, tuple[str, bool]]:
    """Item revision -> what to call it, and whether it is secure: then its words stay hidden."""
    rows = session.execute(
        select(Revision.id, Revision.title, ItemFacts.pool, ItemFacts.subtopic, Document.key)
        .join(ItemFacts, ItemFacts.revision_id == Revision.id)
        .join(Document, Document.id == Revision.document_id)
        .where(Revision.id.in_({line.item_revision_id for line in lines}))
    )
    return {
        row.id: (
            (subtopic_name(framework, row.key.partition("-")[0], row.subtopic, lang), True)
            if row.pool == "secure"
            else (row.title, False)
        )
        for row in rows
    }


def subtopic_name(framework: Framework, code: str, subtopic: str, lang: str) -> str:
    """The name of a subtopic; its id where the framework of today no longer has it."""
    competency: Competency | None = framework.competencies.get(code)
    for known in competency.subtopics if competency else ():
        if known.id == subtopic:
            return localised(known.name, lang)
    return subtopic


def _basis(lines: Sequence[EvidenceLine], framework: Framework, as_of: datetime) -> Basis:
    last = max((line.id for line in lines), default=0)
    return Basis(framework.standard.version, last, as_of)

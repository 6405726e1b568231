"""What the questions of an adaptive attempt are chosen from: its pool as it stood at the start.

Published questions, calibrations and shares of subtopics change while somebody sits. So the start
notes up to where each of them had come, and the pool is read as of there, today and in ten years.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.assessment.adaptive import Candidate, Plan
from domain.assessment.adaptive_parts import Part
from domain.assessment.item_models import author_model
from domain.assessment.items import Item, is_marked_by_people, is_measured
from domain.competencies.framework import Competency, Standard, parse_competencies
from domain.records import frozen
from models.competencies import Evidence
from models.journal import JournalEntry
from models.library import Document, ItemFacts, Publication, Published, Revision
from services import journal
from services.actor import Actor
from services.assessment.pinned import Pinned, pinned_all
from services.library import catalogue
from services.library.catalogue import Framework

EVENT = "attempt.drawn"
POOL = "practice"
AMONG = 5  # practice draws one of the five best questions (randomesque-5)


@frozen
class Basis:
    """Up to where all that the choice rests on had come when the attempt began.

    library: the last publication; calibration: the run that was live, 0 for none; standard: its
    revision; ledger: the person's last line of evidence.
    """

    library: int
    calibration: int
    standard: int
    ledger: int


def note(session: Session, actor: Actor, attempt_id: int, basis: Basis, now: datetime) -> None:
    """Keep the basis of an attempt, in the journal and in the transaction that begins it."""
    journal.append(
        session,
        actor,
        EVENT,
        "attempt",
        attempt_id,
        now,
        library=basis.library,
        calibration=basis.calibration,
        standard=basis.standard,
        ledger=basis.ledger,
    )


def basis_of(session: Session, attempt_id: int) -> Basis:
    """What was noted at the start of an attempt."""
    data = session.scalars(
        select(JournalEntry.data).where(
            JournalEntry.object_kind == "attempt",
            JournalEntry.object_id == attempt_id,
            JournalEntry.event == EVENT,
        )
    ).one()
    return Basis(**data)


def basis_now(session: Session, subject: str) -> Basis:
    """What an attempt that begins now rests on."""
    ledger = select(func.coalesce(func.max(Evidence.id), 0)).where(Evidence.subject == subject)
    return replace(basis_of_library(session), ledger=int(session.scalar(ledger) or 0))


def basis_of_library(session: Session) -> Basis:
    """The same for somebody of whom nothing is known."""
    framework = catalogue.framework(session)
    return Basis(
        catalogue.version(session), framework.calibration_id, framework.standard_id, ledger=0
    )


def framework_at(session: Session, basis: Basis) -> Framework:
    """The framework as it stood at a basis."""
    framework = catalogue.framework(session)
    if framework.standard_id != basis.standard:
        meta = catalogue.revisions(session, [basis.standard])[basis.standard].meta
        framework = replace(framework, standard_id=basis.standard, standard=Standard(**meta))
    if framework.calibration_id != basis.calibration:
        framework = catalogue.under(session, framework, basis.calibration)
    if catalogue.version(session) != basis.library:
        framework = replace(framework, competencies=_competencies(session, basis.library))
    return framework


def _competencies(session: Session, library: int) -> dict[str, Competency]:
    row = session.execute(
        select(Revision.source, Document.path)
        .join(Publication, Publication.revision_id == Revision.id)
        .join(Document, Document.id == Publication.document_id)
        .where(
            Document.kind == "framework",
            Document.key == "competencies",
            Publication.id <= library,
        )
        .order_by(Publication.id.desc())
        .limit(1)
    ).one()
    return {found.code: found for found in parse_competencies(row.source, row.path)}


def plan_of(form: Mapping[str, Any], code: str, framework: Framework, among: int = AMONG) -> Plan:
    """The plan of a compiled adaptive form on a competency: its limits, and the subtopics' shares.

    among: of how many of the best questions one is drawn.
    """
    subtopics = framework.competencies[code].subtopics
    targets = {subtopic.id: float(subtopic.share) for subtopic in subtopics}
    return Plan(targets, form["least"], form["most"], form["se"], among)


def practice_part(
    session: Session,
    subject: str,
    form: Mapping[str, Any],
    framework: Framework,
    basis: Basis,
) -> Part:
    """Adaptive practice as a test of one part: what this person had not met at a basis."""
    code = form["competency"]
    pool = pool_of(session, subject, code, framework, basis)
    return Part(code, pool, plan_of(form, code, framework))


def pool_of(
    session: Session, subject: str, code: str, framework: Framework, basis: Basis
) -> list[Candidate]:
    """The practice questions on a competency that a person had not met at a basis, by revision."""
    met = (
        select(ItemFacts.document_id)
        .join(Evidence, Evidence.item_revision_id == ItemFacts.revision_id)
        .where(Evidence.subject == subject, Evidence.id <= basis.ledger)
    )
    ids = session.scalars(
        published_at(basis.library, POOL).where(
            ItemFacts.competency == code, ItemFacts.document_id.not_in(met)
        )
    ).all()
    return candidates(pinned_all(session, ids), code, framework)


def published_at(library: int, pool: str) -> Select[int]:
    """The revisions of a pool's questions that were published as of a publication, in order."""
    newest = (
        select(func.max(Publication.id))
        .where(Publication.id <= library)
        .group_by(Publication.document_id)
    )
    # A document that was taken away by then is out; the log notes that as a publication too.
    retired = select(Published.document_id).where(
        Published.retired_at.is_not(None),
        Published.retired_at
        <= select(Publication.published_at).where(Publication.id == library).scalar_subquery(),
    )
    return (
        select(Publication.revision_id)
        .join(ItemFacts, ItemFacts.revision_id == Publication.revision_id)
        .where(
            Publication.id.in_(newest),
            ItemFacts.pool == pool,
            ItemFacts.document_id.not_in(retired),
        )
        .order_by(Publication.revision_id)
    )


def candidates(pinned: Mapping[int, Pinned], code: str, framework: Framework) -> list[Candidate]:
    """Questions as the choice sees them; what only people can mark is left out."""
    return [
        _candidate(revision_id, question.item, code, framework)
        for revision_id, question in pinned.items()
        if is_measured(question.item) and not is_marked_by_people(question.item)
    ]


def _candidate(revision_id: int, item: Item, code: str, framework: Framework) -> Candidate:
    model = framework.models.get((revision_id, code))
    fits = model is not None and model.max_mark == item.max_mark
    return Candidate(
        key=revision_id,
        area=item.subtopic,
        model=model if model is not None and fits else author_model(item, framework.standard),
        weight=item.competencies.get(code, 0.0),
        calibrated=fits,
    )

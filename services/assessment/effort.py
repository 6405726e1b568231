"""Answers too fast to have been read, and the numbers without them: beside the plain ones, never
instead of them."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.estimation import Observation
from domain.assessment.rapid import effort_moderated, is_rapid
from domain.competencies.scale import provisional
from domain.records import frozen
from models.measuring import Statistic
from services.assessment.responding import Asked
from services.assessment.scoring import SOURCE
from services.competencies import ledger
from services.competencies.estimates import Estimated, Kept, model_of
from services.competencies.ledger import EvidenceLine
from services.competencies.presenting import PracticeLine, practice_line
from services.library import catalogue
from services.library.catalogue import Framework


@frozen
class EffortLine:
    """One practice of an attempt, with all its answers and without the `rapid` fast ones."""

    rapid: int
    plain: PracticeLine
    moderated: PracticeLine


def rapid_ones(session: Session, questions: Sequence[Asked]) -> frozenset[int]:
    """The questions (ids) that were answered faster than they can be read; one statement.

    A page without script counts no time, so that 0 says nothing.
    """
    timed = [q for q in questions if q.response is not None and q.answer and q.answer.elapsed_ms]
    if not timed:
        return frozenset()
    usual = _median_seconds(session, {question.item.id for question in timed})
    return frozenset(
        q.id
        for q in timed
        if q.answer and is_rapid(q.answer.elapsed_ms / 1000, usual.get(q.item.id))
    )


def _median_seconds(session: Session, keys: Collection[str]) -> dict[str, float]:
    """Key of an item -> the median time of its answers, where statistics know it."""
    newest = (
        select(func.max(Statistic.id))
        .where(Statistic.kind == "item", Statistic.key.in_(keys))
        .group_by(Statistic.key)
    )
    median = Statistic.data["median_seconds"].as_float()
    rows = session.execute(select(Statistic.key, median).where(Statistic.id.in_(newest)))
    return {key: seconds for key, seconds in rows if seconds is not None}


def beside(
    session: Session,
    subject: str,
    asked_ids: Collection[int],
    rapid: frozenset[int],
    shown: Kept | None,
    framework: Framework,
    lang: str,
) -> tuple[EffortLine, ...]:
    """The practices of an attempt to which a rapid answer contributes; empty where none was rapid.

    asked_ids: all its questions; rapid: those of rapid_ones; shown: its numbers as they were kept.
    """
    if not rapid or shown is None:
        return ()
    if shown.calibration_id != framework.calibration_id:
        framework = catalogue.under(session, framework, shown.calibration_id)
    sources = (SOURCE, asked_ids)
    lines = ledger.evidence(session, subject, sources=sources, up_to=shown.ledger_id)
    own = [line for line in lines if line.weight > 0]
    found = []
    for code, plain in shown.estimates.items():
        lines = [line for line in own if line.competency == code]
        fast = [line.source_id in rapid for line in lines]
        if any(fast) and code in framework.competencies:
            practice = framework.competencies[code]
            without = _without(lines, fast, plain, framework)
            found.append(
                EffortLine(
                    sum(fast),
                    practice_line(practice, plain, framework, lang),
                    practice_line(practice, without, framework, lang),
                )
            )
    return tuple(found)


def _without(
    lines: Sequence[EvidenceLine], fast: Sequence[bool], plain: Estimated, framework: Framework
) -> Estimated:
    """The number without its rapid answers, widened as the plain one is."""
    seen = [Observation(model_of(line, framework), line.mark, line.weight) for line in lines]
    ability = effort_moderated(seen, fast)
    found = provisional(ability, framework.standard) if plain.provisional else ability
    return Estimated(plain.code, found.theta, found.se, found.n, plain.provisional)

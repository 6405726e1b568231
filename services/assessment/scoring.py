"""Marks, evidence and estimates of an ended attempt, and the proof that they can be drawn again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState
from domain.assessment.marking import mark
from domain.competencies.framework import Standard
from models.accounts import Person
from models.assessment import Attempt
from services.assessment.responding import asked
from services.competencies import estimates, ledger
from services.competencies.ledger import EvidenceLine, Observed
from services.library import catalogue
from services.library.catalogue import Framework

SOURCE = "response"
SCOPE = "attempt"
UNSCORED = "tryout"  # a question to try the pages on says nothing about anybody
ENDED = (AttemptState.SUBMITTED, AttemptState.EXPIRED)
EXACT = 1e-9  # what is left of a float after a passage through a database


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that was kept and the one that its answers give. where: `position 3, C2`."""

    attempt_id: int
    where: str
    kept: str
    found: str


@dataclass(frozen=True, slots=True)
class _Ended:
    id: int
    subject: str
    ended_at: datetime


def score(session: Session, attempt_id: int, now: datetime) -> None:
    """Mark every question of an ended attempt, record the evidence and keep the estimates.

    Questions without an answer earn no points. A repeat changes nothing.
    """
    for attempt in _ended(session, attempt_id):
        framework = catalogue.framework(session)
        observed = _observed(session, attempt)
        ledger.record(session, attempt.subject, observed, framework.standard_id, now)
        lines = _lines(session, attempt, observed)
        drawn = estimates.draw(lines, framework, attempt.ended_at)
        seen = max((line.id for line in lines), default=0)
        estimates.keep(
            session,
            attempt.subject,
            SCOPE,
            attempt_id,
            drawn,
            framework,
            seen,
            attempt.ended_at,
        )


def rescore(session: Session, now: datetime) -> int:
    """Bring every ended attempt under the present standard; how many there are."""
    ids = [attempt.id for attempt in _ended(session)]
    for attempt_id in ids:
        score(session, attempt_id, now)
    return len(ids)


def rescore_check(session: Session) -> list[Difference]:
    """Recompute marks, evidence and kept estimates of every ended attempt; the differences."""
    return [difference for attempt in _ended(session) for difference in _check(session, attempt)]


def _ended(session: Session, attempt_id: int | None = None) -> list[_Ended]:
    statement = (
        select(Attempt.id, Person.subject, Attempt.ended_at)
        .join(Person, Person.id == Attempt.person_id)
        .where(Attempt.state.in_(ENDED), Attempt.purpose != UNSCORED)
        .order_by(Attempt.id)
    )
    if attempt_id is not None:
        statement = statement.where(Attempt.id == attempt_id)
    return [
        _Ended(found_id, subject, ended_at)
        for found_id, subject, ended_at in session.execute(statement)
        if ended_at is not None
    ]


def _observed(session: Session, attempt: _Ended) -> list[Observed]:
    """What the answers say, all as of the attempt's end."""
    return [
        Observed(
            source_kind=SOURCE,
            source_id=question.id,
            item_revision_id=question.revision_id,
            item_document_id=question.document_id,
            competencies=question.item.competencies,
            mark=mark(question.item, question.response).points,
            max_mark=question.item.max_mark,
            observed_at=attempt.ended_at,
        )
        for question in asked(session, attempt.id)
    ]


def _lines(session: Session, attempt: _Ended, observed: list[Observed]) -> list[EvidenceLine]:
    sources = (SOURCE, [line.source_id for line in observed])
    return ledger.evidence(session, attempt.subject, sources=sources)


def _check(session: Session, attempt: _Ended) -> Iterator[Difference]:
    observed = _observed(session, attempt)
    lines = _lines(session, attempt, observed)
    kept = {(line.source_id, line.competency): line for line in lines}
    right: list[EvidenceLine] = []
    for position, seen in enumerate(observed, start=1):
        for code, weight in seen.competencies.items():
            where = f"position {position}, {code}"
            expected = f"{seen.mark} of {seen.max_mark}"
            line = kept.pop((seen.source_id, code), None)
            if line is None:
                yield Difference(attempt.id, where, "no evidence", expected)
                continue
            if (line.mark, line.max_mark) != (seen.mark, seen.max_mark):
                yield Difference(attempt.id, where, f"{line.mark} of {line.max_mark}", expected)
            if line.weight not in (0, weight):
                yield Difference(attempt.id, where, f"weight {line.weight}", f"weight {weight}")
            right.append(replace(line, mark=seen.mark, max_mark=seen.max_mark))
    for source_id, code in kept:
        yield Difference(attempt.id, f"source {source_id}, {code}", "evidence", "no question")
    yield from _check_estimates(session, attempt, right)


def _check_estimates(
    session: Session, attempt: _Ended, lines: list[EvidenceLine]
) -> Iterator[Difference]:
    shown = estimates.kept_with_basis(session, SCOPE, [attempt.id]).get(attempt.id)
    framework = catalogue.framework(session)
    if shown is not None:
        framework = _under(session, framework, shown)
    found = estimates.draw(lines, framework, attempt.ended_at)
    kept = shown.estimates if shown else {}
    for code in sorted(kept.keys() | found.keys()):
        texts = [
            f"{e.theta:.6f} ± {e.se:.6f} from {e.observations}" if e else "none"
            for e in (kept.get(code), found.get(code))
        ]
        if not _same(kept.get(code), found.get(code)):
            yield Difference(attempt.id, f"estimate {code}", *texts)


def _same(one: estimates.Estimated | None, other: estimates.Estimated | None) -> bool:
    if one is None or other is None:
        return one is other
    return (
        abs(one.theta - other.theta) < EXACT
        and abs(one.se - other.se) < EXACT
        and (one.observations, one.provisional) == (other.observations, other.provisional)
    )


def _under(session: Session, framework: Framework, shown: estimates.Kept) -> Framework:
    """The framework with the standard and the calibration that some numbers were drawn under."""
    if shown.standard_id != framework.standard_id:
        meta = catalogue.revisions(session, [shown.standard_id])[shown.standard_id].meta
        standard = Standard(**meta)
        framework = replace(framework, standard_id=shown.standard_id, standard=standard)
    if shown.calibration_id != framework.calibration_id:
        framework = catalogue.under(session, framework, shown.calibration_id)
    return framework

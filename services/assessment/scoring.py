"""Marks, evidence and estimates of an ended attempt, and the proof that they can be drawn again."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.adaptive_forms import is_adaptive
from domain.assessment.attempts import AttemptState
from domain.assessment.hinting import left_by_hints
from domain.assessment.items import is_measured
from domain.competencies.framework import Standard
from domain.records import frozen
from models.accounts import Person
from models.assessment import Attempt
from services.assessment.responding import Asked, asked
from services.competencies import estimates, ledger
from services.competencies.ledger import EvidenceLine, Observed
from services.library import catalogue
from services.library.catalogue import Framework

SOURCE = "response"
SCOPE = "attempt"
UNSCORED = "tryout"  # a question to try the pages on says nothing about anybody
ENDED = (AttemptState.SUBMITTED, AttemptState.EXPIRED)
EXACT = 1e-9  # what is left of a float after a passage through a database


class Why(StrEnum):
    """What explains a difference. An edited question never does: attempts pin what they asked."""

    KEY = "the key was fixed"
    STRUCK = "the question was struck out"
    RATED = "people have marked it"
    CALIBRATION = "it was drawn with another calibration than it names"
    STANDARD = "it was drawn under another standard than it names"
    NOTHING = "it does not follow from the answers"


@frozen
class Difference:
    """A number that was kept and the one that its answers give. where: `position 3, C2`."""

    attempt_id: int
    where: str
    kept: str
    found: str
    why: Why


@frozen
class _Ended:
    """cut_off: its last question was chosen for this person, and the time was over before they
    answered it.
    """

    id: int
    subject: str
    ended_at: datetime
    form_revision_id: int
    cut_off: bool


def score(session: Session, attempt_id: int, now: datetime) -> None:
    """Mark every question of an ended attempt, record the evidence and keep the estimates.

    Questions without an answer earn no points. A repeat changes nothing.
    """
    for attempt in _ended(session, attempt_id):
        framework = catalogue.framework(session)
        observed = _observed(asked(session, attempt_id), attempt)
        ledger.record(session, attempt.subject, observed, framework.standard_id, now)
        lines = _lines(session, attempt, observed)
        drawn = estimates.draw(lines, framework, attempt.ended_at)
        if not drawn:
            # Nothing counts any more: said in so many words, or the old numbers would stay.
            shown = estimates.kept(session, SCOPE, [attempt_id]).get(attempt_id, {})
            drawn = {code: estimates.nothing(code) for code in shown}
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


def score_again(session: Session, attempt_id: int, now: datetime) -> bool:
    """Score an ended attempt once more; whether a mark that counted, or counts now, changed."""
    before = _counting(session, attempt_id)
    score(session, attempt_id, now)
    after = _counting(session, attempt_id)
    return any(after[source] != counted for source, counted in before.items())


def _counting(
    session: Session, attempt_id: int
) -> dict[tuple[int, str], tuple[int, int, float] | None]:
    """(source, competency) -> mark, most and weight of its line; None where it does not count."""
    return {
        (line.source_id, line.competency): (line.mark, line.max_mark, line.weight)
        if line.weight
        else None
        for attempt in _ended(session, attempt_id)
        for line in _lines(session, attempt, _observed(asked(session, attempt_id), attempt))
    }


def rescore(session: Session, now: datetime) -> int:
    """Bring every ended attempt under the present standard; how many there are."""
    ids = [attempt.id for attempt in _ended(session)]
    for attempt_id in ids:
        score(session, attempt_id, now)
    return len(ids)


def rescore_check(session: Session) -> list[Difference]:
    """Recompute marks, evidence and kept estimates of every ended attempt; the differences.

    Kept numbers are held against the standard and the calibration that they name.
    """
    return [difference for attempt in _ended(session) for difference in _check(session, attempt)]


def _ended(session: Session, attempt_id: int | None = None) -> list[_Ended]:
    statement = (
        select(
            Attempt.id,
            Person.subject,
            Attempt.ended_at,
            Attempt.form_revision_id,
            Attempt.form_key,
            Attempt.state,
        )
        .join(Person, Person.id == Attempt.person_id)
        .where(Attempt.state.in_(ENDED), Attempt.purpose != UNSCORED)
        .order_by(Attempt.id)
    )
    if attempt_id is not None:
        statement = statement.where(Attempt.id == attempt_id)
    return [
        _Ended(
            row.id,
            row.subject,
            row.ended_at,
            row.form_revision_id,
            is_adaptive(row.form_key) and row.state == AttemptState.EXPIRED,
        )
        for row in session.execute(statement)
        if row.ended_at is not None
    ]


def _observed(questions: Iterable[Asked], attempt: _Ended) -> list[Observed]:
    """What the answers say, all as of the attempt's end.

    An answer that waits for people to mark it says nothing yet, and a self-description never does.
    A question that was struck out weighs nothing, and one with hints what they left of it.
    """
    questions = list(questions)
    if attempt.cut_off and questions and not _was_answered(questions[-1]):
        questions.pop()
    return [
        Observed(
            source_kind=SOURCE,
            source_id=question.id,
            item_revision_id=question.revision_id,
            item_document_id=question.document_id,
            competencies=_weights(question),
            mark=reached.points,
            max_mark=reached.maximum,
            observed_at=attempt.ended_at,
            rule_revision_id=_rule(question, attempt),
        )
        for question in questions
        if is_measured(question.item) and (reached := question.mark)
    ]


def _was_answered(question: Asked) -> bool:
    return question.answer is not None and bool(question.answer.response)


def _weights(question: Asked) -> Mapping[str, float]:
    if question.struck:
        return dict.fromkeys(question.item.competencies, 0.0)
    left = left_by_hints(question.item, question.hints)
    return {code: weight * left for code, weight in question.item.competencies.items()}


def _rule(question: Asked, attempt: _Ended) -> int | None:
    """By what a mark was made where it is not the standard, whichever came last.

    A wrong key has a rule of its own; for a held answer that a person accepted it is the form
    whose clock was waived.
    """
    fix, accepted_at = question.fix, question.answer.accepted_at if question.answer else None
    if accepted_at is not None and (fix is None or accepted_at > fix.at):
        return attempt.form_revision_id
    return fix.rule_id if fix else None


def _lines(session: Session, attempt: _Ended, observed: list[Observed]) -> list[EvidenceLine]:
    sources = (SOURCE, [line.source_id for line in observed])
    return ledger.evidence(session, attempt.subject, sources=sources)


def _check(session: Session, attempt: _Ended) -> Iterator[Difference]:
    questions = {question.id: question for question in asked(session, attempt.id)}
    observed = _observed(questions.values(), attempt)
    lines = _lines(session, attempt, observed)
    kept = {(line.source_id, line.competency): line for line in lines}
    right: list[EvidenceLine] = []
    reasons: dict[str, Why] = {}
    for seen in observed:
        question = questions[seen.source_id]
        for code, weight in seen.competencies.items():
            line = kept.pop((seen.source_id, code), None)
            for was, is_now in _gaps(line, seen, weight):
                reasons.setdefault(code, _why(question, line))
                where = f"position {question.position}, {code}"
                yield Difference(attempt.id, where, was, is_now, _why(question, line))
            if line is not None:
                weighs = weight if line.weight else 0.0
                right.append(replace(line, mark=seen.mark, max_mark=seen.max_mark, weight=weighs))
    for source_id, code in kept:
        where = f"source {source_id}, {code}"
        yield Difference(attempt.id, where, "evidence", "no question", Why.NOTHING)
    yield from _check_estimates(session, attempt, right, reasons)


def _gaps(line: EvidenceLine | None, seen: Observed, weight: float) -> Iterator[tuple[str, str]]:
    """What the ledger holds and what it should, where the two differ."""
    expected = f"{seen.mark} of {seen.max_mark}"
    if line is None:
        yield "no evidence", expected
        return
    if (line.mark, line.max_mark) != (seen.mark, seen.max_mark):
        yield f"{line.mark} of {line.max_mark}", expected
    if line.weight not in (0, weight):
        yield f"weight {line.weight}", f"weight {weight}"


def _why(question: Asked, line: EvidenceLine | None) -> Why:
    if question.fix and (line is None or line.rule_revision_id != question.fix.rule_id):
        return Why.STRUCK if question.fix.struck else Why.KEY
    if line is None and question.rated:
        return Why.RATED
    return Why.NOTHING


def _check_estimates(
    session: Session, attempt: _Ended, lines: list[EvidenceLine], reasons: Mapping[str, Why]
) -> Iterator[Difference]:
    """reasons: competency -> why its evidence differs, which explains its estimate as well."""
    shown = estimates.kept_with_basis(session, SCOPE, [attempt.id]).get(attempt.id)
    framework = catalogue.framework(session)
    if shown is not None:
        framework = _under(session, framework, shown)
    found = estimates.draw(lines, framework, attempt.ended_at)
    kept = shown.estimates if shown else {}
    for code in sorted(kept.keys() | found.keys()):
        was, is_now = kept.get(code), found.get(code)
        if not _same(was, is_now):
            why = reasons.get(code) or _why_drawn(session, attempt, lines, framework, was)
            yield Difference(attempt.id, f"estimate {code}", _told(was), _told(is_now), why)


def _told(found: estimates.Estimated | None) -> str:
    if found is None:
        return "none"
    return f"{found.theta:.6f} ± {found.se:.6f} from {found.observations}"


def _why_drawn(
    session: Session,
    attempt: _Ended,
    lines: list[EvidenceLine],
    named: Framework,
    was: estimates.Estimated | None,
) -> Why:
    """Whether a number follows from the evidence after all, by what it does not name."""
    present = catalogue.framework(session)
    live = catalogue.under(session, named, present.calibration_id)
    standing = replace(named, standard=present.standard)
    for why, tried in ((Why.CALIBRATION, live), (Why.STANDARD, standing)):
        drawn = estimates.draw(lines, tried, attempt.ended_at)
        if was and _same(was, drawn.get(was.code)):
            return why
    return Why.NOTHING


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

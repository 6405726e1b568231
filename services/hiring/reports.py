"""One candidate's result, as the readers of a position see it and as the candidate does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.marking import Feedback, feedback
from domain.hiring.applications import Stage, stage
from models.assessment import Answer, AttemptOpening
from services import journal
from services.actor import Actor
from services.assessment.contested import Contested, Correction, contests_of, corrections
from services.assessment.effort import EffortLine, beside, rapid_ones
from services.assessment.responding import Asked, asked
from services.assessment.scoring import SCOPE
from services.competencies import estimates
from services.competencies.presenting import ProfileView, RoleFit, fit_for, present
from services.errors import NotFound
from services.hiring import access, deciding, entering
from services.hiring.access import ApplicationRecord, PositionRecord
from services.hiring.deciding import DecisionLine, NoteLine
from services.hiring.entering import Offer, facts_of
from services.hiring.positions import gates_of
from services.library import catalogue
from services.library.catalogue import Framework


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A question of the attempt without its text. seconds: None where nothing was answered.

    waiting: people have not marked it yet. struck: its answer counts for nothing any more.
    """

    position: int
    competency: str
    subtopic: str
    kind: str
    points: int
    maximum: int
    seconds: float | None
    answered: bool
    waiting: bool
    struck: bool


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """A device that opened the attempt; devices are numbered in the order of their first time."""

    device: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What happened during the attempt: facts with times that prove nothing and move no score."""

    openings: tuple[OpeningLine, ...]
    late: int
    stale: int

    @property
    def devices(self) -> int:
        return len({opening.device for opening in self.openings})


@dataclass(frozen=True, slots=True)
class Result:
    """The numbers of an ended attempt, with what they rest on.

    effort: practices without very fast answers, where there were some.
    """

    profile: ProfileView
    fit: RoleFit
    answers: tuple[AnswerLine, ...]
    effort: tuple[EffortLine, ...]
    facts: Facts
    ended_at: datetime

    @property
    def answered(self) -> int:
        return sum(line.answered for line in self.answers)


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """An application with everything its readers may see; no result before the attempt ended."""

    application_id: int
    name: str
    email: str | None
    position: PositionRecord
    stage: Stage
    invited_at: datetime
    expires_at: datetime
    consented_at: datetime | None
    started_at: datetime | None
    deadline: datetime | None
    result: Result | None
    kept_until: datetime | None
    notes: tuple[NoteLine, ...]
    decisions: tuple[DecisionLine, ...]
    manages: bool


def candidate_page(
    session: Session, actor: Actor, application_id: int, lang: str, now: datetime
) -> CandidatePage:
    """An application for a reader of its position; a view of a result is journaled.

    Raises NotFound. Needs a writing session for the journal.
    """
    found = access.application(session, actor, application_id)
    position = access.position(session, actor, found.position_id)
    result = None
    if found.ended:
        result = result_of(session, found, position, lang)
        journal.append(session, actor, "result.viewed", "application", application_id, now)
    return CandidatePage(
        found.id,
        found.name,
        found.email,
        position,
        stage(facts_of(found), now),
        found.invited_at,
        found.expires_at,
        found.consented_at,
        found.started_at,
        found.deadline,
        result,
        found.kept_until,
        deciding.notes(session, application_id),
        deciding.decisions(session, application_id),
        actor.has("recruiter"),
    )


def result_of(
    session: Session, found: ApplicationRecord, position: PositionRecord, lang: str
) -> Result:
    """The result of an ended attempt."""
    framework = catalogue.framework(session)
    shown = estimates.kept_with_basis(session, SCOPE, [found.attempt_id]).get(found.attempt_id)
    drawn = shown.estimates if shown else {}
    questions = asked(session, found.attempt_id)
    ids = [question.id for question in questions]
    rapid = rapid_ones(session, questions)
    assert found.ended_at is not None  # an attempt ends with a time
    return Result(
        present(drawn, framework, lang),
        fit_for(position.weights, gates_of(position), drawn, framework, lang),
        tuple(_answer(question, framework, lang) for question in questions),
        beside(session, found.subject, ids, rapid, shown, framework, lang),
        facts_about(session, found.attempt_id),
        found.ended_at,
    )


def _answer(question: Asked, framework: Framework, lang: str) -> AnswerLine:
    reached = question.mark
    given = question.answer
    return AnswerLine(
        question.position,
        question.competency,
        _subtopic(question, framework, lang),
        question.item.kind,
        reached.points if reached else 0,
        reached.maximum if reached else question.item.max_mark,
        given.elapsed_ms / 1000 if given else None,
        bool(given and given.response),
        reached is None,
        question.struck,
    )


def _subtopic(question: Asked, framework: Framework, lang: str) -> str:
    known = framework.competencies[question.competency].subtopics
    names: Mapping[str, Mapping[str, str]] = {part.id: part.name for part in known}
    name = names.get(question.item.subtopic, {})
    return name.get(lang) or name.get("en") or question.item.subtopic


def facts_about(session: Session, attempt_id: int) -> Facts:
    """Devices and held answers of an attempt; the candidate is shown the same."""
    rows = session.execute(
        select(AttemptOpening.device, AttemptOpening.opened_at)
        .where(AttemptOpening.attempt_id == attempt_id)
        .order_by(AttemptOpening.lease)
    ).all()
    numbers: dict[str, int] = {}
    for row in rows:
        numbers.setdefault(row.device, len(numbers) + 1)
    held = {
        row[0]: int(row[1])
        for row in session.execute(
            select(Answer.held, func.count(Answer.id))
            .where(Answer.attempt_id == attempt_id, Answer.held.is_not(None))
            .group_by(Answer.held)
        )
    }
    openings = tuple(OpeningLine(numbers[row.device], row.opened_at) for row in rows)
    return Facts(openings, held.get("late", 0), held.get("stale", 0))


@dataclass(frozen=True, slots=True)
class Revealed:
    """A secure question in full, with what the candidate gave and the reasons for every option."""

    application_id: int
    name: str
    position: int
    title: str
    line: AnswerLine
    html: str
    lines: tuple[Feedback, ...]


def reveal(
    session: Session, actor: Actor, application_id: int, position: int, lang: str, now: datetime
) -> Revealed:
    """Open one question of a result; each use is journaled.

    Raises NotFound for what the actor may not see, before the end, and for a missing position.
    """
    found = access.application(session, actor, application_id)
    access.require_key(position)
    questions = asked(session, found.attempt_id, [position]) if found.ended else []
    if not questions:
        raise NotFound
    question = questions[0]
    journal.append(
        session, actor, "secure_item.viewed", "application", application_id, now,
        position=position, revision=question.revision_id,
    )  # fmt: skip
    title = access.position(session, actor, found.position_id).title
    return Revealed(
        found.id,
        found.name,
        position,
        title,
        _answer(question, catalogue.framework(session), lang),
        question.html,
        feedback(question.item, question.response),
    )


@dataclass(frozen=True, slots=True)
class NextStep:
    """What somebody who is one level further can say of themself."""

    code: str
    name: str
    level: int
    can: str


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The candidate's own page: what comes next, and after the end their report.

    contests: position -> what became of a question that they contested.
    """

    offer: Offer
    stage: Stage
    attempt_id: int
    deadline: datetime | None
    has_mail: bool
    result: Result | None
    next_steps: tuple[NextStep, ...]
    kept_until: datetime | None
    remarks: tuple[NoteLine, ...]
    contests: Mapping[int, Contested]
    corrections: tuple[Correction, ...]


def own_page(session: Session, actor: Actor, lang: str, now: datetime) -> OwnPage:
    """The page of a signed-in candidate; raises NotFound and Gone."""
    found = access.own_application(session, actor)
    entering.require_open(session, found, now)
    told = entering.offer_of(session, found)
    result = None
    steps: tuple[NextStep, ...] = ()
    remarks: tuple[NoteLine, ...] = ()
    contests: Mapping[int, Contested] = {}
    corrected: tuple[Correction, ...] = ()
    if found.ended:
        position = access.position_of(session, found.position_id)
        result = result_of(session, found, position, lang)
        steps = _next_steps(result.profile, catalogue.framework(session), lang)
        remarks = tuple(n for n in deciding.notes(session, found.id) if n.by_candidate)
        contests = contests_of(session, found.attempt_id)
        corrected = corrections(session, found.attempt_id)
    return OwnPage(
        told,
        stage(facts_of(found), now),
        found.attempt_id,
        found.deadline,
        found.email is not None,
        result,
        steps,
        found.kept_until,
        remarks,
        contests,
        corrected,
    )


def _next_steps(profile: ProfileView, framework: Framework, lang: str) -> tuple[NextStep, ...]:
    """The next rung of the two practices with the fewest points."""
    weakest = sorted(profile.measured, key=lambda line: (line.points, line.code))[:2]
    steps = []
    for line in weakest:
        level = min(line.level_low + 1, 5)
        rungs = {rung.level: rung.can for rung in framework.competencies[line.code].ladder}
        can = rungs[level].get(lang) or rungs[level]["en"]
        steps.append(NextStep(line.code, line.name, level, can))
    return tuple(steps)

"""One candidate's result, as the readers of a position see it and as the candidate does."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.marking import Feedback, feedback
from domain.competencies.scale import aged
from domain.hiring.applications import Stage, stage
from domain.hiring.shares import shares
from domain.records import frozen
from models.assessment import Answer, AttemptOpening
from services import journal
from services.actor import Actor
from services.assessment.contested import Contested, Correction, contests_of, corrections
from services.assessment.effort import EffortLine, beside, rapid_ones
from services.assessment.responding import Asked, asked
from services.assessment.scoring import SCOPE
from services.competencies import estimates
from services.competencies.estimates import MONTH, Estimated
from services.competencies.presenting import ProfileView, RoleFit, fit_for, present
from services.errors import NotFound
from services.hiring import access, deciding, entering, naming
from services.hiring.access import ApplicationRecord, PositionRecord
from services.hiring.deciding import DecisionLine, NoteLine
from services.hiring.entering import Offer, facts_of
from services.hiring.naming import Reader
from services.hiring.positions import gates_of
from services.library import catalogue
from services.library.catalogue import Framework
from services.measuring import norms
from services.measuring.norms import Standing

# Before half a year is over, ageing moves no error that a reader could see.
AGED_FROM_MONTHS = 6


@frozen
class AnswerLine:
    """A question of the attempt without its text. seconds: None where nothing was answered.

    waiting: people have not marked it yet. struck: its answer counts for nothing any more.
    share: of the person's own time, in per cent; whoever may not know of extra time sees that
    instead of seconds, which add up.
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
    share: float | None = None


@frozen
class OpeningLine:
    """A device that opened the attempt; devices are numbered in the order of their first time."""

    device: int
    opened_at: datetime


@frozen
class Facts:
    """What happened during the attempt: facts with times that prove nothing and move no score."""

    openings: tuple[OpeningLine, ...]
    late: int
    stale: int

    @property
    def devices(self) -> int:
        return len({opening.device for opening in self.openings})


@frozen
class Result:
    """The numbers of an ended attempt, with what they rest on.

    effort: practices without very fast answers, where there were some. rapid: the places of those
    answers. standings: by practice, in the newest norm group; empty where there is none.
    aged_se: by practice, one standard error in points as it is today; empty in the first half year.
    worked: whole minutes from start to end, None where all of the position's time was used: how
    much more somebody was given is nobody's business. adaptive: each is asked other questions.
    """

    profile: ProfileView
    fit: RoleFit
    answers: tuple[AnswerLine, ...]
    effort: tuple[EffortLine, ...]
    facts: Facts
    ended_at: datetime
    rapid: frozenset[int] = frozenset()
    standings: Mapping[str, Standing] = field(default_factory=dict)
    aged_se: Mapping[str, float] = field(default_factory=dict)
    months: int = 0
    worked: int | None = None
    adaptive: bool = False

    @property
    def answered(self) -> int:
        return sum(line.answered for line in self.answers)

    @property
    def norm(self) -> Standing | None:
        """The group that the numbers are held against, as one of its standings."""
        return next(iter(self.standings.values()), None)


@frozen
class CandidatePage:
    """An application with everything its readers may see; no result before the attempt ended.

    name: a label where `reader` sees no names; there is no mail address then either.
    manages: recruiters alone see the deadline and the time of day, which would tell extra time.
    """

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
    reader: Reader
    corrections: tuple[Correction, ...] = ()


def candidate_page(
    session: Session, actor: Actor, application_id: int, lang: str, now: datetime
) -> CandidatePage:
    """An application for a reader of its position; a view of a result is journaled.

    Raises NotFound. Needs a writing session for the journal.
    """
    page = unseen(session, actor, application_id, lang, now)
    if page.result is not None:
        journal.append(session, actor, "result.viewed", "application", application_id, now)
    return page


def unseen(
    session: Session, actor: Actor, application_id: int, lang: str, now: datetime
) -> CandidatePage:
    """The same for a file whose asking was journaled; it writes nothing."""
    found = access.application(session, actor, application_id)
    position = access.position(session, actor, found.position_id)
    how = naming.reader(session, actor, position.id)
    found = naming.shown(found, how, lang)
    result = None
    if found.ended:
        result = result_of(session, found, position, lang, now)
        if not actor.has("recruiter"):
            result = replace(result, answers=_without_seconds(result.answers))
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
        found.deadline if actor.has("recruiter") else None,
        result,
        found.kept_until,
        tuple(
            replace(note, author=found.name) if note.by_candidate else note
            for note in deciding.notes(session, application_id)
        ),
        deciding.decisions(session, application_id),
        actor.has("recruiter"),
        how,
        corrections(session, found.attempt_id) if found.ended else (),
    )


def result_of(
    session: Session, found: ApplicationRecord, position: PositionRecord, lang: str, now: datetime
) -> Result:
    """The result of an ended attempt, as it is read now."""
    framework = catalogue.framework(session)
    shown = estimates.kept_with_basis(session, SCOPE, [found.attempt_id]).get(found.attempt_id)
    drawn = shown.estimates if shown else {}
    questions = asked(session, found.attempt_id)
    ids = [question.id for question in questions]
    rapid = rapid_ones(session, questions)
    assert found.ended_at is not None  # an attempt ends with a time
    months = max(0, (now - found.ended_at) // MONTH)
    return Result(
        present(drawn, framework, lang),
        fit_for(position.weights, gates_of(position), drawn, framework, lang),
        _answers(questions, framework, lang),
        beside(session, found.subject, ids, rapid, shown, framework, lang),
        facts_about(session, found.attempt_id),
        found.ended_at,
        frozenset(question.position for question in questions if question.id in rapid),
        _standings(session, drawn),
        _aged(drawn, months, framework),
        months,
        _worked(found, position),
        found.adaptive,
    )


def _worked(found: ApplicationRecord, position: PositionRecord) -> int | None:
    if found.started_at is None or found.ended_at is None:
        return None
    minutes = max(1, round((found.ended_at - found.started_at).total_seconds() / 60))
    return minutes if minutes < position.minutes else None


def _standings(session: Session, drawn: Mapping[str, Estimated]) -> dict[str, Standing]:
    """Where the numbers stand in the norm group that was defined last."""
    known = norms.names(session)[:1]
    if not known:
        return {}
    return norms.standings(session, known[0], {code: one.theta for code, one in drawn.items()})


def _aged(drawn: Mapping[str, Estimated], months: int, framework: Framework) -> dict[str, float]:
    """The errors in points after so many months, from the half year on; numbers do not age."""
    if months < AGED_FROM_MONTHS:
        return {}
    scale = framework.standard.per_logit
    return {
        code: aged(one.ability, months, framework.standard).se * scale
        for code, one in drawn.items()
    }


def _answers(questions: Sequence[Asked], framework: Framework, lang: str) -> tuple[AnswerLine, ...]:
    lines = [_answer(question, framework, lang) for question in questions]
    parts = shares([line.seconds for line in lines])
    return tuple(replace(line, share=part) for line, part in zip(lines, parts, strict=True))


def _without_seconds(lines: Sequence[AnswerLine]) -> tuple[AnswerLine, ...]:
    return tuple(replace(line, seconds=None) for line in lines)


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


@frozen
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
    line = _answer(question, catalogue.framework(session), lang)
    if not actor.has("recruiter"):
        line = replace(line, seconds=None)
    found = naming.shown(found, naming.reader(session, actor, found.position_id), lang)
    return Revealed(
        found.id,
        found.name,
        position,
        title,
        line,
        question.html,
        feedback(question.item, question.response),
    )


@frozen
class NextStep:
    """What somebody who is one level further can say of themself."""

    code: str
    name: str
    level: int
    can: str


@frozen
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
        result = result_of(session, found, position, lang, now)
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

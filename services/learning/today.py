"""Today: the one next thing to do, what follows it, and the profile at a glance."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.assessment import Attempt
from services.actor import Actor
from services.competencies import ledger, self_rating
from services.competencies.estimates import draw
from services.competencies.presenting import PracticeLine, ProfileView, present
from services.learning import assignments
from services.learning.asked_again import Again, asked_again
from services.learning.assignments import AssignedModule
from services.learning.pages import LessonState, ModuleState, contents
from services.library import catalogue
from services.library.catalogue import Outline

OPEN_STATES = ("created", "running")
PLACEMENT = "placement"
OWN_PURPOSES = (PLACEMENT, "narrow", "quiz", "unit", "practice", "exam", "adaptive", "retest")
NEXT_LINES = 3


@frozen
class OpenAttempt:
    """An attempt begun and not handed in. title: of the lesson or module that a quiz closes."""

    id: int
    purpose: str
    form_key: str
    title: str | None


@frozen
class Step:
    """One thing to do. kind: attempt, reread, retest, begun, rating, placement, lesson or done.

    practice: why this lesson, where the profile is the reason.
    """

    kind: str
    attempt: OpenAttempt | None = None
    state: LessonState | None = None
    practice: PracticeLine | None = None


@frozen
class TodayPage:
    """steps: in the order of doing; the first is the next step, up to three follow.

    assigned: modules that a trainer asked for and that are not read yet.
    """

    steps: tuple[Step, ...]
    view: ProfileView
    finished: int
    lessons: int
    placed: bool
    rated: bool
    assigned: tuple[AssignedModule, ...]

    @property
    def next_step(self) -> Step:
        return self.steps[0]

    @property
    def after(self) -> tuple[Step, ...]:
        return self.steps[1 : 1 + NEXT_LINES]


def today(session: Session, actor: Actor, lang: str, now: datetime) -> TodayPage:
    """The learner's first page; a constant number of statements."""
    framework = catalogue.framework(session)
    modules = contents(session, actor, lang)
    levels = self_rating.levels(session, actor)
    lines = ledger.evidence(session, actor.subject, as_of=now)
    view = present(draw(lines, framework, now), framework, lang, levels)
    attempts = session.execute(
        select(Attempt.id, Attempt.purpose, Attempt.form_key, Attempt.state)
        .where(
            Attempt.person_id == actor.person_id,
            Attempt.purpose.in_(OWN_PURPOSES),
            (Attempt.purpose == PLACEMENT) | Attempt.state.in_(OPEN_STATES),
        )
        .order_by(Attempt.id.desc())
    ).all()
    states = [state for module in modules for state in module.lessons]
    titles = Outline(tuple(state.module for state in modules)).quiz_titles(lang)
    unfinished = [
        OpenAttempt(row.id, row.purpose, row.form_key, titles.get(row.form_key))
        for row in attempts
        if row.state in OPEN_STATES
    ]
    placed = any(row.purpose == PLACEMENT and row.state not in OPEN_STATES for row in attempts)
    rated = len(levels) == len(framework.practices)
    return TodayPage(
        steps=_steps(
            unfinished,
            asked_again(session, actor, states),
            states,
            view,
            modules,
            rated=rated,
            placed=placed,
        ),
        view=view,
        finished=sum(state.state == "finished" for state in states),
        lessons=len(states),
        placed=placed,
        rated=rated,
        assigned=_assigned(session, actor, lang),
    )


def _assigned(session: Session, actor: Actor, lang: str) -> tuple[AssignedModule, ...]:
    assert actor.person_id is not None  # a learner's page
    lines = assignments.assigned(session, [actor.person_id], lang).get(actor.person_id, [])
    return tuple(line for line in lines if not line.done)


def _steps(
    unfinished: Sequence[OpenAttempt],
    again: Sequence[Again],
    states: Sequence[LessonState],
    view: ProfileView,
    modules: Sequence[ModuleState],
    *,
    rated: bool,
    placed: bool,
) -> tuple[Step, ...]:
    """What is open comes first, then what is asked again or was begun, then knowing oneself, then
    the widest gap."""
    steps = [Step("attempt", attempt=attempt) for attempt in unfinished]
    steps += [Step(line.kind, state=line.state) for line in again]
    steps += [Step("begun", state=state) for state in states if state.state == "begun"]
    if not rated:
        steps.append(Step("rating"))
    if not placed and not any(attempt.purpose == PLACEMENT for attempt in unfinished):
        steps.append(Step("placement"))
    steps += [
        Step("lesson", state=state, practice=_practice(state, view))
        for state in _by_gap(modules, view)
    ]
    return tuple(steps) or (Step("done"),)


def _by_gap(modules: Sequence[ModuleState], view: ProfileView) -> list[LessonState]:
    """Unread lessons: those of the weakest measured practice first, else in the course's order."""
    points = {line.code: line.points for line in view.measured}
    fresh = [
        state
        for module in modules
        if not module.missing
        for state in module.lessons
        if state.state == "open"
    ]

    def gap(state: LessonState) -> tuple[float, int]:
        code = _about(state)
        if code not in points:
            return float("inf"), 0
        # The lesson that serves the practice alone comes before one that touches it.
        return points[code], len(state.lesson.competencies)

    return sorted(fresh, key=gap)


def _practice(state: LessonState, view: ProfileView) -> PracticeLine | None:
    return next((line for line in view.measured if line.code == _about(state)), None)


def _about(state: LessonState) -> str:
    """The practice that a lesson is about before all others."""
    return state.lesson.competencies[0] if state.lesson.competencies else ""

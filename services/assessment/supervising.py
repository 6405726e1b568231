"""What trainers see of exams that run, and the time that they give to learners."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState, remaining_seconds
from domain.records import frozen
from models.accounts import Person, PersonRole
from models.assessment import Accommodation, Attempt, AttemptGrant
from services.actor import Actor
from services.assessment.access import GREATEST_ID, learners_clock
from services.assessment.grants import EXTRA, Extra, accommodate, extend
from services.assessment.rules import rules_of
from services.errors import Forbidden, NotFound
from services.roles import trainer

MOST_LISTED = 200


@frozen
class RunningLine:
    """A learner's attempt whose clock runs. extra: times that time was given; extra_s: in all."""

    attempt_id: int
    name: str
    titles: dict[str, str]
    seconds_left: int
    resting: bool
    extra: int
    extra_s: int


@frozen
class LearnerLine:
    """A learner with the extra time that they have whenever a clock starts."""

    person_id: int
    name: str
    percent: int
    minutes: int


@frozen
class RunningPage:
    running: tuple[RunningLine, ...]
    learners: tuple[LearnerLine, ...]

    @property
    def accommodated(self) -> tuple[LearnerLine, ...]:
        return tuple(line for line in self.learners if line.percent or line.minutes)


def running_page(session: Session, actor: Actor, now: datetime) -> RunningPage:
    """Learners' attempts with a running clock, and who has extra time; for trainers."""
    trainer(actor)
    extras = (
        select(
            AttemptGrant.attempt_id,
            func.count().label("times"),
            func.sum(AttemptGrant.seconds).label("seconds"),
        )
        .where(AttemptGrant.kind == EXTRA)
        .group_by(AttemptGrant.attempt_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Attempt.id,
            Person.name,
            Attempt.form_revision_id,
            Attempt.deadline,
            Attempt.paused_at,
            func.coalesce(extras.c.times, 0).label("times"),
            func.coalesce(extras.c.seconds, 0).label("seconds"),
        )
        .join(Person, Person.id == Attempt.person_id)
        .join(extras, extras.c.attempt_id == Attempt.id, isouter=True)
        .where(
            Attempt.state == AttemptState.RUNNING,
            Attempt.deadline.is_not(None),
            Attempt.purpose != "hiring",
            Person.kind == "member",
            (Attempt.deadline > now) | Attempt.paused_at.is_not(None),
        )
        .order_by(Attempt.deadline)
        .limit(MOST_LISTED)
    ).all()
    return RunningPage(
        tuple(
            RunningLine(
                row.id,
                row.name,
                dict(rules_of(session, row.form_revision_id).titles),
                remaining_seconds(row.paused_at or now, row.deadline) or 0,
                row.paused_at is not None,
                int(row.times),
                int(row.seconds),
            )
            for row in rows
        ),
        _learners(session),
    )


def _learners(session: Session) -> tuple[LearnerLine, ...]:
    rows = session.execute(
        select(
            Person.id,
            Person.name,
            func.coalesce(Accommodation.percent, 0),
            func.coalesce(Accommodation.minutes, 0),
        )
        .join(PersonRole, PersonRole.person_id == Person.id)
        .join(Accommodation, Accommodation.person_id == Person.id, isouter=True)
        .where(PersonRole.role == "learner", Person.disabled_at.is_(None))
        .order_by(Person.name, Person.id)
    )
    return tuple(LearnerLine(*row) for row in rows)


def extend_learner(
    session: Session, actor: Actor, attempt_id: int, extra: Extra, seen: int, now: datetime
) -> int:
    """`extend` for a trainer and a learner's attempt; raises NotFound for any other."""
    trainer(actor)
    learners_clock(session, attempt_id)
    return extend(session, actor, attempt_id, extra, seen, now)


def accommodate_learner(
    session: Session, actor: Actor, person_id: int, extra: Extra, now: datetime
) -> None:
    """`accommodate` for a trainer and a learner; raises NotFound for anybody else."""
    trainer(actor)
    if person_id > GREATEST_ID or person_id not in {one.person_id for one in _learners(session)}:
        raise NotFound
    if person_id == actor.person_id:
        raise Forbidden("Nobody gives time to themselves.")
    accommodate(session, actor, person_id, extra, now)

"""Seconds added to a clock: extra time that a person gives, a drop, a break.

A deadline moves together with a row that says why, in one transaction and one journal entry.
"""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState
from domain.assessment.clocks import EXTRA_PERCENTS, MOST_EXTRA_MINUTES, extra_seconds
from domain.records import frozen
from models.accounts import FreeText
from models.assessment import Accommodation, Attempt, AttemptGrant
from services import journal
from services.actor import Actor
from services.assessment.access import Clock, clock_of
from services.assessment.inserting import DIALECTS
from services.assessment.rules import rules_of
from services.assessment.sections import shift
from services.errors import Conflict, Forbidden, Invalid

EXTRA, DROP, BREAK = "extra", "drop", "break"
MOST_REASON = 500


@frozen
class Extra:
    """What is given: a percentage of the limit (0, 25, 50 or 100) and minutes; reason may be ''."""

    percent: int
    minutes: int
    reason: str = ""

    def check(self) -> None:
        """Raises Invalid naming what cannot be given."""
        wrong = {}
        if self.percent not in (0, *EXTRA_PERCENTS):
            wrong["percent"] = "must be 25, 50 or 100"
        if not 0 <= self.minutes <= MOST_EXTRA_MINUTES:
            wrong["minutes"] = f"must be a whole number from 0 to {MOST_EXTRA_MINUTES}"
        if len(self.reason) > MOST_REASON:
            wrong["reason"] = f"must have at most {MOST_REASON} characters"
        if wrong:
            raise Invalid(fields=wrong)


def grant(
    session: Session,
    actor: Actor,
    attempt: Clock,
    kind: str,
    seconds: int,
    now: datetime,
    *,
    since: datetime | None = None,
    by: int | None = None,
    reason: str = "",
) -> None:
    """Move the clock of a running attempt that the caller holds and has guarded.

    since: sections that were over then stay over; now, where it is left out.
    """
    if attempt.deadline is not None:
        _move(session, attempt, seconds, since or now)
    reason_id = _keep_reason(session, by, attempt.id, reason, now) if by and reason else None
    _insert(session, attempt.id, kind, seconds, by, now, reason_id)
    journal.append(
        session, actor, "attempt.granted", "attempt", attempt.id, now, kind=kind, seconds=seconds
    )


def note_extra(
    session: Session, attempt_id: int, seconds: int, by: int | None, now: datetime
) -> None:
    """Write down the extra time that a clock begins with; its deadline holds it already."""
    _insert(session, attempt_id, EXTRA, seconds, by, now)


def _insert(
    session: Session,
    attempt_id: int,
    kind: str,
    seconds: int,
    by: int | None,
    now: datetime,
    reason_id: int | None = None,
) -> None:
    session.execute(
        insert(AttemptGrant).values(
            attempt_id=attempt_id,
            kind=kind,
            seconds=seconds,
            granted_by=by,
            reason_id=reason_id,
            granted_at=now,
        )
    )


def _move(session: Session, attempt: Clock, seconds: int, since: datetime) -> None:
    """The deadline, and those of the sections that are still to end."""
    session.execute(
        update(Attempt).where(Attempt.id == attempt.id).values(deadline=attempt.ends_after(seconds))
    )
    if rules_of(session, attempt.form_revision_id).parts:
        shift(session, attempt.id, seconds, since)


def _keep_reason(session: Session, author: int, attempt_id: int, text: str, now: datetime) -> int:
    return session.execute(
        insert(FreeText)
        .values(
            author_id=author, about_kind="attempt", about_id=attempt_id, body=text, created_at=now
        )
        .returning(FreeText.id)
    ).scalar_one()


def granted(session: Session, attempt_id: int, kind: str) -> tuple[int, int]:
    """How many grants of a kind an attempt has, and their seconds together."""
    count, seconds = session.execute(
        select(func.count(), func.coalesce(func.sum(AttemptGrant.seconds), 0)).where(
            AttemptGrant.attempt_id == attempt_id, AttemptGrant.kind == kind
        )
    ).one()
    return int(count), int(seconds)


def accommodated(session: Session, person_id: int, limit_s: int) -> tuple[int, int | None]:
    """The seconds that a person has on top of a limit whenever a clock runs, and who gave them."""
    row = session.execute(
        select(Accommodation.percent, Accommodation.minutes, Accommodation.granted_by).where(
            Accommodation.person_id == person_id
        )
    ).one_or_none()
    if row is None:
        return 0, None
    return extra_seconds(limit_s, row.percent, row.minutes), row.granted_by


def extend(
    session: Session, actor: Actor, attempt_id: int, extra: Extra, seen: int, now: datetime
) -> int:
    """Give more time to an attempt that the caller has guarded; how many seconds it got.

    Before the start it becomes the person's accommodation, and 0 is given back; during it the
    deadline moves. seen: how many times extra time had been given when the page was made, so that
    a form sent twice gives once. Raises Invalid, and Conflict for an attempt without a clock, one
    that is over, or when time was given since.
    """
    extra.check()
    if not extra.percent and not extra.minutes:
        raise Invalid(fields={"minutes": "give a percentage or minutes"})
    attempt = clock_of(session, attempt_id)
    if attempt.person_id == actor.person_id or actor.person_id is None:
        raise Forbidden("Nobody gives time to themselves.")
    if attempt.limit_s is None:
        raise Conflict("This attempt has no clock.")
    state = attempt.state_at(now)
    if state is AttemptState.CREATED:
        accommodate(session, actor, attempt.person_id, extra, now)
        return 0
    if state is not AttemptState.RUNNING:
        raise Conflict("This attempt is over.")
    if granted(session, attempt_id, EXTRA)[0] != seen:
        raise Conflict("Extra time was given since this page was opened. Look again.")
    seconds = extra_seconds(attempt.limit_s, extra.percent, extra.minutes)
    grant(
        session, actor, attempt, EXTRA, seconds, now,
        since=attempt.paused_at, by=actor.person_id, reason=extra.reason,
    )  # fmt: skip
    return seconds


def accommodate(
    session: Session, actor: Actor, person_id: int, extra: Extra, now: datetime
) -> None:
    """Note the extra time that a person has from now on; nothing takes it away again.

    The caller has guarded the person. It moves no clock that runs already. Raises Invalid.
    """
    extra.check()
    values = {
        "percent": extra.percent,
        "minutes": extra.minutes,
        "granted_by": actor.person_id,
        "granted_at": now,
    }
    statement = DIALECTS[session.get_bind().dialect.name].insert(Accommodation)
    session.execute(
        statement.values(person_id=person_id, **values).on_conflict_do_update(
            index_elements=[Accommodation.person_id], set_=values
        )
    )
    journal.append(
        session, actor, "person.accommodated", "person", person_id, now,
        percent=extra.percent, minutes=extra.minutes,
    )  # fmt: skip

"""One action on many candidates: the ticked ones, or all that the filters leave.

First a plan is shown: whom it concerns, whom it leaves out, and what cannot be taken back. Then it
is done in one transaction. A refusal takes a reason in words and writes one decision a person;
nothing here decides by a figure.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, insert, not_, or_, select, update
from sqlalchemy.orm import Session

from domain.hiring.pipeline import Column, Filters
from domain.records import frozen
from models.accounts import Person
from models.assessment import Attempt
from models.hiring import Invitation, InvitationReminder
from models.selection import ACTIONS, BulkAction, BulkLine, Candidacy
from services import journal, outbox
from services.actor import Actor
from services.errors import Forbidden, Invalid, NotFound
from services.hiring import access, candidacies, listing, pages, reminding
from services.hiring.candidacies import Verdict
from services.hiring.deciding import REASONS, cleaned
from services.hiring.invitations import MOST_DAYS
from services.hiring.listing import Asking
from services.hiring.narrowing import NUMBER, Condition, column_of, conditions, sifted

DECISIONS = ("hold", "reject")
INVITATIONS = ("revoke", "extend", "remind", "resend")  # a recruiter's alone
FOR_GOOD = ("remind", "resend")  # a mail that is sent stays sent
MOST = 10_000
SAMPLE = 12


@frozen
class Order:
    """What somebody asks for. chosen: the ticked ones, None for all that the filters leave."""

    action: str
    chosen: tuple[int, ...] | None
    filters: Filters


@frozen
class Details:
    """What some actions need: a reason for decisions, a day for an extension.

    once: the form's own value, so that a form sent twice acts once.
    """

    once: str
    reason_code: str = ""
    reason: str = ""
    expires_at: datetime | None = None


@frozen
class Plan:
    """What an action would do. concerned: how many; left_out: asked for, but it is not for them."""

    action: str
    concerned: int
    left_out: int
    names: tuple[str, ...]
    position_id: int
    title: str

    @property
    def more(self) -> int:
        return self.concerned - len(self.names)

    @property
    def can_be_undone(self) -> bool:
        return self.action not in FOR_GOOD

    @property
    def needs(self) -> str | None:
        if self.action in DECISIONS:
            return "reason"
        return "day" if self.action == "extend" else None


@frozen
class Done:
    """What was done: the action's number and how many it concerned."""

    action_id: int
    action: str
    count: int


def plan(
    session: Session, actor: Actor, position_id: int, order: Order, lang: str, now: datetime
) -> Plan:
    """What an order would do; raises NotFound, Forbidden and Invalid."""
    asking = _guarded(session, actor, position_id, order, lang, now)
    wanted, fits = _wanted(order, asking), _for_whom(order.action, now)
    numbers = sifted([func.count(), func.count().filter(fits)], wanted)
    asked, concerned = session.execute(numbers).one()
    if concerned > MOST:
        raise Invalid(fields={"chosen": f"at most {MOST} at a time"})
    some = sifted([NUMBER], [*wanted, fits], [NUMBER.desc()]).limit(SAMPLE)
    names = tuple(line.name for line in listing.newest(session, session.scalars(some), asking))
    title = asking.position.title
    return Plan(order.action, concerned, asked - concerned, names, position_id, title)


def act(
    session: Session,
    actor: Actor,
    position_id: int,
    order: Order,
    details: Details,
    lang: str,
    now: datetime,
) -> Done:
    """Carry an order out and note what it changed; the same form again gives back the first.

    Raises NotFound, Forbidden, and Invalid for a reason or a day that is missing, or nobody left.
    """
    asking = _guarded(session, actor, position_id, order, lang, now)
    if not 16 <= len(details.once) <= 100:
        raise Invalid(fields={"once": "reload the page and send the form again"})
    access.lock_position(session, actor, position_id)
    once = hashlib.sha256(f"{actor.person_id}:{details.once}".encode()).hexdigest()
    known = session.execute(
        select(BulkAction.id, BulkAction.kind, func.count(BulkLine.application_id))
        .join(BulkLine, BulkLine.action_id == BulkAction.id)
        .where(BulkAction.once == once)
        .group_by(BulkAction.id, BulkAction.kind)
    ).one_or_none()
    if known is not None:
        return Done(*known)
    reason = _checked(order.action, details, now)
    fitting = [*_wanted(order, asking), _for_whom(order.action, now)]
    ids = session.scalars(sifted([NUMBER], fitting, [NUMBER]).limit(MOST)).all()
    if not ids:
        raise Invalid(fields={"chosen": "the action concerns nobody any more"})
    candidacies.hold(session, ids)
    before = _carry_out(session, actor, order.action, ids, details, reason, now)
    action_id = _noted(session, actor, position_id, order.action, once, before, now)
    return Done(action_id, order.action, len(ids))


def _guarded(
    session: Session, actor: Actor, position_id: int, order: Order, lang: str, now: datetime
) -> Asking:
    asking = pages.asking_of(session, actor, position_id, lang, now)
    if order.action not in ACTIONS or order.action == "unreview":
        raise NotFound
    if order.action in INVITATIONS and not actor.has("recruiter"):
        raise Forbidden
    return asking


def _wanted(order: Order, asking: Asking) -> list[Condition]:
    filters = Filters() if order.chosen else listing.allowed(order.filters, asking.how)
    wanted = conditions(filters, asking.position, asking.framework, asking.now)
    if order.chosen is None:
        return wanted
    for one in order.chosen:
        access.require_key(one)
    return [*wanted, NUMBER.in_(order.chosen)]


def _for_whom(action: str, now: datetime) -> Condition:
    """Whom an action makes sense for."""
    unused = Attempt.started_at.is_(None) & Invitation.revoked_at.is_(None)
    waits = unused & (Invitation.expires_at > now) & (Attempt.state != "expired")
    mailed = Person.email.is_not(None) & Invitation.refused_at.is_(None)
    undecided = Candidacy.outcome.is_(None)

    def outcome_not(*words: str) -> Condition:
        return or_(undecided, not_(Candidacy.outcome.in_(words)))

    return {
        "review": column_of(now) == Column.FINISHED,
        "hold": outcome_not("hold", "withdrawn", "hired"),
        "reject": outcome_not("reject", "withdrawn", "hired"),
        "revoke": waits,
        "extend": unused,
        "remind": waits & mailed & undecided & not_(_reminded_today(now)),
        "resend": waits & mailed,
    }[action]


def _reminded_today(now: datetime) -> Condition:
    return exists(
        select(InvitationReminder.invitation_id).where(
            InvitationReminder.invitation_id == Invitation.id, reminding.reminded_by_hand(now)
        )
    )


def _checked(action: str, details: Details, now: datetime) -> str:
    """The reason as it is kept; raises Invalid naming every field that is wrong."""
    faults, reason = {}, ""
    if action in DECISIONS:
        if details.reason_code not in REASONS:
            faults["reason_code"] = "choose a reason"
        try:
            reason = cleaned(details.reason, "reason")
        except Invalid as error:
            faults |= error.fields
    latest = now + timedelta(days=MOST_DAYS + 1)
    if action == "extend" and not (details.expires_at and now < details.expires_at <= latest):
        faults["expires"] = f"must be a day within the next {MOST_DAYS} days"
    if faults:
        raise Invalid(fields=faults)
    return reason


def _carry_out(
    session: Session,
    actor: Actor,
    action: str,
    ids: Sequence[int],
    details: Details,
    reason: str,
    now: datetime,
) -> dict[int, dict[str, Any]]:
    """Change what the action changes; application -> what taking it back needs."""
    match action:
        case "review":
            candidacies.put(session, {one: {"review_at": now} for one in ids})
            journal.append_all(session, actor, "application.review", "application", ids, now)
            return {one: {} for one in ids}
        case "hold" | "reject":
            last = candidacies.newest(session, ids)
            verdicts = [Verdict(one, action, last[one][0] if one in last else None) for one in ids]
            made = candidacies.decide(session, actor, verdicts, details.reason_code, reason, now)
            return {
                one: {"decision": made[one], "was": last[one][1] if one in last else None}
                for one in ids
            }
        case _:
            return _to_invitations(session, actor, action, ids, details.expires_at, now)


def _to_invitations(
    session: Session,
    actor: Actor,
    action: str,
    ids: Sequence[int],
    expires_at: datetime | None,
    now: datetime,
) -> dict[int, dict[str, Any]]:
    theirs = Invitation.application_id.in_(ids)
    rows = session.execute(
        select(Invitation.application_id, Invitation.id, Invitation.expires_at).where(theirs)
    ).all()
    event = {"revoke": "revoked", "extend": "extended", "remind": "reminded", "resend": "resent"}
    if action == "revoke":
        session.execute(update(Invitation).where(theirs).values(revoked_at=now))
    elif action == "extend":
        session.execute(update(Invitation).where(theirs).values(expires_at=expires_at))
    else:
        to = [row.id for row in rows]
        task = "mail.invitation"
        if action == "remind":
            task, to = "mail.reminder", reminding.note_by_hand(session, to, now)
        outbox.ask_all(session, task, now, [{"invitation_id": one} for one in to])
    journal.append_all(session, actor, f"invitation.{event[action]}", "application", ids, now)
    if action != "extend" or expires_at is None:
        return {one: {} for one in ids}
    return {
        row.application_id: {"was": row.expires_at.isoformat(), "now": expires_at.isoformat()}
        for row in rows
    }


def _noted(
    session: Session,
    actor: Actor,
    position_id: int,
    action: str,
    once: str,
    before: dict[int, dict[str, Any]],
    now: datetime,
) -> int:
    made = session.execute(
        insert(BulkAction)
        .values(
            position_id=position_id,
            person_id=actor.person_id,
            kind=action,
            once=once,
            done_at=now,
        )
        .returning(BulkAction.id)
    )
    action_id = int(made.scalar_one())
    session.execute(
        insert(BulkLine),
        [
            {"action_id": action_id, "application_id": one, "before": was}
            for one, was in before.items()
        ],
    )
    journal.append(
        session, actor, "bulk.done", "position", position_id, now,
        action=action_id, kind=action, count=len(before),
    )  # fmt: skip
    return action_id

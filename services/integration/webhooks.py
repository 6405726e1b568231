"""Addresses that are told what happened: made, tried by hand, switched off. See docs/api.md."""

import secrets
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from domain.records import frozen
from gateways import http
from models.hiring import Position
from models.integration import Webhook, WebhookDelivery
from models.journal import JournalEntry
from services import journal
from services.accounts import sealing
from services.actor import Actor
from services.errors import Conflict, Invalid, NotFound
from services.hiring import access
from services.session import changed_rows

EVENTS = (
    "application.invited", "application.started", "application.finished", "application.decided",
    "application.erased",
)  # fmt: skip
PURPOSE, MARK, KIND = "webhook", "whsec_", "webhook"
SHOWN = 50
MOST = 20


@frozen
class HookDraft:
    """What somebody typed."""

    url: str
    events: tuple[str, ...]
    position_id: int | None


@frozen
class NewHook:
    """A webhook with its secret in clear, for the only time."""

    id: int
    url: str
    secret: str


@frozen
class HookLine:
    """A webhook in the list. waiting: events that are still to be sent; why: as in the table."""

    id: int
    url: str
    events: tuple[str, ...]
    position: str | None
    failures: int
    waiting: int
    disabled_at: datetime | None
    why: str | None


@frozen
class DeliveryLine:
    """One event on its way. status: of the newest answer; error: the kind of what went wrong."""

    id: int
    event: str
    application_id: int
    happened_at: datetime
    state: str
    tries: int
    status: int | None
    ms: int | None
    error: str | None


def make(session: Session, actor: Actor, draft: HookDraft, now: datetime) -> NewHook:
    """Make a webhook; it is told of what happens from now on. Journaled.

    Raises Invalid for an address that is not https or not public, and Conflict beyond MOST.
    """
    me = access.require_recruiter(actor)
    faults = {}
    try:
        http.look_up(draft.url)
    except http.Refused as error:
        faults["url"] = str(error)
    if not draft.events or not set(EVENTS).issuperset(draft.events):
        faults["events"] = f"choose one or more of {', '.join(EVENTS)}"
    if draft.position_id is not None:
        try:
            access.position(session, actor, draft.position_id)
        except NotFound:
            faults["position_id"] = "choose a position"
    if faults:
        raise Invalid(fields=faults)
    if (session.scalar(select(func.count(Webhook.id))) or 0) >= MOST:
        raise Conflict("There are 20 webhooks already.")
    secret = MARK + secrets.token_urlsafe(32)
    hook_id = session.execute(
        insert(Webhook)
        .values(
            url=draft.url,
            secret=sealing.seal(PURPOSE, secret),
            events=sorted(draft.events),
            position_id=draft.position_id,
            made_by=me,
            made_at=now,
            cursor=session.scalar(select(func.max(JournalEntry.id))) or 0,
            failures=0,
        )
        .returning(Webhook.id)
    ).scalar_one()
    journal.append(session, actor, "webhook.made", KIND, hook_id, now, position=draft.position_id)
    return NewHook(hook_id, draft.url, secret)


def switch(session: Session, actor: Actor, hook_id: int, on: bool, now: datetime) -> None:
    """Switch a webhook off, or on again: then what waits is sent first. Raises NotFound."""
    _guard(session, actor, hook_id)
    values = {"disabled_at": None, "disabled_why": None} if on else {
        "disabled_at": now, "disabled_why": "by_hand",
    }  # fmt: skip
    was = Webhook.disabled_at.is_not(None) if on else Webhook.disabled_at.is_(None)
    changed = session.execute(
        update(Webhook)
        .where(Webhook.id == hook_id, was)
        .values(**values, failures=0, retry_at=None)
    )
    if changed_rows(changed):
        word = "webhook.enabled" if on else "webhook.disabled"
        journal.append(session, actor, word, KIND, hook_id, now)


def replay(session: Session, actor: Actor, hook_id: int, delivery_id: int, now: datetime) -> None:
    """Send an event once more, under the id that it had. Raises NotFound."""
    _guard(session, actor, hook_id)
    access.require_key(delivery_id)
    again = session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id, WebhookDelivery.webhook_id == hook_id)
        .values(state="waiting")
    )
    if not changed_rows(again):
        raise NotFound
    session.execute(update(Webhook).where(Webhook.id == hook_id).values(retry_at=None))
    journal.append(session, actor, "webhook.replayed", KIND, hook_id, now, delivery=delivery_id)


def lines(session: Session, actor: Actor) -> tuple[HookLine, ...]:
    """All webhooks, newest first."""
    access.require_recruiter(actor)
    waiting = (
        select(func.count(WebhookDelivery.id))
        .where(WebhookDelivery.webhook_id == Webhook.id, WebhookDelivery.state == "waiting")
        .scalar_subquery()
    )
    rows = session.execute(
        select(Webhook, Position.title, waiting)
        .outerjoin(Position, Position.id == Webhook.position_id)
        .order_by(Webhook.id.desc())
    )
    return tuple(
        HookLine(
            hook.id, hook.url, tuple(hook.events), title, hook.failures, count, hook.disabled_at,
            hook.disabled_why,
        )
        for hook, title, count in rows
    )  # fmt: skip


def deliveries(session: Session, actor: Actor, hook_id: int) -> tuple[DeliveryLine, ...]:
    """The newest deliveries of a webhook. Raises NotFound."""
    _guard(session, actor, hook_id)
    rows = session.execute(
        select(
            WebhookDelivery.id,
            WebhookDelivery.event,
            WebhookDelivery.application_id,
            WebhookDelivery.happened_at,
            WebhookDelivery.state,
            WebhookDelivery.tries,
            WebhookDelivery.status,
            WebhookDelivery.ms,
            WebhookDelivery.error,
        )
        .where(WebhookDelivery.webhook_id == hook_id)
        .order_by(WebhookDelivery.id.desc())
        .limit(SHOWN)
    )
    return tuple(DeliveryLine(*row) for row in rows)


def _guard(session: Session, actor: Actor, hook_id: int) -> None:
    access.require_recruiter(actor)
    access.require_key(hook_id)
    if session.scalar(select(Webhook.id).where(Webhook.id == hook_id)) is None:
        raise NotFound

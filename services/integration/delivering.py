"""Events on their way out: collected from the journal in order, sent in order, at least once.

One webhook is sent its events one after the other; while the first does not get through the rest
wait behind it. A delivery keeps its id on every try, so that the receiver can drop doubles.
"""

import hashlib
import hmac
import json
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.records import frozen
from gateways import http
from models.hiring import Application
from models.integration import Webhook, WebhookDelivery
from models.journal import JournalEntry
from services import journal, outbox
from services.accounts import sealing
from services.actor import SYSTEM
from services.integration.webhooks import KIND, PURPOSE
from services.session import reading, writing

TASK = "webhook.deliver"
PIECE = 500  # events noted, or messages sent, in one go
GIVE_UP_AFTER = 8  # failures one after the other: about an hour and a half
HELD = timedelta(minutes=5)  # while a job is at it; then it is taken for lost
# (event, kind of object) in the journal -> what programs are told.
TOLD = {
    ("invitation.created", "application"): "application.invited",
    ("attempt.started", "attempt"): "application.started",
    ("attempt.submitted", "attempt"): "application.finished",
    ("attempt.expired", "attempt"): "application.finished",
    ("decision.recorded", "application"): "application.decided",
    ("person.erased", "person"): "application.erased",
}
_JOINED: dict[str, ColumnElement[bool]] = {
    "application": Application.id == JournalEntry.object_id,
    "attempt": Application.attempt_id == JournalEntry.object_id,
    "person": Application.person_id == JournalEntry.object_id,
}


@frozen
class Parcel:
    """One event, ready to be sent."""

    id: int
    url: str
    secret: str
    body: bytes


def collect(session: Session, now: datetime) -> int:
    """Note what each webhook is to be told, and ask for what is due; how many were noted.

    An entry of the journal becomes one delivery, however often this runs.
    """
    hooks = session.scalars(select(Webhook).where(Webhook.disabled_at.is_(None)).with_for_update())
    noted = 0
    for hook in hooks.all():
        noted += _note(session, hook)
        waits = select(WebhookDelivery.id).where(
            WebhookDelivery.webhook_id == hook.id, WebhookDelivery.state == "waiting"
        )
        if (hook.retry_at is None or hook.retry_at <= now) and session.scalar(waits.limit(1)):
            hook.retry_at = now + HELD
            outbox.ask(session, TASK, now, webhook_id=hook.id)
    return noted


def _note(session: Session, hook: Webhook) -> int:
    newest = session.scalar(select(func.max(JournalEntry.id))) or 0
    wanted = [
        and_(JournalEntry.event == event, JournalEntry.object_kind == kind, _JOINED[kind])
        for (event, kind), told in TOLD.items()
        if told in hook.events
    ]
    asked = select(
        JournalEntry.id,
        JournalEntry.event,
        JournalEntry.object_kind,
        JournalEntry.at,
        Application.id.label("application_id"),
        Application.position_id,
    ).join(Application, or_(*wanted))
    if hook.position_id is not None:
        asked = asked.where(Application.position_id == hook.position_id)
    found = session.execute(
        asked.where(JournalEntry.id > hook.cursor, JournalEntry.id <= newest)
        .order_by(JournalEntry.id)
        .limit(PIECE)
    ).all()
    if found:
        session.execute(insert(WebhookDelivery), [_delivery(hook, row) for row in found])
    # Nothing beyond the newest was looked at: what is written meanwhile comes next time.
    hook.cursor = found[-1].id if len(found) == PIECE else newest
    return len(found)


def _delivery(hook: Webhook, row: Row[*tuple[object, ...]]) -> dict[str, object]:
    return {
        "webhook_id": hook.id,
        "journal_id": row.id,
        "event": TOLD[(row.event, row.object_kind)],
        "application_id": row.application_id,
        "position_id": row.position_id,
        "happened_at": row.at,
        "state": "waiting",
        "tries": 0,
    }


def deliver(
    webhook_id: int,
    clock: Callable[[], datetime],
    allowed: Callable[[str], bool] = http.is_public,
    trust: ssl.SSLContext | None = None,
) -> int:
    """Send what waits for one webhook, in order, until one does not get through; how many did.

    allowed: which numeric addresses may be sent to; only tests give another rule.
    """
    sent = 0
    for _ in range(PIECE):
        with reading() as session:
            parcel = _next(session, webhook_id)
        if parcel is None:
            break
        status, ms, error = _send(parcel, clock(), allowed, trust)
        with writing() as session:
            _noted(session, webhook_id, parcel.id, (status, ms, error), clock())
        if error is not None:
            return sent
        sent += 1
    with writing() as session:
        session.execute(update(Webhook).where(Webhook.id == webhook_id).values(retry_at=None))
    return sent


def _next(session: Session, webhook_id: int) -> Parcel | None:
    row = session.execute(
        select(WebhookDelivery, Webhook.url, Webhook.secret)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(
            Webhook.id == webhook_id,
            Webhook.disabled_at.is_(None),
            WebhookDelivery.state == "waiting",
        )
        .order_by(WebhookDelivery.journal_id)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    one, url, secret = row
    told = {
        "id": f"evt_{one.id}",
        "type": one.event,
        "at": one.happened_at.isoformat(),
        "application": one.application_id,
        "position": one.position_id,
    }
    return Parcel(one.id, url, secret, json.dumps(told).encode())


def signature(secret: str, delivery: str, at: int, body: bytes) -> str:
    """HMAC-SHA256 over "id.seconds.body", in hex."""
    signed = f"{delivery}.{at}.".encode() + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _send(
    parcel: Parcel,
    now: datetime,
    allowed: Callable[[str], bool],
    trust: ssl.SSLContext | None,
) -> tuple[int | None, int | None, str | None]:
    """Status, milliseconds and the kind of what went wrong; of an answer nothing else is kept."""
    name, at = f"evt_{parcel.id}", int(now.timestamp())
    try:
        secret = sealing.unseal(PURPOSE, parcel.secret)
    except sealing.Unsealable:
        return None, None, "the secret cannot be opened: make a new webhook"
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Threshold-Webhook/1",
        "Threshold-Id": name,
        "Threshold-Timestamp": str(at),
        "Threshold-Signature": f"v1={signature(secret, name, at, parcel.body)}",
    }
    try:
        reply = http.post(parcel.url, parcel.body, headers, allowed, trust)
    except http.Refused as error:
        return None, None, str(error)
    fault = None if 200 <= reply.status < 300 else f"answered {reply.status}"
    return reply.status, reply.ms, fault


def _noted(
    session: Session,
    webhook_id: int,
    delivery_id: int,
    came: Sequence[object],
    now: datetime,
) -> None:
    status, ms, error = came
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id)
        .values(
            status=status,
            ms=ms,
            error=error,
            tried_at=now,
            tries=WebhookDelivery.tries + 1,
            state="waiting" if error else "sent",
        )
    )
    hook = session.get_one(Webhook, webhook_id, with_for_update=True)
    if error is None:
        hook.failures = 0
        return
    hook.failures += 1
    hook.retry_at = now + timedelta(seconds=10 * 2**hook.failures)
    if hook.failures >= GIVE_UP_AFTER and hook.disabled_at is None:
        hook.disabled_at, hook.disabled_why = now, "failing"
        journal.append(session, SYSTEM, "webhook.given_up", KIND, webhook_id, now)

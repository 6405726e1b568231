"""What programs ask for: the same services as the pages, within what their key may see.

A key that is bound to a position gets the same NotFound for every other one as for a missing one.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.hiring import Application, Position
from services.hiring import access, deciding, invitations, listing, naming, printing, reports
from services.hiring.access import PositionRecord
from services.hiring.invitations import InvitationDraft
from services.hiring.listing import LINES, MORE, Asking, CandidateLine
from services.hiring.report_data import report_data
from services.integration.keys import Client
from services.library import catalogue

Data = dict[str, Any]


@frozen
class InvitationAsked:
    """An invitation as a program asks for it. once: its idempotency key, 1 to 200 characters."""

    name: str
    email: str
    by_mail: bool
    lang: str
    expires_at: datetime
    once: str


def positions(session: Session, client: Client, after: int | None, limit: int) -> Data:
    """One page of positions, newest first."""
    asked = select(Position.id).where(access.visible(client.actor))
    if client.position_id is not None:
        asked = asked.where(Position.id == client.position_id)
    if after is not None:
        asked = asked.where(Position.id < after)
    ids = session.scalars(asked.order_by(Position.id.desc()).limit(limit + 1)).all()
    found = access.positions_of(session, ids[:limit])
    return _page([_position(one) for one in found], ids, limit)


def position(session: Session, client: Client, position_id: int) -> Data:
    """One position; raises NotFound."""
    return _position(_guarded(session, client, position_id))


def applications(
    session: Session,
    client: Client,
    position_id: int,
    after: int | None,
    limit: int,
    lang: str,
    now: datetime,
) -> Data:
    """One page of a position's applications, newest first; the same statements for every page."""
    asking = _asking(session, client, position_id, lang, now)
    asked = LINES.add_columns(*MORE).where(Application.position_id == position_id)
    if after is not None:
        asked = asked.where(Application.id < after)
    found = session.execute(asked.order_by(Application.id.desc()).limit(limit + 1)).all()
    lines = listing.lines_of(session, found[:limit], asking)
    return _page([_application(line, asking) for line in lines], [r[0] for r in found], limit)


def application(
    session: Session, client: Client, application_id: int, lang: str, now: datetime
) -> Data:
    """One application; raises NotFound."""
    asking = _asking(session, client, _position_of(session, client, application_id), lang, now)
    asked = LINES.add_columns(*MORE).where(Application.id == application_id)
    (line,) = listing.lines_of(session, session.execute(asked).all(), asking)
    return _application(line, asking)


def report(session: Session, client: Client, application_id: int, lang: str, now: datetime) -> Data:
    """The report; journaled as a view and as an export. Needs a writing session."""
    _position_of(session, client, application_id)
    page = reports.candidate_page(session, client.actor, application_id, lang, now)
    if page.result is not None:
        printing.journal_export(session, client.actor, application_id, "api", now)
    return report_data(page)


def decisions(session: Session, client: Client, application_id: int) -> Data:
    """What was decided, newest first; reasons in words stay inside."""
    _position_of(session, client, application_id)
    return {
        "application": application_id,
        "decisions": [
            {
                "id": one.id,
                "outcome": one.outcome,
                "reason_code": one.reason_code,
                "at": one.decided_at.isoformat(),
                "replaces": one.replaces,
            }
            for one in deciding.decisions(session, application_id)
        ],
    }


def invite(
    session: Session,
    client: Client,
    position_id: int,
    asked: InvitationAsked,
    now: datetime,
    base_url: str,
) -> Data:
    """Invite as the page does; the same key and idempotency key give back the same application.

    Raises NotFound, Invalid, Conflict.
    """
    _guarded(session, client, position_id)
    once = hashlib.sha256(f"api:{client.key_id}:{position_id}:{asked.once}".encode()).hexdigest()
    draft = InvitationDraft(
        asked.name, asked.email, asked.by_mail, asked.lang, asked.expires_at, once
    )
    invited = invitations.invite(session, client.actor, position_id, draft, now, base_url)
    return {
        "application": invited.application_id,
        "link": invited.link,
        "mailed": invited.mailed,
        "expires_at": invited.expires_at.isoformat(),
    }


def _guarded(session: Session, client: Client, position_id: int) -> PositionRecord:
    client.require_position(position_id)
    return access.position(session, client.actor, position_id)


def _position_of(session: Session, client: Client, application_id: int) -> int:
    found = access.application(session, client.actor, application_id)
    client.require_position(found.position_id)
    return found.position_id


def _asking(session: Session, client: Client, position_id: int, lang: str, now: datetime) -> Asking:
    found = _guarded(session, client, position_id)
    how = naming.reader(session, client.actor, position_id)
    return Asking(found, how, catalogue.framework(session), lang, now)


def _page(items: list[Data], ids: Sequence[int], limit: int) -> Data:
    return {"items": items, "next": ids[limit - 1] if len(ids) > limit else None}


def _position(found: PositionRecord) -> Data:
    return {
        "id": found.id,
        "title": found.title,
        "profile": found.profile,
        "state": found.state,
        "weights": dict(found.weights),
        "gates": dict(found.gates),
        "minutes": found.minutes,
        "retention_days": found.retention_days,
        "validated_for_selection": found.validated,
    }


def _application(line: CandidateLine, asking: Asking) -> Data:
    fit = line.fit
    return {
        "id": line.application_id,
        "position": asking.position.id,
        "name": line.name,
        "email": line.email,
        "names_hidden": asking.how.blind,
        "stage": str(line.stage),
        "column": str(line.column),
        "deadline": _moment(line.deadline),
        "ended_at": _moment(line.ended_at),
        "address_refused": line.bounced,
        "decision": line.decision,
        "fit": None
        if fit is None
        else {
            "role": fit.role_id,
            "points": _points(fit.points),
            "standard_error": _points(fit.se_points),
            "band_95": None if fit.low95 is None else [_points(fit.low95), _points(fit.high95)],
        },
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _points(value: float | None) -> float | None:
    return None if value is None else round(value, 1)

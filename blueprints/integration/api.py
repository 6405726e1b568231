"""The operations under /api/v1: each checks nothing and works nothing out, it calls one service."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from blueprints.integration import answers
from blueprints.integration.blueprint import base_url
from blueprints.integration.operations import ONCE, Asked, operation
from blueprints.shared.keyed import client
from blueprints.shared.requests import GREATEST_KEY, now
from domain.integration.shapes import number, word
from services.errors import Invalid
from services.integration import programs
from services.integration.programs import InvitationAsked
from services.session import reading, writing

Answer = Mapping[str, Any]
PAGES = {
    "after": number(1, GREATEST_KEY, description="`next` of the page before"),
    "limit": number(1, 100, default=25),
}
LANG = {"lang": {**word("en", "zh_Hans"), "default": "en"}}


@operation("GET", "/health", scope=None, summary="The API answers", answer=answers.HEALTH)
def health(asked: Asked) -> Answer:
    """Needs no key."""
    return {"status": "ok"}


@operation(
    "GET",
    "/positions",
    scope="positions:read",
    summary="The positions, newest first",
    query=PAGES,
    answer=answers.page(answers.POSITION),
)
def positions(asked: Asked) -> Answer:
    """One page of positions."""
    with reading() as session:
        return programs.positions(session, client(), asked.query.get("after"), asked.query["limit"])


@operation(
    "GET",
    "/positions/<int:position_id>",
    scope="positions:read",
    summary="One position",
    answer=answers.POSITION,
)
def position(asked: Asked, position_id: int) -> Answer:
    """One position."""
    with reading() as session:
        return programs.position(session, client(), position_id)


@operation(
    "GET",
    "/positions/<int:position_id>/applications",
    scope="applications:read",
    summary="The applications of a position, newest first",
    query={**PAGES, **LANG},
    answer=answers.page(answers.APPLICATION),
)
def applications(asked: Asked, position_id: int) -> Answer:
    """One page of applications."""
    after, limit, lang = asked.query.get("after"), asked.query["limit"], asked.query["lang"]
    with reading() as session:
        return programs.applications(session, client(), position_id, after, limit, lang, now())


@operation(
    "GET",
    "/applications/<int:application_id>",
    scope="applications:read",
    summary="One application",
    query=LANG,
    answer=answers.APPLICATION,
)
def application(asked: Asked, application_id: int) -> Answer:
    """One application."""
    with reading() as session:
        return programs.application(session, client(), application_id, asked.query["lang"], now())


@operation(
    "GET",
    "/applications/<int:application_id>/report",
    scope="reports:read",
    summary="The report; `result` is null before the attempt has ended. Journaled as a view",
    query=LANG,
    answer=answers.REPORT,
)
def report(asked: Asked, application_id: int) -> Answer:
    """The report as data."""
    with writing() as session:
        return programs.report(session, client(), application_id, asked.query["lang"], now())


@operation(
    "GET",
    "/applications/<int:application_id>/decisions",
    scope="decisions:read",
    summary="What people decided, newest first, without their words",
    answer=answers.DECISIONS,
)
def decisions(asked: Asked, application_id: int) -> Answer:
    """The decisions."""
    with reading() as session:
        return programs.decisions(session, client(), application_id)


@operation(
    "POST",
    "/positions/<int:position_id>/invitations",
    scope="invitations:write",
    summary="Invite a candidate; the same idempotency key gives back the same application",
    body=answers.INVITATION,
    answer=answers.INVITED,
    status=201,
)
def invite(asked: Asked, position_id: int) -> Answer:
    """Invite one candidate, as the page does."""
    body = asked.body
    ends = datetime.combine(date.fromisoformat(body["expires"]), time(23, 59, 59), UTC)
    wanted = InvitationAsked(
        body["name"], body.get("email", ""), body["by_mail"], body["lang"], ends, asked.once
    )
    try:
        with writing() as session:
            return programs.invite(session, client(), position_id, wanted, now(), base_url())
    except Invalid as error:
        named = {ONCE if name == "once" else name: text for name, text in error.fields.items()}
        raise Invalid(error.message, named) from None

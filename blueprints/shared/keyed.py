"""The door for programs: a key in the header Authorization, and the scope that a route asks for.

A session cookie opens nothing here, so no page of another site can ask in a visitor's name; that is
why these routes need no form token.
"""

from flask import g, request

from blueprints.shared.requests import now
from services.accounts.limiter import Source
from services.errors import Forbidden, ServiceError
from services.integration import keys
from services.integration.keys import Client
from services.session import reading, writing


class KeyNeeded(ServiceError):
    """No key was sent, or one that opens nothing."""


def admit(scope: str) -> None:
    """Let a program in whose key has the scope; a wrong key is counted under the one limiter.

    Raises KeyNeeded, Forbidden naming the scope, TooMany.
    """
    kind, _, raw = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not raw.strip():
        raise KeyNeeded("Send a key in the header: Authorization: Bearer thr_…")
    with reading() as session:
        client = keys.client(session, raw.strip(), now())
        worn = client is not None and keys.worn(session, client.key_id, now())
    if client is None:
        with writing() as session:
            keys.note_wrong(session, Source(request.remote_addr or "unknown"), now())
        raise KeyNeeded("This key opens nothing: it is wrong, expired or revoked.")
    if worn:
        with writing() as session:
            keys.note_use(session, client.key_id, now())
    if scope not in client.scopes:
        raise Forbidden(f"This key lacks the scope {scope}.")
    g.api_client = client


def client() -> Client:
    """The program behind this request; only on routes with a key."""
    found: Client = g.api_client
    return found

"""The cookie by which a device is known again, so that the limiter counts it apart.

It lets nobody in. It holds a random id and the ids of the people who signed in on this device.
"""

import secrets

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from services.accounts.limiter import Source

COOKIE = "threshold_device"
LIFETIME_S = 365 * 24 * 3600
MOST_PEOPLE = 8


def source() -> Source:
    """Where this request comes from, as the limiter sees it."""
    device, people = _known()
    return Source(request.remote_addr or "unknown", device, frozenset(people))


def remember(response: Response, person_id: int) -> Response:
    """Note in the cookie that this person signed in on this device."""
    device, people = _known()
    people = [person_id, *(p for p in people if p != person_id)][:MOST_PEOPLE]
    response.set_cookie(
        COOKIE,
        _signer().dumps([device or secrets.token_hex(16), people]),
        max_age=LIFETIME_S,
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        path="/account",
    )
    return response


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="device")


def _known() -> tuple[str | None, list[int]]:
    try:
        device, people = _signer().loads(request.cookies.get(COOKIE, ""))
    except BadSignature:
        return None, []
    return str(device), [int(person) for person in people]

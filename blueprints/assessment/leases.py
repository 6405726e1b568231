"""Which leases this browser holds: kept in its session cookie, given by the server."""

import secrets

from flask import session

MOST = 5  # attempts that one browser remembers; older ones are opened again


def device() -> str:
    """A random name for this browser, without meaning outside its attempts."""
    return str(session.setdefault("device", secrets.token_hex(16)))


def hold(attempt_id: int, lease: int) -> None:
    """Remember the lease that this browser was given."""
    kept: dict[str, int] = dict(session.get("leases", {}))
    kept.pop(str(attempt_id), None)
    kept[str(attempt_id)] = lease
    session["leases"] = dict(list(kept.items())[-MOST:])


def held(attempt_id: int) -> int:
    """The lease that this browser holds; 0 for none."""
    found: int = session.get("leases", {}).get(str(attempt_id), 0)
    return found

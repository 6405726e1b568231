"""Keeping house: what has run out of time is closed, what nobody needs is dropped."""

from datetime import datetime

from services.accounts import limiter
from services.assessment import expiry
from services.session import writing

EVERY_S = 30


def sweep(now: datetime) -> int:
    """Expire attempts that are due, forget old failed checks; gives back how many expired."""
    with writing() as session:
        expired = expiry.expire_due(session, now)
    with writing() as session:
        limiter.forget(session, now)
    return expired

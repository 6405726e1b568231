"""Keeping house: what has run out of time is closed, what nobody needs is dropped."""

from datetime import datetime

from flask import current_app

from services.accounts import limiter
from services.admin import backups
from services.assessment import breaks, expiry
from services.learning import assignments
from services.measuring import asking
from services.session import writing

EVERY_S = 30


def sweep(now: datetime) -> int:
    """End breaks and attempts that are due, remind of modules, forget failed checks and backups.

    Gives back how many attempts expired.
    """
    with writing() as session:
        breaks.end_due(session, now)
    with writing() as session:
        expired = expiry.expire_due(session, now)
    with writing() as session:
        assignments.remind_due(session, now)
    with writing() as session:
        asking.ask_when_due(session, now)
    with writing() as session:
        asking.ask_statistics_when_due(session, now)
    with writing() as session:
        limiter.forget(session, now)
    instance = current_app.extensions["threshold.settings"].instance
    backups.expire(backups.folder_of(instance), now)
    return expired

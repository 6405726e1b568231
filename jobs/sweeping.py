"""Keeping house: what has run out of time is closed, what nobody needs is dropped."""

from datetime import datetime

from flask import current_app

from jobs import inviting, webhooks
from jobs.publishing import publish_due
from services.accounts import limiter
from services.admin import backups, retention
from services.assessment import breaks, expiry
from services.hiring import exports, printing
from services.learning import assignments
from services.measuring import asking
from services.session import writing

EVERY_S = 30


def sweep(now: datetime) -> int:
    """End breaks and attempts that are due, remind of modules, forget failed checks and backups.

    Asks for people to be erased whose time of keeping is over.

    Gives back how many attempts expired.
    """
    with writing() as session:
        breaks.end_due(session, now)
    with writing() as session:
        expired = expiry.expire_due(session, now)
    with writing() as session:
        assignments.remind_due(session, now)
    publish_due(now)
    with writing() as session:
        asking.ask_when_due(session, now)
    with writing() as session:
        asking.ask_statistics_when_due(session, now)
    inviting.sweep(now)
    webhooks.sweep(now)
    with writing() as session:
        limiter.forget(session, now)
    settings = current_app.extensions["threshold.settings"]
    with writing() as session:
        retention.sweep(session, now, settings.erase_left_after_days)
    printing.sweep(settings.instance, now)
    exports.sweep(settings.instance, now)
    backups.expire(backups.folder_of(settings.instance), now)
    return expired

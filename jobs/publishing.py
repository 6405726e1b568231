"""Lessons whose time has come are published."""

from datetime import datetime

from services.authoring import scheduling
from services.session import reading, writing


def publish_due(now: datetime) -> int:
    """Carry out every plan that is due, each in a transaction of its own; how many were published.

    A text is checked before the writers' queue: it may take two seconds.
    """
    with reading() as session:
        due = scheduling.due_ids(session, now)
    published = 0
    for due_id in due:
        with reading() as session:
            checked = scheduling.check_due(session, due_id)
        with writing() as session:
            published += scheduling.carry_out(session, due_id, checked, now)
    return published

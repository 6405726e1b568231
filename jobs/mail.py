"""Mail: compose in one transaction, then send outside of it.

Composing mints the secret link that a mail carries, so that no secret waits in the outbox. A mail
that is sent twice carries two links; using either ends both.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import current_app

from services.accounts import mails as account_mails
from services.hiring import mails as hiring_mails
from services.learning import mails as learning_mails
from services.mailing import deliver
from services.marking import mails as marking_mails
from services.session import writing

Compose = Callable[..., Any]


def send(compose: Compose, key: str, data: Mapping[str, Any]) -> None:
    """Compose the mail about the id under `key` and hand it over."""
    _sent(compose, int(data[key]))


def send_return_code(data: Mapping[str, Any]) -> None:
    """Mail the code that the entry's own value draws, the same on each try, and then let it in."""
    about, once = int(data["invitation_id"]), str(data["once"])
    if _sent(partial(hiring_mails.compose_return_code, once=once), about):
        with writing() as session:
            hiring_mails.return_code_sent(session, about, datetime.now(UTC), once)


def _sent(compose: Compose, about: int) -> bool:
    """Compose and deliver; False where there is nothing to say now."""
    settings = current_app.extensions["threshold.settings"]
    with writing() as session:
        message = compose(session, about, datetime.now(UTC), settings.base_url)
    if message is None:
        return False
    deliver(settings, message)
    return True


TASKS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "mail.join": partial(send, account_mails.compose_join, "person_id"),
    "mail.reset": partial(send, account_mails.compose_reset, "person_id"),
    "mail.email_change": partial(send, account_mails.compose_email_change, "person_id"),
    "mail.test": partial(send, account_mails.compose_test, "person_id"),
    "mail.invitation": partial(send, hiring_mails.compose_invitation, "invitation_id"),
    "mail.assignment": partial(send, learning_mails.compose_reminder, "assignment_id"),
    "mail.contest": partial(send, marking_mails.compose_answer, "contest_id"),
    "mail.contest_changed": partial(send, marking_mails.compose_changed, "attempt_id"),
    "mail.return_code": send_return_code,
}

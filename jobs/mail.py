"""Mail: compose in one transaction, then send outside of it.

Composing mints the secret link that a mail carries, so that no secret waits in the outbox. A mail
that is sent twice carries two links; using either ends both. A letter goes out once: see
services/hiring/posting.py.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import current_app

from services.accounts import mails as account_mails
from services.hiring import mails as hiring_mails
from services.hiring import posting, refusals, retention_mails
from services.learning import mails as learning_mails
from services.mailing import Undeliverable, deliver
from services.marking import mails as marking_mails
from services.session import writing

Compose = Callable[..., Any]


def send(compose: Compose, key: str, data: Mapping[str, Any]) -> None:
    """Compose the mail about the id under `key` and hand it over."""
    _sent(compose, int(data[key]))


def send_to_candidate(compose: Compose, data: Mapping[str, Any]) -> None:
    """A mail about an invitation. An address that is refused for good is noted and told, once."""
    _sent_to_candidate(compose, int(data["invitation_id"]))


def _sent_to_candidate(compose: Compose, about: int) -> bool:
    try:
        sent = _sent(compose, about)
    except Undeliverable as error:
        with writing() as session:
            refusals.note(session, about, error.code, datetime.now(UTC))
        return False
    if sent:
        with writing() as session:
            refusals.clear(session, about)
    return sent


def send_return_code(data: Mapping[str, Any]) -> None:
    """Mail the code that the entry's own value draws, the same on each try, and then let it in."""
    about, once = int(data["invitation_id"]), str(data["once"])
    if _sent_to_candidate(partial(hiring_mails.compose_return_code, once=once), about):
        with writing() as session:
            hiring_mails.return_code_sent(session, about, datetime.now(UTC), once)


def send_letter(data: Mapping[str, Any]) -> None:
    """Mail the letter about a decision."""
    settings = current_app.extensions["threshold.settings"]
    posting.post(int(data["letter_id"]), settings, lambda: datetime.now(UTC))


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
    "mail.factor_removed": partial(send, account_mails.compose_factor_removed, "person_id"),
    "mail.retention": partial(send, retention_mails.compose_notice, "position_id"),
    "mail.invitation": partial(send_to_candidate, hiring_mails.compose_invitation),
    "mail.reminder": partial(send_to_candidate, hiring_mails.compose_reminder),
    "mail.accommodation": partial(send_to_candidate, hiring_mails.compose_accommodation),
    "mail.assignment": partial(send, learning_mails.compose_reminder, "assignment_id"),
    "mail.contest": partial(send, marking_mails.compose_answer, "contest_id"),
    "mail.contest_changed": partial(send, marking_mails.compose_changed, "attempt_id"),
    "mail.return_code": send_return_code,
    "mail.letter": send_letter,
}

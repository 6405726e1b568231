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
from services.mailing import deliver
from services.session import writing

Compose = Callable[..., Any]


def send(compose: Compose, key: str, data: Mapping[str, Any]) -> None:
    """Compose the mail about the id under `key` and hand it over; None means nothing to say now."""
    settings = current_app.extensions["threshold.settings"]
    with writing() as session:
        message = compose(session, int(data[key]), datetime.now(UTC), settings.base_url)
    if message is not None:
        deliver(settings, message)


TASKS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "mail.join": partial(send, account_mails.compose_join, "person_id"),
    "mail.reset": partial(send, account_mails.compose_reset, "person_id"),
    "mail.email_change": partial(send, account_mails.compose_email_change, "person_id"),
    "mail.test": partial(send, account_mails.compose_test, "person_id"),
    "mail.invitation": partial(send, hiring_mails.compose_invitation, "invitation_id"),
    "mail.return_code": partial(send, hiring_mails.compose_return_code, "invitation_id"),
}

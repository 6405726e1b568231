"""Handing a message over, the way this installation sends mail."""

from config import Settings
from gateways.mail import FolderMail, Message, Outgoing, RefusedAddress, SmtpMail


class Undeliverable(Exception):
    """A mail server refused the address for good; code: its reply, 5xx."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


def outgoing(settings: Settings) -> Outgoing:
    """The mail server that was set, else the folder `outbox/` of the instance."""
    if settings.smtp_url:
        return SmtpMail(settings.smtp_url, settings.mail_from)
    return FolderMail(settings.instance / "outbox", settings.mail_from)


def deliver(settings: Settings, message: Message) -> None:
    """Send one message now. Called by jobs, outside any transaction. Raises Undeliverable."""
    try:
        outgoing(settings).send(message)
    except RefusedAddress as error:
        raise Undeliverable(error.code) from None

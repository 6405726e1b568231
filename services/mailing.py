"""Handing a message over, the way this installation sends mail."""

from config import Settings
from gateways.mail import FolderMail, Message, Outgoing, SmtpMail


def outgoing(settings: Settings) -> Outgoing:
    """The mail server that was set, else the folder `outbox/` of the instance."""
    if settings.smtp_url:
        return SmtpMail(settings.smtp_url, settings.mail_from)
    return FolderMail(settings.instance / "outbox", settings.mail_from)


def deliver(settings: Settings, message: Message) -> None:
    """Send one message now. Called by jobs, outside any transaction."""
    outgoing(settings).send(message)

"""Mail on its way out: to an SMTP server, or into a folder where none is set.

A message has one receiver. What could forge a header is refused before anything is sent.
"""

import os
import re
import secrets
import smtplib
import ssl
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path
from typing import NoReturn, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from domain.records import frozen

TIMEOUT_S = 10
KEY = re.compile(r"[A-Za-z0-9-]{1,80}")
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


@frozen
class Message:
    """What one person is to read. Raises ValueError for a header that is not one plain line.

    key: of a mail that must not be read twice, the same each time that it is sent: its number
    (Message-ID) is then the same too, by which mail servers and readers drop a second copy.
    """

    to: str
    subject: str
    text: str
    html: str | None = None
    key: str | None = None

    def __post_init__(self) -> None:
        for header in (self.to, self.subject):
            if not header.strip() or not header.isprintable():
                raise ValueError("a mail header must be one line of printable characters")
        if self.key is not None and not KEY.fullmatch(self.key):
            raise ValueError("a key is a plain word")


class RefusedAddress(Exception):
    """The mail server will not take mail for this receiver; code: its reply (RFC 5321: 5xx)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with {code}")
        self.code = code


class Outgoing(Protocol):
    """Whoever takes a message off our hands."""

    def send(self, message: Message) -> None:
        """Hand the message over; an OSError or SMTPException means that trying again may help.

        Raises RefusedAddress where it does not help.
        """


class SmtpMail:
    """A mail server. smtp:// speaks plainly, smtps:// by TLS, smtp+starttls:// insists on TLS."""

    def __init__(self, smtp_url: str, mail_from: str) -> None:
        self._url: SplitResult = urlsplit(smtp_url)
        self._from = mail_from

    def send(self, message: Message) -> None:
        mail = as_mail(message, self._from)
        with self._connect() as server:
            if self._url.scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
            try:
                server.send_message(mail)
            except smtplib.SMTPRecipientsRefused as error:
                _give_up(error, *(code for code, _ in error.recipients.values()))
            except smtplib.SMTPDataError as error:
                _give_up(error, error.smtp_code)

    def _connect(self) -> smtplib.SMTP:
        host, scheme = self._url.hostname or "", self._url.scheme
        port = self._url.port or PORTS[scheme]
        # Our own name is the sender's domain: asking the resolver for it may hang for long.
        name = _domain(self._from)
        if scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, port, name, timeout=TIMEOUT_S, context=context)
        return smtplib.SMTP(host, port, name, timeout=TIMEOUT_S)


def _give_up(error: smtplib.SMTPException, *codes: int) -> NoReturn:
    """Raise RefusedAddress for replies that will be the same tomorrow, else the error itself."""
    lasting = [code for code in codes if 500 <= code < 600]
    if lasting:
        raise RefusedAddress(lasting[0]) from None  # the server's words may hold the address
    raise error


class FolderMail:
    """A folder of .eml files, named by time and chance, or by a key: who gets it is in no name."""

    def __init__(self, folder: Path, mail_from: str) -> None:
        self._folder = folder
        self._from = mail_from

    def send(self, message: Message) -> None:
        content = as_mail(message, self._from).as_bytes()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{message.key or f'{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}'}.eml"
        half = self._folder / f".{secrets.token_hex(4)}-{name}"
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        half.rename(self._folder / name)  # a reader sees whole mails only


def as_mail(message: Message, mail_from: str) -> EmailMessage:
    """The message as it travels; raises ValueError when its address is not exactly one address."""
    mail = EmailMessage()
    mail["From"] = mail_from
    mail["To"] = Address(addr_spec=message.to)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    domain = _domain(mail_from)
    mail["Message-ID"] = f"<{message.key}@{domain}>" if message.key else make_msgid(domain=domain)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: holiday notices stay away
    mail.set_content(message.text)
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html")
    return mail


def _domain(mail_from: str) -> str:
    return parseaddr(mail_from)[1].rpartition("@")[2] or "localhost"

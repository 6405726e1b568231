"""A real SMTP server on loopback, which keeps what it gets."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword


class Letters:
    """The server's handler: every mail that was accepted, in order."""

    def __init__(self) -> None:
        self.refused: dict[str, int] = {}  # address -> the reply to mail for it
        self.receivers: list[str] = []
        self.mails: list[EmailMessage] = []

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if code := self.refused.get(address):
            return f"{code} 5.1.1 <{address}>: no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        self.receivers += envelope.rcpt_tos
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def _knows(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and data.password == b"p@ss/word"
    return AuthResult(success=known, handled=False)


@contextmanager
def mail_server(sign_in: bool = False) -> Iterator[tuple[str, Letters]]:
    """Yields `host:port` and the letters; with sign_in the password is `p@ss/word`."""
    letters = Letters()
    options: dict[str, Any] = {}
    if sign_in:
        options = {
            "authenticator": _knows,
            "auth_required": True,
            "auth_require_tls": False,
        }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(letters, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield f"127.0.0.1:{port}", letters
    finally:
        controller.stop()

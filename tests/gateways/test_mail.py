"""Mail leaves whole, for one receiver, and with no header that somebody smuggled in."""

import smtplib
import stat
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from gateways.mail import FolderMail, Message, SmtpMail, as_mail
from tests.gateways.mail_server import mail_server

FROM = "Threshold <threshold@beilun.example>"
LETTER = Message("lin@beilun.example", "重设密码 / New password", "Open this:\nhttps://x.test/a\n")


@pytest.mark.parametrize("forged", ["a\r\nBcc: eve@beilun.example", "a\nb", "a\0b", "", "  "])
def test_a_header_is_one_plain_line(forged: str) -> None:
    with pytest.raises(ValueError, match="header"):
        Message("lin@beilun.example", forged, "text")
    with pytest.raises(ValueError, match="header"):
        Message(forged, "subject", "text")


@pytest.mark.parametrize(
    "to", ["lin@beilun.example, eve@beilun.example", "lin", "Lin <lin@beilun.example>"]
)
def test_a_message_has_exactly_one_receiver(to: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the library's own words
        as_mail(Message(to, "subject", "text"), FROM)


def test_a_mail_carries_text_and_html() -> None:
    mail = as_mail(Message("lin@beilun.example", "s", "plain\n", "<p>rich</p>"), FROM)
    assert mail.get_body(("plain",)).get_content() == "plain\n"
    assert mail.get_body(("html",)).get_content().strip() == "<p>rich</p>"
    assert mail["Message-ID"].endswith("@beilun.example>")


def test_the_folder_keeps_the_mail_and_hides_the_address_in_no_name(tmp_path: Path) -> None:
    FolderMail(tmp_path / "outbox", FROM).send(LETTER)
    (path,) = (tmp_path / "outbox").iterdir()
    assert path.suffix == ".eml"
    assert "lin" not in path.name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert (mail["To"], mail["Subject"]) == (LETTER.to, LETTER.subject)
    assert mail.get_content() == LETTER.text


def test_a_server_gets_the_mail() -> None:
    with mail_server() as (address, letters):
        SmtpMail(f"smtp://{address}", FROM).send(LETTER)
    assert letters.receivers == ["lin@beilun.example"]
    assert letters.mails[0]["Subject"] == LETTER.subject


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # plain on purpose, on loopback
def test_a_server_that_wants_a_password_gets_it_unquoted() -> None:
    with mail_server(sign_in=True) as (address, letters):
        SmtpMail(f"smtp://house:p%40ss%2Fword@{address}", FROM).send(LETTER)
        with pytest.raises(smtplib.SMTPAuthenticationError):
            SmtpMail(f"smtp://house:wrong@{address}", FROM).send(LETTER)
    assert len(letters.mails) == 1


def test_starttls_is_insisted_on() -> None:
    with mail_server() as (address, letters), pytest.raises(smtplib.SMTPNotSupportedError):
        SmtpMail(f"smtp+starttls://{address}", FROM).send(LETTER)
    assert not letters.mails


def test_a_server_that_is_away_is_an_os_error() -> None:
    with pytest.raises(OSError):  # noqa: PT011  # its words differ between systems
        SmtpMail("smtp://127.0.0.1:9", FROM).send(LETTER)

"""Each mail that a service asks for in the outbox is composed and lands where this site sends."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from socket import socket
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from jobs.mail import TASKS
from models.accounts import Person
from models.hiring import Invitation
from services.hiring import entering
from services.hiring.invitations import Invited
from services.session import reading, writing
from tests.conftest import Cast
from tests.gateways.mail_server import mail_server
from tests.services.hiring.opening import consent, invite, open_position, token_of

CODE = re.compile(r"^([2-9A-Z]{5}-[2-9A-Z]{5})\r?$", re.MULTILINE)


@pytest.fixture
def site(app: Flask) -> Iterator[Flask]:
    """The application in its context, with an empty folder of mail."""
    folder = app.extensions["threshold.settings"].instance / "outbox"
    for path in folder.glob("*.eml"):
        path.unlink()
    with app.app_context():
        yield app


def mails(app: Flask) -> list[Any]:
    folder = app.extensions["threshold.settings"].instance / "outbox"
    return [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(folder.glob("*.eml"))
    ]


@pytest.mark.parametrize("task", ["mail.join", "mail.reset", "mail.test"])
def test_a_member_gets_their_mail(site: Flask, cast: Cast, task: str) -> None:
    TASKS[task]({"person_id": cast.lin})
    (mail,) = mails(site)
    assert mail["To"] == "lin@beilun.example"
    assert "http://localhost" in mail.get_content()


def test_a_change_of_address_is_confirmed_from_the_new_one(site: Flask, cast: Cast) -> None:
    with writing() as session:
        statement = update(Person).where(Person.id == cast.lin)
        session.execute(statement.values(pending_email="lin.yue@beilun.example"))
    TASKS["mail.email_change"]({"person_id": cast.lin})
    (mail,) = mails(site)
    assert mail["To"] == "lin.yue@beilun.example"


@pytest.mark.parametrize("task", ["mail.reset", "mail.email_change", "mail.test"])
def test_nothing_is_sent_to_nobody(site: Flask, task: str) -> None:
    TASKS[task]({"person_id": 999_999})
    assert mails(site) == []


@pytest.mark.parametrize("task", ["mail.invitation", "mail.return_code"])
def test_nothing_is_sent_about_an_invitation_that_is_not_there(site: Flask, task: str) -> None:
    TASKS[task]({"invitation_id": 999_999, "once": "n" * 32})
    assert mails(site) == []


def test_where_a_server_is_set_it_gets_the_mail(site: Flask, cast: Cast) -> None:
    settings = site.extensions["threshold.settings"]
    with mail_server() as (address, letters):
        site.extensions["threshold.settings"] = replace(settings, smtp_url=f"smtp://{address}")
        try:
            TASKS["mail.reset"]({"person_id": cast.lin})
        finally:
            site.extensions["threshold.settings"] = settings
    assert letters.receivers == ["lin@beilun.example"]
    assert mails(site) == []


def works(invited: Invited, code: str) -> bool:
    with writing() as session:
        now = datetime.now(UTC)
        return entering.come_back(session, token_of(invited), code, "192.0.2.7", now) is not None


def test_a_return_code_begins_when_its_mail_is_out_and_is_the_same_on_each_try(
    any_app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def serve(address: str) -> None:
        settings = any_app.extensions["threshold.settings"]
        changed = replace(settings, smtp_url=f"smtp://{address}")
        monkeypatch.setitem(any_app.extensions, "threshold.settings", changed)

    later = datetime.now(UTC) + timedelta(days=14)
    invited = invite(any_app, cast, open_position(any_app, cast), expires_at=later)
    old = consent(any_app, invited).code
    with any_app.app_context():
        with reading() as session:
            about = session.scalars(select(Invitation.id)).one()
        entry = {"invitation_id": about, "once": "n" * 32}
        with socket() as taken:  # bound and not listening: the server is away
            taken.bind(("127.0.0.1", 0))
            serve(f"127.0.0.1:{taken.getsockname()[1]}")
            for _ in range(2):
                with pytest.raises(OSError, match="refused"):
                    TASKS["mail.return_code"](entry)
        assert works(invited, old)
        with mail_server() as (address, letters):
            serve(address)
            for _ in range(2):
                TASKS["mail.return_code"](entry)
        first, second = (CODE.findall(mail.get_content())[0] for mail in letters.mails)
        assert first == second
        assert works(invited, first)
        assert not works(invited, old)


def test_a_task_takes_ids_only(site: Flask) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        TASKS["mail.reset"]({"person_id": "lin@beilun.example", "at": datetime.now(UTC)})

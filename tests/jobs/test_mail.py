"""Each mail that a service asks for in the outbox is composed and lands where this site sends."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from jobs.mail import TASKS
from models.accounts import Person
from services.session import writing
from tests.conftest import Cast
from tests.gateways.mail_server import mail_server


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
    TASKS[task]({"invitation_id": 999_999})
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


def test_a_task_takes_ids_only(site: Flask) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        TASKS["mail.reset"]({"person_id": "lin@beilun.example", "at": datetime.now(UTC)})

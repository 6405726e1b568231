"""The reminder: in the person's language, and none where there is nothing to remind of."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update

from gateways.mail import Message
from jobs.mail import TASKS
from models.accounts import Person
from models.learning import Assignment
from services.learning.mails import compose_reminder
from services.library import catalogue
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.jobs.test_mail import mails
from tests.services.learning.assigning import MODULE, assign, read_module

DUE = NOW.date() + timedelta(days=2)


@pytest.fixture
def number(app: Flask, cast: Cast) -> int:
    """Lin's assignment, with an empty folder of mail."""
    for path in (app.extensions["threshold.settings"].instance / "outbox").glob("*.eml"):
        path.unlink()
    return assign(cast, DUE)


def composed(app: Flask, number: int) -> Message | None:
    with app.app_context(), reading() as session:
        return compose_reminder(session, number, NOW, "http://localhost")


def set_lin(app: Flask, cast: Cast, **values: object) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Person).where(Person.id == cast.lin).values(**values))


def titles(app: Flask) -> dict[str, str]:
    with app.app_context(), reading() as session:
        modules = catalogue.outline(session, "en").modules
    return next(module.titles for module in modules if module.key == MODULE)


def test_in_english(app: Flask, number: int) -> None:
    mail = composed(app, number)
    assert mail is not None
    title = titles(app)["en"]
    assert mail.to == "lin@beilun.example"
    assert mail.subject == f"A module is due: {title}"
    for words in ("Hello Lin Yue,", title, DUE.isoformat(), f"http://localhost/learn/#{MODULE}"):
        assert words in mail.text
    assert "Beilun Steelware" in mail.text


def test_in_chinese(app: Flask, cast: Cast, number: int) -> None:
    set_lin(app, cast, locale="zh_Hans")
    mail = composed(app, number)
    assert mail is not None
    assert titles(app)["zh_Hans"] in mail.subject
    assert titles(app)["en"] not in mail.subject + mail.text
    assert "Hello" not in mail.text
    assert DUE.isoformat() in mail.text


def test_the_job_sends_it(app: Flask, number: int) -> None:
    with app.app_context():
        TASKS["mail.assignment"]({"assignment_id": number})
    (mail,) = mails(app)
    assert mail["To"] == "lin@beilun.example"
    assert f"/learn/#{MODULE}" in mail.get_content()


def test_none_when_the_module_is_read_meanwhile(app: Flask, cast: Cast, number: int) -> None:
    read_module(cast)
    assert composed(app, number) is None


@pytest.mark.parametrize("values", [{"disabled_at": NOW}, {"email": None}])
def test_none_to_somebody_who_is_gone(
    app: Flask, cast: Cast, number: int, values: dict[str, object]
) -> None:
    set_lin(app, cast, **values)
    assert composed(app, number) is None


def test_none_about_what_was_taken_back(app: Flask, number: int) -> None:
    with app.app_context(), writing() as session:
        session.execute(delete(Assignment))
    assert composed(app, number) is None
    with app.app_context():
        TASKS["mail.assignment"]({"assignment_id": number})
    assert mails(app) == []

"""Each mail carries a link that works, in the reader's language, and nothing else keeps it."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from models.accounts import Person
from services.accounts import links, mails, people, signing_in, tokens
from services.actor import SYSTEM
from services.session import writing
from tests.conftest import NOW, Cast

SITE = "https://threshold.example"
LINK = re.compile(r"https://threshold\.example(/account/\w+/)([\w-]{43})\n")


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with app.app_context(), writing() as session:
        yield session


@pytest.mark.parametrize(
    ("compose", "purpose"),
    [
        (mails.compose_join, "join"),
        (mails.compose_reset, "reset"),
        (mails.compose_email_change, "email"),
    ],
)
def test_the_link_in_the_mail_works(
    session: Session, cast: Cast, compose: mails.Compose, purpose: str
) -> None:
    session.execute(
        update(Person).where(Person.id == cast.lin).values(pending_email="new@beilun.example")
    )
    message = compose(session, cast.lin, NOW, SITE)
    assert message is not None
    assert message.to == ("new@beilun.example" if purpose == "email" else "lin@beilun.example")
    assert "Lin Yue" in message.text
    assert "\n\n\n" not in message.text
    found = LINK.search(message.text)
    assert found is not None
    assert found[1] == links.PATHS[purpose]
    assert tokens.look(session, purpose, found[2], NOW).bound_id == cast.lin


def test_there_is_nothing_to_say_to_nobody(session: Session, cast: Cast) -> None:
    people.disable(session, SYSTEM, cast.eve, NOW)
    for compose in (mails.compose_join, mails.compose_reset, mails.compose_test):
        for person_id in (0, cast.eve):
            assert compose(session, person_id, NOW, SITE) is None
    assert mails.compose_email_change(session, cast.lin, NOW, SITE) is None


def test_who_has_joined_is_not_invited_again(session: Session, cast: Cast) -> None:
    signing_in.set_password(session, SYSTEM, cast.lin, "orange tram quietly sleeping", NOW)
    assert mails.compose_join(session, cast.lin, NOW, SITE) is None


def test_a_name_with_markup_stays_as_it_is(session: Session, cast: Cast) -> None:
    """Mails are plain text, and a name never writes a header."""
    hostile = people.clean_name("<b>Lin</b> & {{ 7*7 }}\nSubject: x")
    session.execute(update(Person).where(Person.id == cast.lin).values(name=hostile))
    message = mails.compose_reset(session, cast.lin, NOW, SITE)
    assert message is not None
    assert "<b>Lin</b> & {{ 7*7 }} Subject: x," in message.text
    assert message.subject == "Set a new password"


def test_the_test_mail_goes_to_who_asked(session: Session, cast: Cast) -> None:
    message = mails.compose_test(session, cast.anna, NOW, SITE)
    assert message is not None
    assert message.to == "anna@beilun.example"
    assert "Beilun Steelware" in message.text

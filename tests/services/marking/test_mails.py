"""What people are told by mail when a question was contested or corrected."""

import pytest
from flask import Flask
from sqlalchemy import update

from gateways.mail import Message
from models.accounts import Person
from services.marking import mails
from services.marking.fixing import Outcome
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.sitting import Sitting, sit
from tests.services.hiring import opening
from tests.services.marking.answering import ANSWER, asked_for, contest, decide, single

BASE = "http://localhost"


@pytest.fixture
def ended(app: Flask, cast: Cast) -> Sitting:
    sitting = sit(cast)
    sitting.submit()
    contest(cast, "lin", sitting.attempt_id, single(sitting).position)
    return sitting


def told(cast: Cast) -> Message | None:
    (data,) = asked_for(cast, "mail.contest")
    with cast.app.test_request_context(), reading() as session:
        return mails.compose_answer(session, data["contest_id"], NOW, BASE)


@pytest.mark.parametrize(
    ("outcome", "subject", "words"),
    [
        (Outcome.STRIKE, "upheld", "you were right to contest question"),
        (Outcome.DISMISS, "not upheld", "it stays as it is"),
    ],
)
def test_a_contest_is_answered(
    cast: Cast, ended: Sitting, outcome: Outcome, subject: str, words: str
) -> None:
    question = single(ended)
    decide(cast, question.revision_id, outcome)
    message = told(cast)
    assert message is not None
    assert message.to == "lin@beilun.example"
    assert message.subject == f"Your contest of question {question.position}: {subject}"
    assert words in message.text
    assert ANSWER in message.text
    assert f"{BASE}/assess/attempts/{ended.attempt_id}/result" in message.text


def test_an_open_contest_says_nothing_yet(cast: Cast, ended: Sitting) -> None:
    with cast.app.test_request_context(), reading() as session:
        assert mails.compose_answer(session, 1, NOW, BASE) is None


def test_who_is_gone_or_has_no_address_gets_no_mail(cast: Cast, ended: Sitting) -> None:
    decide(cast, single(ended).revision_id, Outcome.DISMISS)
    for change in ({"email": None}, {"email": "lin@beilun.example", "disabled_at": NOW}):
        with cast.app.app_context(), writing() as session:
            session.execute(update(Person).where(Person.id == cast.lin).values(**change))
        assert told(cast) is None


def test_a_candidate_is_sent_to_their_own_page(app: Flask, cast: Cast) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    opening.sit(app, invited, keyed=1)
    with app.test_request_context(), reading() as session:
        message = mails.compose_changed(session, 1, NOW, BASE)
    assert message is not None
    assert f"{BASE}/candidate/" in message.text
    assert "Nothing that you answered was changed." in message.text

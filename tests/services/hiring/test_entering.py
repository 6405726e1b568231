"""The candidate's way in: consent once, code on any device, ten wrong ones and a pause."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from models.hiring import Application
from models.journal import OutboxEntry
from services.errors import Conflict, TooMany
from services.hiring import codes, entering, invitations, mails
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening

WRONG = "23456-789AB"


def come_back(app: Flask, token: str, code: str, minute: int = 0) -> bool:
    with app.app_context(), writing() as session:
        then = NOW + timedelta(minutes=minute)
        return entering.come_back(session, token, code, "192.0.2.7", then) is not None


def test_a_code_is_kept_as_a_keyed_hash_only(app: Flask, cast: Cast) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    code = opening.consent(app, invited).code
    assert len(codes.clean(code)) == codes.LENGTH
    assert set(codes.clean(code)) <= set(codes.ALPHABET)
    with app.app_context(), reading() as session:
        kept = session.scalar(select(Application.return_code))
    assert kept is not None
    assert len(kept) == 64
    assert codes.clean(code).lower() not in kept


def test_consent_sent_at_once_many_times_shows_one_code(any_app: Flask, cast: Cast) -> None:
    invited = opening.invite(any_app, cast, opening.open_position(any_app, cast))
    shown: list[str] = []

    def agree() -> None:
        shown.append(opening.consent(any_app, invited, once="n" * 32).code)

    threads = [threading.Thread(target=agree) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(shown) == 4
    assert len(set(shown)) == 1
    assert come_back(any_app, opening.token_of(invited), shown[0])


def test_a_second_consent_by_another_form_shows_no_code(app: Flask, cast: Cast) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    first = opening.consent(app, invited)
    with pytest.raises(Conflict, match="consented"):
        opening.consent(app, invited)
    assert come_back(app, opening.token_of(invited), first.code)


def test_consent_to_what_was_told_before_is_asked_again(app: Flask, cast: Cast) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    with app.app_context(), writing() as session, pytest.raises(Conflict, match="terms"):
        entering.consent(session, opening.token_of(invited), 7, "n" * 32, NOW)


def test_a_code_may_be_typed_as_people_write_it(app: Flask, cast: Cast) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    code = opening.consent(app, invited).code
    token = opening.token_of(invited)
    assert come_back(app, token, f"  {code.lower().replace('-', ' ')} ")
    assert not come_back(app, token, WRONG)
    assert not come_back(app, token, "")
    assert not come_back(app, token, "Ж" * 5000)


def test_ten_wrong_codes_and_then_a_pause(any_app: Flask, cast: Cast) -> None:
    invited = opening.invite(any_app, cast, opening.open_position(any_app, cast))
    code = opening.consent(any_app, invited).code
    token = opening.token_of(invited)
    for _ in range(10):
        assert not come_back(any_app, token, WRONG)
    with pytest.raises(TooMany):
        come_back(any_app, token, code)
    assert come_back(any_app, token, code, minute=6)


def test_a_code_belongs_to_its_link(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    one = opening.invite(app, cast, position_id)
    two = opening.invite(app, cast, position_id, "Qian Wei")
    code = opening.consent(app, one).code
    opening.consent(app, two)
    assert not come_back(app, opening.token_of(two), code)


def test_a_lost_code_is_replaced_by_mail(any_app: Flask, cast: Cast) -> None:
    invited = opening.invite(any_app, cast, opening.open_position(any_app, cast))
    old = opening.consent(any_app, invited).code
    token = opening.token_of(invited)
    with any_app.app_context(), writing() as session:
        entering.ask_code(session, token, "192.0.2.7", NOW)
    with any_app.app_context(), writing() as session:
        data = session.scalars(
            select(OutboxEntry.data).where(OutboxEntry.task == "mail.return_code")
        ).one()
        about, once = data["invitation_id"], data["once"]
        message = mails.compose_return_code(session, about, NOW, opening.BASE, once)
    assert message is not None
    fresh = next(line for line in message.text.splitlines() if len(line) == 11 and line[5] == "-")
    assert come_back(any_app, token, old)
    assert not come_back(any_app, token, fresh)
    with any_app.app_context(), writing() as session:
        mails.return_code_sent(session, about, NOW, once)
    assert come_back(any_app, token, fresh)
    assert not come_back(any_app, token, old)


def test_asking_for_codes_is_limited_and_asks_for_nothing_before_consent(
    app: Flask, cast: Cast
) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    token = opening.token_of(invited)
    for _ in range(10):
        with app.app_context(), writing() as session:
            entering.ask_code(session, token, "192.0.2.7", NOW)
    with app.app_context(), writing() as session, pytest.raises(TooMany):
        entering.ask_code(session, token, "192.0.2.7", NOW)
    with app.app_context(), reading() as session:
        assert not session.scalars(select(OutboxEntry.id)).all()


def test_a_recruiter_makes_a_new_code(app: Flask, cast: Cast) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    who, token = cast.actor("min"), opening.token_of(invited)
    with app.app_context(), writing() as session, pytest.raises(Conflict):
        invitations.reset_code(session, who, invited.application_id, NOW)
    old = opening.consent(app, invited).code
    with app.app_context(), writing() as session:
        made = invitations.reset_code(session, who, invited.application_id, NOW)
    assert come_back(app, token, made.code)
    assert not come_back(app, token, old)


def test_a_start_is_one_start_and_none_after_the_last_day(app: Flask, cast: Cast) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    done = opening.consent(app, invited)
    assert opening.begin(app, done) == opening.begin(app, done)
    assert opening.counts(app, 1)[1] == 1

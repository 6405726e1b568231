"""An address that a real mail server refuses: told to the recruiter, and put right."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from jobs import mail
from models.hiring import Invitation
from services.errors import Conflict, Gone, Invalid
from services.hiring import entering, invitation_pages, refusals
from services.hiring.invitation_pages import InvitationPage
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.gateways.mail_server import mail_server
from tests.services.hiring import opening

BAD, GOOD = "sun.yi@mail.example", "sun@mail.example"


def page(app: Flask, cast: Cast, about: int) -> InvitationPage:
    with app.app_context(), reading() as session:
        return invitation_pages.invitation_page(session, cast.actor("min"), about, NOW)


def send(app: Flask, monkeypatch: pytest.MonkeyPatch, server: str) -> None:
    """The job about the newest invitation, with this mail server in the settings."""
    settings = app.extensions["threshold.settings"]
    told = replace(settings, smtp_url=f"smtp://{server}")
    monkeypatch.setitem(app.extensions, "threshold.settings", told)
    with app.app_context():
        with reading() as session:
            newest = session.scalars(select(Invitation.id).order_by(Invitation.id.desc())).first()
        mail.TASKS["mail.invitation"]({"invitation_id": newest})


def test_a_refused_address_is_told_and_put_right(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast), by_mail=True)
    about = invited.application_id
    with mail_server() as (server, letters):
        letters.refused[BAD] = 550
        send(app, monkeypatch, server)
        assert page(app, cast, about).refused_code == 550
        with app.app_context(), writing() as session:
            refusals.correct(session, cast.actor("min"), about, GOOD, NOW)
        send(app, monkeypatch, server)
        assert letters.receivers == [GOOD]
    now = page(app, cast, about)
    assert (now.refused_at, now.email) == (None, GOOD)
    with app.app_context(), reading() as session, pytest.raises(Gone):
        entering.offer(session, opening.token_of(invited), NOW)  # the first link is ended


def test_a_refusal_that_may_pass_is_tried_again(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast), by_mail=True)
    with mail_server() as (server, letters):
        letters.refused[BAD] = 451
        with pytest.raises(Exception, match="451"):
            send(app, monkeypatch, server)
    assert page(app, cast, invited.application_id).refused_at is None


def test_an_address_is_corrected_with_care(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    first = opening.invite(app, cast, position_id)
    other = opening.invite(app, cast, position_id, "Qian Wei")
    with app.app_context(), writing() as session:
        for email, error in (("no mail", Invalid), ("qian.wei@mail.example", Conflict)):
            with pytest.raises(error):
                refusals.correct(session, cast.actor("min"), first.application_id, email, NOW)
    opening.consent(app, other)
    with app.app_context(), writing() as session, pytest.raises(Conflict):
        refusals.correct(session, cast.actor("min"), other.application_id, GOOD, NOW)

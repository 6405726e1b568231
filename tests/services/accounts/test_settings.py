"""What people decide about themselves."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.accounts import Person
from models.journal import OutboxEntry
from services.accounts import links, pages, people, settings, tokens
from services.actor import Actor
from services.errors import Conflict, Gone, Invalid, NotFound
from services.session import writing
from tests.conftest import NOW, Cast


@pytest.fixture
def lin(cast: Cast) -> Actor:
    return cast.actor("lin")


@pytest.fixture
def session(app: Flask, lin: Actor) -> Iterator[Session]:
    with app.app_context(), writing() as session:
        yield session


def test_name_language_and_theme_are_kept(session: Session, lin: Actor) -> None:
    settings.save(session, lin, "  林  悦 ", "zh_Hans", "dark", NOW)
    page = pages.settings_page(session, lin)
    assert (page.name, page.locale, page.theme) == ("林 悦", "zh_Hans", "dark")
    settings.save(session, lin, "Lin Yue", "", "", NOW)
    page = pages.settings_page(session, lin)
    assert (page.locale, page.theme) == (None, None)


@pytest.mark.parametrize(
    ("name", "locale", "theme", "field"),
    [
        ("", "en", "", "name"),
        ("\0\n", "en", "", "name"),
        ("x" * 201, "en", "", "name"),
        ("Lin", "fr", "", "locale"),
        ("Lin", "", "pink", "theme"),
    ],
)
def test_nonsense_is_named(
    session: Session, lin: Actor, name: str, locale: str, theme: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        settings.save(session, lin, name, locale, theme, NOW)
    assert set(refused.value.fields) == {field}


def test_nobody_has_no_settings(session: Session) -> None:
    for call in (
        lambda: pages.settings_page(session, Actor(None)),
        lambda: settings.save(session, Actor(None), "A", "", "", NOW),
        lambda: settings.sign_out_everywhere(session, Actor(None), NOW),
    ):
        with pytest.raises(NotFound):
            call()


def test_the_mail_changes_when_the_new_address_answers(session: Session, lin: Actor) -> None:
    settings.ask_email_change(session, lin, "New.Lin@beilun.example", NOW)
    page = pages.settings_page(session, lin)
    assert (page.email, page.pending_email) == ("lin@beilun.example", "new.lin@beilun.example")
    assert session.scalars(select(OutboxEntry.task)).all() == ["mail.email_change"]
    reset = tokens.issue(session, "reset", lin.person_id or 0, NOW)
    raw = links.issue_email_link(session, lin, NOW)
    assert settings.pending_email(session, raw, NOW) == "new.lin@beilun.example"
    settings.confirm_email(session, raw, NOW)
    page = pages.settings_page(session, lin)
    assert (page.email, page.pending_email) == ("new.lin@beilun.example", None)
    with pytest.raises(Gone):
        settings.confirm_email(session, raw, NOW)
    assert not tokens.look(session, "reset", reset, NOW).usable, "it was sent to the old address"


def test_a_second_wish_ends_the_first_link(session: Session, lin: Actor) -> None:
    settings.ask_email_change(session, lin, "one@beilun.example", NOW)
    first = links.issue_email_link(session, lin, NOW)
    settings.ask_email_change(session, lin, "two@beilun.example", NOW)
    with pytest.raises(Gone):
        settings.confirm_email(session, first, NOW)


def test_another_members_address_is_refused(session: Session, lin: Actor) -> None:
    with pytest.raises(Conflict):
        settings.ask_email_change(session, lin, "EVE@beilun.example", NOW)
    with pytest.raises(Invalid):
        settings.ask_email_change(session, lin, "nonsense", NOW)


def test_an_address_that_was_taken_meanwhile_is_a_conflict(any_app: Flask, cast: Cast) -> None:
    lin = cast.actor("lin")
    with any_app.app_context():
        with writing() as session:
            settings.ask_email_change(session, lin, "wanted@beilun.example", NOW)
            raw = links.issue_email_link(session, lin, NOW)
            session.execute(
                update(Person).where(Person.id == cast.eve).values(email="wanted@beilun.example")
            )
        with pytest.raises(Conflict), writing() as session:
            settings.confirm_email(session, raw, NOW)
        with writing() as session:
            assert pages.settings_page(session, lin).email == "lin@beilun.example"
            assert tokens.look(session, "email", raw, NOW).usable, "nothing is half done"


def test_sign_out_everywhere_ends_every_session(session: Session, lin: Actor) -> None:
    viewer = people.load_viewer(session, lin.person_id or 0)
    assert viewer is not None
    settings.sign_out_everywhere(session, lin, NOW)
    assert people.viewer_of(viewer.id, viewer.epoch) is None
    assert people.viewer_of(viewer.id, viewer.epoch + 1) is not None


def test_nobody_disables_themself(session: Session, cast: Cast, lin: Actor) -> None:
    with pytest.raises(Invalid):
        people.disable(session, lin, cast.lin, NOW)
    with pytest.raises(NotFound):
        people.disable(session, lin, 987_654_321, NOW)

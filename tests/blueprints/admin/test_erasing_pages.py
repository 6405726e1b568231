"""Erasing a member, and taking a second factor away, as an admin does it."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from models.accounts import Erasure, Person, SecondFactor
from models.journal import JournalEntry
from services.admin import erasing
from services.session import reading
from tests.blueprints.accounts.test_factor import turn_on
from tests.caller import Caller
from tests.conftest import NOW, Cast

Callers = Callable[..., Caller]


def late(caller: Caller) -> Caller:
    with caller.client.session_transaction() as cookie:
        cookie["proved"] = 0
    return caller


def test_erased_people_are_gone_from_every_page(app: Flask, cast: Cast, caller: Callers) -> None:
    anna, eve = caller("anna"), caller("eve")
    page = f"/admin/people/{cast.eve}"
    assert late(caller("anna")).post(f"{page}/erase").status_code == 403
    with app.app_context(), reading() as session:
        assert session.get(Erasure, cast.eve) is None
    assert anna.post(f"{page}/erase").status_code == 303
    assert eve.get("/account/settings").status_code == 302, "shut out at once"
    assert "is being erased" in anna.get(page).text
    with app.app_context():
        assert erasing.carry_out(Path(app.instance_path), cast.eve, NOW)
    assert anna.get(page).status_code == 404
    assert anna.post(f"{page}/erase").status_code == 404
    assert anna.post(f"{page}/enable").status_code == 404, "nobody comes back under the number"
    for path in ("/admin/", "/admin/?q=Okafor", "/admin/audit", f"/admin/audit?person={cast.eve}"):
        text = anna.get(path).text
        assert "Okafor</" not in text, path
        assert "[erased]" not in text, path


def test_nobody_erases_themself(app: Flask, cast: Cast, caller: Callers) -> None:
    anna = caller("anna")
    assert "Erase this person" not in anna.get(f"/admin/people/{cast.anna}").text
    assert anna.post(f"/admin/people/{cast.anna}/erase").status_code == 422
    with app.app_context(), reading() as session:
        assert session.scalar(select(Person.disabled_at).where(Person.id == cast.anna)) is None


def test_a_factor_is_taken_away_and_journaled(app: Flask, cast: Cast, caller: Callers) -> None:
    path = f"/admin/people/{cast.lin}/second-factor"
    turn_on(app, cast.lin)
    assert late(caller("anna")).post(path).status_code == 403
    assert caller("anna").post(path).status_code == 303
    assert caller("anna").post(path).status_code == 303, "a second click changes nothing"
    with app.app_context(), reading() as session:
        assert session.get(SecondFactor, cast.lin) is None
        removed = select(JournalEntry.actor_id).where(JournalEntry.event == "second_factor.removed")
        assert session.scalars(removed).all() == [cast.anna]

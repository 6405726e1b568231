"""The pages about people: finding, adding, changing rights, handing over links."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from models.journal import JournalEntry, OutboxEntry
from services.accounts.people import add_member, insert_person, load_viewer
from services.accounts.signing_in import set_password
from services.actor import SYSTEM
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import Cast
from tests.statements import counted

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PASSWORD = "four unrelated words here"
Call = Callable[..., Caller]


def add_many(app: Flask, count: int) -> None:
    with app.app_context(), writing() as session:
        for number in range(count):
            mail = f"p{number}@beilun.example"
            add_member(session, SYSTEM, f"Person {number:03}", mail, ("learner", "trainer"), NOW)


def events(app: Flask, person_id: int) -> list[str]:
    with app.app_context(), reading() as session:
        return list(
            session.scalars(
                select(JournalEntry.event)
                .where(JournalEntry.object_kind == "person", JournalEntry.object_id == person_id)
                .order_by(JournalEntry.id)
            )
        )


def test_the_list_does_not_cost_more_when_it_grows(any_app: Flask, caller: Call) -> None:
    anna = caller("anna")
    with counted(any_app) as few:
        assert anna.get("/admin/").status_code == 200
    add_many(any_app, 60)
    with counted(any_app) as many:
        page = anna.get("/admin/?page=2").get_data(as_text=True)
    assert "Person 030" in page
    assert "Page 2 of 3" in page
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("q=lin+yue", "Lin Yue", "Xu Lei"),
        ("q=TAO%40beilun", "He Tao", "Lin Yue"),
        ("role=manager", "Omar Haddad", "Lin Yue"),
        ("state=invited", "Lin Yue", "Nobody is found"),
        ("q=%25", "Nobody is found", "Lin Yue"),
        ("role=captain", "Nobody is found", "Lin Yue"),
        ("state=sunk", "Nobody is found", "Lin Yue"),
        ("page=999999999999999999999", "Lin Yue", "Nobody is found"),
    ],
)
def test_people_are_found(caller: Call, query: str, found: str, missing: str) -> None:
    page = caller("anna").get(f"/admin/?{query}").get_data(as_text=True)
    assert found in page
    assert missing not in page


def test_candidates_are_not_members(app: Flask, caller: Call) -> None:
    with app.app_context(), writing() as session:
        candidate = insert_person(session, "candidate", "Ida Novak", "ida@mail.example", NOW)
    anna = caller("anna")
    assert "Ida Novak" not in anna.get("/admin/").get_data(as_text=True)
    url = f"/admin/people/{candidate}"
    assert anna.get(url).status_code == 404
    for deed in ("roles", "link", "disable", "enable", "sign-out"):
        answer = anna.post(f"{url}/{deed}", {"roles": "admin"})
        assert answer.status_code == 404, deed
    assert events(app, candidate) == []


def test_adding_gives_a_link_that_works_and_asks_for_the_mail(any_app: Flask, caller: Call) -> None:
    anna = caller("anna")
    form = {"name": "Ida Novak", "email": "Ida@Beilun.example", "roles": ["learner", "trainer"]}
    answer = anna.post("/admin/people/new", form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    link = re.search(r"http://localhost(/account/join/[\w-]{43})", page)
    assert link
    with any_app.app_context(), reading() as session:
        asked = select(OutboxEntry.data).where(OutboxEntry.task == "mail.join")
        data = session.scalars(asked).one()
    assert list(data) == ["person_id"]
    ida = data["person_id"]
    joined = caller().post(link[1], {"password": PASSWORD})
    assert joined.status_code in (302, 303)
    assert {"person.added", "link.handed_over", "person.joined"} <= set(events(any_app, ida))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"name": "x" * 201}, "1 to 200"),
        ({"email": "nonsense"}, "not a mail address"),
        ({"email": "lin@beilun.example"}, "exists already"),
        ({"roles": []}, "at least one role"),
        ({"roles": ["captain"]}, "captain"),
    ],
)
def test_nonsense_is_refused_and_kept_in_the_form(
    caller: Call, changed: dict[str, object], message: str
) -> None:
    form = {"name": "Ida Novak", "email": "ida@beilun.example", "roles": ["learner"], **changed}
    answer = caller("anna").post("/admin/people/new", form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert message in page or message == "captain"


def test_new_roles_end_the_sessions(any_app: Flask, cast: Cast, caller: Call) -> None:
    lin, anna = caller("lin"), caller("anna")
    url = f"/admin/people/{cast.lin}"
    assert anna.post(f"{url}/roles", {"roles": ["trainer", "recruiter"]}).status_code == 303
    assert lin.get("/learn/").status_code == 302
    with any_app.app_context(), reading() as session:
        viewer = load_viewer(session, cast.lin)
    assert viewer
    assert viewer.roles == {"trainer", "recruiter"}
    assert events(any_app, cast.lin)[-1] == "person.roles_changed"


def test_no_admin_takes_their_own_keys_away(app: Flask, cast: Cast, caller: Call) -> None:
    anna = caller("anna")
    url = f"/admin/people/{cast.anna}"
    answer = anna.post(f"{url}/roles", {"roles": ["learner"]})
    assert answer.status_code == 422
    assert "cannot take the admin role from yourself" in answer.get_data(as_text=True)
    assert anna.post(f"{url}/roles", {}).status_code == 422
    assert anna.post(f"{url}/disable").status_code == 422
    assert 'popovertarget="shut-out"' not in anna.get(url).get_data(as_text=True)


def test_shut_out_and_let_in_again(any_app: Flask, cast: Cast, caller: Call) -> None:
    lin, anna = caller("lin"), caller("anna")
    url = f"/admin/people/{cast.lin}"
    assert anna.post(f"{url}/disable").status_code == 303
    assert lin.get("/learn/").status_code == 302
    assert "Let them in again" in anna.get(url).get_data(as_text=True)
    assert anna.post(f"{url}/link").status_code == 404
    assert "Lin Yue" in anna.get("/admin/?state=disabled").get_data(as_text=True)
    assert anna.post(f"{url}/enable").status_code == 303
    assert caller("lin").get("/learn/").status_code == 200
    assert events(any_app, cast.lin)[-2:] == ["person.disabled", "person.enabled"]


def test_sign_out_everywhere(any_app: Flask, cast: Cast, caller: Call) -> None:
    lin = caller("lin")
    caller("anna").post(f"/admin/people/{cast.lin}/sign-out")
    assert lin.get("/learn/").status_code == 302
    assert events(any_app, cast.lin)[-1] == "sessions.ended"


def test_whoever_has_joined_gets_a_link_for_a_new_password(
    app: Flask, cast: Cast, caller: Call
) -> None:
    anna, url = caller("anna"), f"/admin/people/{cast.lin}/link"
    assert "/account/join/" in anna.post(url).get_data(as_text=True)
    with app.app_context(), writing() as session:
        set_password(session, SYSTEM, cast.lin, PASSWORD, NOW)
    page = anna.post(url).get_data(as_text=True)
    assert "/account/reset/" in page
    assert "for 2 hours" in page
    assert events(app, cast.lin)[-1] == "link.handed_over"


@pytest.mark.parametrize("name", ["lin", "tao", "min", "lei"])
def test_nobody_else_comes_in(cast: Cast, caller: Call, name: str) -> None:
    them = caller(name)
    for page in ("", "people/new", f"people/{cast.lin}", "audit", "mail", "backups", "system"):
        assert them.get(f"/admin/{page}").status_code == 403, page
    for deed in (f"people/{cast.lin}/roles", "mail/test", "backups"):
        assert them.post(f"/admin/{deed}").status_code == 403, deed

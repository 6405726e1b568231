"""The pages of recruiters and hiring managers."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.caller import Caller
from tests.conftest import Cast
from tests.services.hiring import opening

Call = Callable[..., Caller]


def form(cast: Cast, **changes: Any) -> dict[str, Any]:
    fields = {
        "title": "Sales, Europe", "profile": "sales", "form_key": "hiring-a", "minutes": "60",
        "retention_days": "180", "owner_id": str(cast.lei), "state": "open",
    }  # fmt: skip
    return {**fields, **changes}


def made(cast: Cast, caller: Call, **changes: Any) -> str:
    answer = caller("min").post("/hiring/positions/new", form(cast, **changes))
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def test_a_recruiter_makes_a_position_and_invites(cast: Cast, caller: Call) -> None:
    address = made(cast, caller)
    recruiter = caller("min")
    assert "Sales, Europe" in recruiter.get("/hiring/").text
    assert "No candidates yet" in recruiter.get(address).text
    once = re.search(r'name="once"[^>]*value="([^"]+)"', recruiter.get(address + "/invite").text)
    assert once is not None
    day = (datetime.now(UTC) + timedelta(days=14)).date().isoformat()
    fields = {
        "once": once.group(1), "name": "Sun Yi", "email": "sun@mail.example", "way": "mail",
        "lang": "zh_Hans", "expires": day,
    }  # fmt: skip
    first = recruiter.post(address + "/invite", fields)
    link = re.search(r"http://localhost(/invite/[\w-]+)", first.text)
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "no-store"
    assert link is not None
    assert caller().get(link.group(1)).status_code == 200
    assert recruiter.post(address + "/invite", fields).status_code == 200  # sent twice: once
    assert recruiter.get(address).text.count("Sun Yi</a>") == 1
    assert link.group(1) not in recruiter.get(address).text
    again = recruiter.post(address + "/invite", {**fields, "once": "y" * 32})
    assert again.status_code == 409
    assert "Open that candidate" in again.text


def test_own_weights_must_make_a_hundred_and_nothing_typed_is_lost(
    cast: Cast, caller: Call
) -> None:
    fields = form(cast, profile="own", title="Customs", weight_C1="50", weight_C2="49")
    answer = caller("min").post("/hiring/positions/new", fields)
    assert answer.status_code == 422
    assert "add up to 100" in answer.text
    assert 'value="Customs"' in answer.text
    assert 'value="49"' in answer.text
    halves = {"weight_C1": "50", "weight_C2": "50", "reason_C1": "All in writing"}
    silent = caller("min").post("/hiring/positions/new", form(cast, profile="own", **halves))
    assert silent.status_code == 422
    assert "Say why this practice weighs so much" in silent.text
    made(cast, caller, profile="own", **halves, reason_C2="Most of the day")


@pytest.mark.parametrize(
    "changes",
    [
        {"minutes": "soon"},
        {"minutes": "9" * 30},
        {"weight_C1": "1e9"},
        {"gate_C5": "9"},
        {"owner_id": "0"},
        {"form_key": "../etc"},
        {"title": "x" * 300},
        {"profile": ""},
        {"reviewer_ids": "abc"},
    ],
)
def test_nonsense_in_any_field_is_422(cast: Cast, caller: Call, changes: dict[str, str]) -> None:
    answer = caller("min").post("/hiring/positions/new", form(cast, **changes))
    assert answer.status_code == 422


def test_a_stale_edit_shows_both(cast: Cast, caller: Call) -> None:
    address = made(cast, caller)
    recruiter = caller("min")
    assert "Sales, Europe" in recruiter.get(address + "/edit").text
    first = recruiter.post(address + "/edit", form(cast, version="1", title="Sales, Asia"))
    assert first.status_code == 303
    second = recruiter.post(address + "/edit", form(cast, version="1", title="My title"))
    assert second.status_code == 409
    assert "Sales, Asia" in second.text
    assert 'value="My title"' in second.text
    third = recruiter.post(address + "/edit", form(cast, version="2", title="My title"))
    assert third.status_code == 303


def test_a_stranger_and_a_missing_position_look_alike(cast: Cast, caller: Call) -> None:
    address = made(cast, caller)
    for own, missing in (
        (address, "/hiring/positions/99"),
        (address, f"/hiring/positions/{2**70}"),
    ):
        answers = [caller("omar").get(one) for one in (own, missing)]
        assert [answer.status_code for answer in answers] == [404, 404]
    assert caller("lei").get(address).status_code == 200
    assert caller("lei").get(address + "/edit").status_code == 403
    assert caller("lin").get(address).status_code == 403


def test_a_manager_reads_decides_and_compares(app: Flask, cast: Cast, caller: Call) -> None:
    position_id = opening.open_position(app, cast)
    ids = [opening.sit(app, opening.invite(app, cast, position_id, n)) for n in ("An", "Bo")]
    lei, address = caller("lei"), f"/hiring/candidates/{ids[0]}"
    page = lei.get(address)
    assert page.status_code == 200
    assert "Provisional figures" in page.text
    assert "Make a new link" not in page.text
    assert lei.post(address + "/notes", {"note": "Hello <b>"}).status_code == 303
    assert "Hello &lt;b&gt;" in lei.get(address).text
    assert lei.post(address + "/notes", {"note": "  "}).status_code == 422
    empty = {"outcome": "advance", "reason_code": "fit", "reason": ""}
    assert lei.post(address + "/decisions", empty).status_code == 422
    assert lei.post(address + "/decisions", {**empty, "reason": "Fits."}).status_code == 303
    assert "Invite to the next step" in lei.get(f"/hiring/positions/{position_id}").text
    opened = lei.post(address + "/answers/1")
    assert "audit log" in opened.text
    for deed in ("revoke", "extend", "link", "code"):
        assert lei.post(f"{address}/{deed}").status_code == 403
    both = lei.get(f"/hiring/positions/{position_id}/compare?a={ids[1]}&a={ids[0]}")
    assert "An and Bo are equal in role fit" in both.text  # in the order of names

    assert lei.get(f"/hiring/positions/{position_id}/compare?a={ids[0]}").status_code == 302
    six = lei.get(f"/hiring/positions/{position_id}/compare?a={ids[0]}&a=99999")
    assert six.status_code == 404


def test_every_figure_leads_to_the_answers_behind_it(app: Flask, cast: Cast, caller: Call) -> None:
    position_id = opening.open_position(app, cast)
    ids = [opening.sit(app, opening.invite(app, cast, position_id, n)) for n in ("An", "Bo")]
    with app.app_context():
        person = opening.person_of(opening.invite(app, cast, position_id, "Cy"))
    lei, address = caller("lei"), f"/hiring/candidates/{ids[0]}"
    page = lei.get(address).text
    ids_here = set(re.findall(r'id="([^"]+)"', page))
    assert {f"answers-C{n}" for n in range(1, 8)} <= set(re.findall(r'href="#([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids_here
    both = lei.get(f"/hiring/positions/{position_id}/compare?a={ids[1]}&a={ids[0]}").text
    led = set(re.findall(r'href="(/hiring/candidates/\d+)#([^"]+)"', both))
    assert {anchor for _, anchor in led} == {"fit", *(f"answers-C{n}" for n in range(1, 8))}
    assert {anchor for _, anchor in led} <= ids_here
    assert {where for where, _ in led} == {f"/hiring/candidates/{one}" for one in ids}
    assert f'href="{address}#fit"' in lei.get(f"/hiring/positions/{position_id}").text
    assert "opens to its evidence" not in Caller(app, person).get("/candidate/").text


def test_links_and_codes_are_renewed(app: Flask, cast: Cast, caller: Call) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    recruiter, address = caller("min"), f"/hiring/candidates/{invited.application_id}"
    day = (datetime.now(UTC) + timedelta(days=20)).date().isoformat()
    fresh = recruiter.post(address + "/link", {"expires": day, "way": "link"})
    assert "/invite/" in fresh.text
    assert recruiter.post(address + "/extend", {"expires": day}).status_code == 303
    assert recruiter.post(address + "/extend", {"expires": "never"}).status_code == 303
    assert recruiter.post(address + "/code").status_code == 303  # none before consent
    assert recruiter.post(address + "/revoke").status_code == 303
    assert "taken back" in recruiter.get(address).text

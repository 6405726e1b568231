"""The pages about keys: what is refused stands beside its field, and a key is shown once."""

from collections.abc import Callable

from flask import Flask

from tests.caller import Caller
from tests.conftest import Cast
from tests.services.hiring import opening

GOOD = {"name": "Tracking", "scopes": "positions:read", "days": "30", "position_id": ""}


def test_a_key_is_shown_once(app: Flask, cast: Cast, caller: Callable[..., Caller]) -> None:
    position_id = opening.open_position(app, cast)
    answer = caller("min").post("/integration/keys", {**GOOD, "position_id": str(position_id)})
    assert answer.status_code == 200
    assert "thr_" in answer.get_data(as_text=True)
    listed = caller("min").get("/integration/keys").get_data(as_text=True)
    assert "Tracking" in listed
    assert "Sales, Europe" in listed
    assert "thr_" not in listed


def test_what_is_refused_is_named(app: Flask, cast: Cast, caller: Callable[..., Caller]) -> None:
    wrong = (
        ("min", {"name": " "}, "A name has 1 to 80 characters"),
        ("min", {"days": "many"}, "works for 1 to 366 days"),
        ("min", {"days": "367"}, "works for 1 to 366 days"),
        ("min", {"scopes": ""}, "Tick what the program may do"),
        ("min", {"position_id": "987654321"}, "Choose a position of the list"),
        ("anna", {"scopes": "reports:read"}, "Tick what the program may do"),
    )
    for who, change, words in wrong:
        answer = caller(who).post("/integration/keys", {**GOOD, **change})
        assert answer.status_code == 422
        assert words in answer.get_data(as_text=True), change


def test_making_a_key_asks_who_sits_there(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    late = caller("min")
    with late.client.session_transaction() as cookie:
        cookie["proved"] = 0
    for url in ("/integration/keys", "/integration/webhooks"):
        answer = late.post(url, GOOD)
        assert answer.status_code == 403
        assert "thr_" not in answer.get_data(as_text=True)
    position_id = opening.open_position(app, cast)
    assert late.post(f"/hiring/positions/{position_id}/export").status_code == 403
    file = late.get(f"/hiring/positions/{position_id}/export/file")
    assert "/account/prove" in file.headers["Location"]

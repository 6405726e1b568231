"""Health, readiness, metrics and the API's description."""

from collections.abc import Callable

from flask import Flask

from models.base import db
from tests.caller import Caller


def test_the_addresses_that_others_rely_on(caller: Callable[..., Caller]) -> None:
    stranger = caller()
    for path in ("/", "/account/sign-in", "/healthz", "/readyz", "/api/v1/openapi.json"):
        assert stranger.get(path).status_code == 200, path


def test_openapi_lists_health(caller: Callable[..., Caller]) -> None:
    description = caller().get("/api/v1/openapi.json").get_json()
    assert description["openapi"].startswith("3.")
    assert "/healthz" in description["paths"]
    assert "/readyz" in description["paths"]


def test_metrics_are_for_this_machine_and_for_admins(caller: Callable[..., Caller]) -> None:
    stranger = caller()
    stranger.get("/healthz")
    here = stranger.get("/metrics")
    assert here.status_code == 200
    assert b"threshold_requests_total" in here.data
    through_a_proxy = {"X-Forwarded-For": "203.0.113.9"}
    assert stranger.get("/metrics", headers=through_a_proxy).status_code == 403
    assert caller("lin").get("/metrics", headers=through_a_proxy).status_code == 403
    assert caller("anna").get("/metrics", headers=through_a_proxy).status_code == 200


def test_alive_but_not_ready_while_the_database_is_away(
    app: Flask, caller: Callable[..., Caller]
) -> None:
    path = app.extensions["threshold.settings"].sqlite_path
    away = path.with_suffix(".away")
    someone = caller("lin")
    with app.app_context():
        db.engine.dispose()
    path.rename(away)
    path.mkdir()
    try:
        assert someone.get("/healthz").status_code == 200
        for page in ("/readyz", "/", "/learn/"):
            answer = someone.get(page)
            assert answer.status_code == 503, page
            assert int(answer.headers["Retry-After"]) > 0
        as_json = someone.get("/learn/", headers={"Accept": "application/json"})
        assert as_json.get_json()["error"]["status"] == 503
    finally:
        path.rmdir()
        away.rename(path)
    assert someone.get("/readyz").status_code == 200

"""Headers, hosts, compression, request ids and logs."""

import gzip
import json
from collections.abc import Callable

import pytest
from flask import Flask

from tests.caller import Caller


def test_every_answer_carries_the_policy(caller: Callable[..., Caller]) -> None:
    for path in ("/", "/healthz", "/nowhere", "/account/sign-in"):
        policy = caller().get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy


def test_an_unknown_host_is_refused(caller: Callable[..., Caller]) -> None:
    assert caller().get("/", headers={"Host": "evil.example"}).status_code == 400
    for known in ("localhost:8000", "LOCALHOST", "[::1]:8000"):
        assert caller().get("/", headers={"Host": known}).status_code == 200


def test_a_forwarded_host_is_not_believed(caller: Callable[..., Caller]) -> None:
    answer = caller().get("/learn/", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil" not in answer.headers["Location"]


def test_private_pages_are_not_stored(caller: Callable[..., Caller]) -> None:
    assert "no-store" in caller("lin").get("/learn/").headers["Cache-Control"]


def test_pages_are_compressed_for_those_who_can_read_it(caller: Callable[..., Caller]) -> None:
    plain = caller("lin").get("/learn/", headers={"Accept-Encoding": "identity"})
    packed = caller("lin").get("/learn/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(packed.data)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abcdef12-3456", True), ("x", False), ("a" * 60, False), ("a\tb" * 5, False)],
)
def test_a_request_id_is_kept_when_it_looks_like_one(
    given: str, kept: bool, caller: Callable[..., Caller]
) -> None:
    answer = caller().get("/healthz", headers={"X-Request-Id": given})
    assert (answer.headers["X-Request-Id"] == given) is kept


def test_static_files_are_hashed_and_cached_for_ever(
    app: Flask, caller: Callable[..., Caller]
) -> None:
    address = app.jinja_env.globals["asset"]("css/app.css")
    with caller().get(address, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"
    assert caller().get("/static/000000000000/css/app.css").status_code == 404


def test_unforeseen_errors_say_nothing_of_the_inside(
    app: Flask, caller: Callable[..., Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise KeyError("a secret detail")

    broken.access = app.view_functions["integration.health"].access  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "integration.health", broken)
    page = caller().get("/healthz", headers={"Accept": "text/html"})
    assert page.status_code == 500
    assert b"secret detail" not in page.data
    data = caller().get("/healthz", headers={"Accept": "application/json"})
    assert json.loads(data.data)["error"]["status"] == 500

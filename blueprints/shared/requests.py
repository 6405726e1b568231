"""One request: its id, its one time, its log line and its figures."""

import re
import secrets
import time
from datetime import UTC, datetime

import structlog
from flask import Flask, Response, g, request
from flask.globals import app_ctx, request_ctx
from werkzeug.routing import IntegerConverter

from blueprints.shared import figures

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,32}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
GREATEST_KEY = 2**63 - 1  # what a database's key can be
log = structlog.get_logger("request")


def now() -> datetime:
    """The time of this request: taken once, so that one request has one time."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return g.now  # type: ignore[no-any-return]


def whole_number(word: object) -> int | None:
    """The whole number that somebody sent; None for nothing and for nonsense.

    It fits a key of the database, however many digits were sent.
    """
    text = str(word or "")
    if not (text.isascii() and text.isdecimal()):
        return None
    return min(int(text[:20]), GREATEST_KEY)


def asked_number(name: str) -> int | None:
    """A whole number in the address of the page; None where there is none or nonsense."""
    return whole_number(request.args.get(name))


def wants_json() -> bool:
    """Whether the caller is a script or an API client and not a person with a page."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


class Key(IntegerConverter):
    """A key of the database in an address; numbers beyond all keys are the last, which none has."""

    def to_python(self, value: str) -> int:
        return min(int(value[:20]), GREATEST_KEY)


def install(app: Flask) -> None:
    """Give each request an id, and write one line when it is answered."""
    app.url_map.converters["int"] = Key

    # The proxies `g` and `request` are looked up once each: these two run for every request.

    @app.before_request
    def _begin() -> None:
        here = app_ctx.g
        given = request_ctx.request.headers.get("X-Request-Id", "")
        here.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        here.started = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        here, asked = app_ctx.g, request_ctx.request
        seconds = time.perf_counter() - here.started
        endpoint = asked.endpoint or "unknown"
        method = asked.method if asked.method in METHODS else "other"  # labels must stay few
        figures.note(method, endpoint, response.status_code, seconds)
        response.headers["X-Request-Id"] = here.request_id
        log.info(
            "answered",
            request=here.request_id,
            method=method,
            endpoint=endpoint,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            person=here.get("person_id"),
        )
        return response

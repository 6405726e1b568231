"""One request: its id, its one time, its log line and its figures."""

import re
import secrets
import time
from datetime import UTC, datetime
from functools import cache

import structlog
from flask import Flask, Response, g, request
from prometheus_client import Counter, Histogram

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,32}")
REQUESTS = Counter(
    "threshold_requests_total", "Requests answered", ("method", "endpoint", "status")
)
SECONDS = Histogram("threshold_request_seconds", "Time to answer", ("endpoint",))
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
log = structlog.get_logger("request")


def now() -> datetime:
    """The time of this request: taken once, so that one request has one time."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    return g.now  # type: ignore[no-any-return]


def wants_json() -> bool:
    """Whether the caller is a script or an API client and not a person with a page."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def _method() -> str:
    """The method as a label: there are few, whatever a stranger sends."""
    return request.method if request.method in METHODS else "other"


@cache
def _figures(method: str, endpoint: str, status: int) -> tuple[Counter, Histogram]:
    """The two figures of one kind of answer; looking them up anew costs more than counting."""
    return REQUESTS.labels(method, endpoint, status), SECONDS.labels(endpoint)


def install(app: Flask) -> None:
    """Give each request an id, and write one line when it is answered."""

    @app.before_request
    def _begin() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        g.started = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        if "started" not in g:
            return response  # refused before it began
        seconds = time.perf_counter() - g.started
        endpoint = request.endpoint or "unknown"
        count, duration = _figures(_method(), endpoint, response.status_code)
        count.inc()
        duration.observe(seconds)
        response.headers["X-Request-Id"] = g.request_id
        log.info(
            "answered",
            request=g.request_id,
            method=request.method,
            endpoint=endpoint,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            person=g.get("person_id"),
        )
        return response

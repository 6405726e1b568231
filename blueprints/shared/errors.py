"""Errors in the trade's words become statuses here, once."""

from collections.abc import Sequence

import structlog
from flask import Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from blueprints.shared.guards import SignInNeeded
from blueprints.shared.keyed import KeyNeeded
from blueprints.shared.requests import wants_json
from blueprints.shared.uploads import too_large
from blueprints.shared.words import faults, said
from services import errors

STATUS: dict[type[errors.ServiceError], int] = {
    SignInNeeded: 401,
    KeyNeeded: 401,
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.Invalid: 422,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
PAGES = frozenset({400, 401, 403, 404, 409, 410, 413, 422, 429, 500, 503})
RETRY_SECONDS = 5
WRITTEN = ("source", "note", "reason", "remark", "answer")  # fields in which people write at length
log = structlog.get_logger("error")


def install(app: Flask) -> None:
    """One handler per family; unforeseen errors are logged with their trace and shown as 500."""

    @app.errorhandler(errors.ServiceError)
    def _refused(error: errors.ServiceError) -> ResponseReturnValue:
        status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
        retry = error.retry_after if isinstance(error, errors.TooMany) else None
        if status == 503:
            g.database_away, retry = True, RETRY_SECONDS
            log.error("database away", request=g.get("request_id"), cause=error.message)
        # Why a link is gone is a word for its own pages; whom the database is away from, for logs.
        message = "" if status in (410, 503) else said(error.message)
        return _answer(status, message, error, retry)

    @app.errorhandler(CSRFError)
    def _forged(error: CSRFError) -> ResponseReturnValue:
        # Not every browser brings text back to a page that must not be stored: shown here.
        written = [text for name in WRITTEN if (text := request.form.get(name))]
        told = _("This form was open for too long, so it was not stored.")
        return _answer(400, told, written=written)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status in (301, 302, 303, 307, 308):
            return error.get_response()
        body, code, headers = _answer(status, too_large() if status == 413 else "")
        if status == 405 and (allowed := dict(error.get_headers()).get("Allow")):
            headers["Allow"] = allowed
        return body, code, headers

    @app.errorhandler(Exception)
    def _unforeseen(error: Exception) -> ResponseReturnValue:
        log.error("unforeseen", request=g.get("request_id"), exc_info=error)
        return _answer(500)


def _answer(
    status: int,
    message: str = "",
    error: errors.ServiceError | None = None,
    retry_after: int | None = None,
    written: Sequence[str] = (),
) -> tuple[str, int, dict[str, str]]:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    invalid = error if isinstance(error, errors.Invalid) else errors.Invalid()
    if wants_json():
        body = {"error": {"status": status, "message": message, "fields": invalid.fields}}
        return (
            jsonify(body).get_data(as_text=True),
            status,
            headers | {"Content-Type": "application/json"},
        )
    page = status if status in PAGES else (400 if status < 500 else 500)
    html = render_template(
        f"errors/{page}.html",
        status=status,
        message=message,
        faults=faults(invalid),
        retry_after=retry_after,
        written=written,
        request_id=g.get("request_id", ""),
        path=request.path,
    )
    return html, status, headers

"""Errors in the trade's words become statuses here, once."""

import structlog
from flask import Flask, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from blueprints.shared.guards import SignInNeeded
from blueprints.shared.requests import wants_json
from services import errors

STATUS: dict[type[errors.ServiceError], int] = {
    SignInNeeded: 401,
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
        fields = error.fields if isinstance(error, errors.Invalid) else {}
        message = "" if status == 503 else error.message
        return _answer(status, message, fields, retry)

    @app.errorhandler(CSRFError)
    def _forged(error: CSRFError) -> ResponseReturnValue:
        return _answer(400, _("This form has expired. Go back, reload the page and send it again."))

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status in (301, 302, 303, 307, 308):
            return error.get_response()
        body, code, headers = _answer(status)
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
    fields: dict[str, str] | None = None,
    retry_after: int | None = None,
) -> tuple[str, int, dict[str, str]]:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    if wants_json():
        body = {"error": {"status": status, "message": message, "fields": fields or {}}}
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
        fields=fields or {},
        retry_after=retry_after,
        request_id=g.get("request_id", ""),
        path=request.path,
    )
    return html, status, headers

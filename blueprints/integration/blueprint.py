"""The blueprint of what other programs use, and of the pages about them."""

from flask import Blueprint, Response, current_app

bp = Blueprint("integration", __name__)


@bp.after_request
def _say_how(response: Response) -> Response:
    """A refusal says what kind of key is wanted (RFC 6750)."""
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="threshold"'
    return response


def base_url() -> str:
    """Where this installation lives: links are built from the settings, never from a request."""
    return str(current_app.extensions["threshold.settings"].base_url)

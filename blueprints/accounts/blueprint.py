"""The blueprint of the accounts, and the headers that all its pages carry."""

from flask import Blueprint, Response, request

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.after_request
def _private(response: Response) -> Response:
    """Nothing here is kept by a cache, and a secret link never travels in a Referer.

    Of a link's page the origin alone still travels: behind TLS the CSRF check asks for it.
    """
    response.headers["Cache-Control"] = "no-store"
    if "token" in (request.view_args or {}):
        response.headers["Referrer-Policy"] = "strict-origin"
    return response

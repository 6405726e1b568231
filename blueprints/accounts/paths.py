"""Where a person goes next: only ever to a page of this site."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import current_app, request, url_for
from werkzeug.exceptions import HTTPException

LONGEST = 2000


def local_path(raw: str | None) -> str | None:
    """The path of a page here, built anew from its route; None for anything else.

    What is given back never comes from outside: route and values are looked up, then written by
    `url_for`.
    """
    if not raw or len(raw) > LONGEST or not raw.startswith("/") or not raw.isprintable():
        return None
    try:
        parts = urlsplit(raw)
        routes = current_app.url_map.bind(request.host)
        endpoint, values = routes.match(parts.path, method="GET")
    except (HTTPException, ValueError):
        return None
    if parts.netloc:
        return None
    query = urlencode(parse_qsl(parts.query))
    return url_for(endpoint, **values) + (f"?{query}" if query else "")


def path_before() -> str | None:
    """The page of this site that a form was sent from: what the form says, else the Referer."""
    told = local_path(request.form.get("next"))
    if told or not request.referrer:
        return told
    parts = urlsplit(request.referrer)
    if parts.netloc != request.host:
        return None
    return local_path(f"{parts.path}?{parts.query}")

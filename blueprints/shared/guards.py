"""Deny by default: every route says who may come in, and one that says nothing stops the start.

What a person may do with *this* object is asked inside the service, in the call that loads it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from blueprints.shared import keyed, proving
from blueprints.shared.requests import wants_json
from domain.records import frozen
from services.actor import Actor
from services.errors import Forbidden, ServiceError

View = TypeVar("View", bound=Callable[..., Any])
ROLES = frozenset({"learner", "trainer", "recruiter", "manager", "admin", "candidate"})
MEMBERS = ("learner", "trainer", "recruiter", "manager", "admin")
READING = ("GET", "HEAD", "OPTIONS")


@frozen
class Access:
    """Who may call a route: everybody, or people with one of the roles.

    scope names the object that the service guards ("own attempt"); the route matrix in the tests
    asks for own, another's and a missing one. key_scope: the route is for programs, whose keys
    must have this scope; no session opens it.
    """

    public: bool
    roles: frozenset[str]
    scope: str | None
    key_scope: str | None = None


class SignInNeeded(ServiceError):
    """Nobody is signed in, and this page is for somebody."""


def allow(*roles: str, scope: str | None = None) -> Callable[[View], View]:
    """Declare the roles that may call a view."""
    if not roles or not ROLES.issuperset(roles):
        raise ValueError(f"unknown or no roles: {roles}")

    def declare(view: View) -> View:
        view.access = Access(False, frozenset(roles), scope)  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Declare that a view is for everybody."""
    view.access = Access(True, frozenset(), None)  # type: ignore[attr-defined]
    return view


def by_key(scope: str) -> Callable[[View], View]:
    """Declare that a view is for programs whose key has the scope: see keyed.py."""

    def declare(view: View) -> View:
        view.access = Access(False, frozenset(), None, scope)  # type: ignore[attr-defined]
        return view

    return declare


def recent(view: View) -> View:
    """Declare that a view is for somebody who showed lately who they are; stands beside `allow`.

    Who did not is asked for a password or a code first, and nothing that they sent is lost. For
    exports, erasure, keys, roles and second factors. See blueprints/shared/proving.py.
    """
    view.recent = True  # type: ignore[attr-defined]
    return view


def without_factor(view: View) -> View:
    """Declare that a view is open to people who have yet to set up the second factor they need."""
    view.without_factor = True  # type: ignore[attr-defined]
    return view


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What a route declared, or None."""
    return getattr(app.view_functions[endpoint], "access", None)


def require_declarations(app: Flask) -> None:
    """Stop the start when a route says nothing about who may call it."""
    silent = sorted(
        rule.endpoint for rule in app.url_map.iter_rules() if not access_of(app, rule.endpoint)
    )
    if silent:
        raise RuntimeError(f"routes without @allow or @public: {', '.join(silent)}")


def enforce() -> ResponseReturnValue | None:
    """Before each request: let in, send to the sign-in page, or refuse."""
    asked = request_ctx.request
    if asked.endpoint is None:
        return None  # the 404 follows
    access = access_of(current_app, asked.endpoint)
    if access is None:
        raise RuntimeError(f"{asked.endpoint} has no declaration")  # added after the start
    if access.public:
        return None
    if access.key_scope is not None:
        keyed.admit(access.key_scope)
        return None
    if asked.method not in READING:
        # Whoever sends slowly must not act by the rights of minutes ago: all is read, then asked.
        asked.get_data(parse_form_data=True)
    viewer = current_user._get_current_object()
    if not viewer.is_authenticated:
        if asked.method == "GET" and not wants_json():
            return redirect(url_for("account.sign_in", next=asked.full_path.rstrip("?")))
        raise SignInNeeded
    if access.roles.isdisjoint(viewer.roles):
        raise Forbidden
    view = current_app.view_functions[asked.endpoint]
    if proving.must_set_up(viewer.viewer) and not hasattr(view, "without_factor"):
        if asked.method == "GET" and not wants_json():
            return redirect(url_for("account.second_factor"))
        raise Forbidden(str(_("Set up your second factor first.")))
    return proving.demand(viewer.viewer) if hasattr(view, "recent") else None


def actor() -> Actor:
    """The person behind this request, as services know people."""
    if not current_user.is_authenticated:
        return Actor(person_id=None, request_id=g.request_id)
    viewer = current_user.viewer
    return Actor(viewer.id, viewer.subject, viewer.roles, g.request_id)


def install(app: Flask) -> None:
    """Ask before every request."""
    app.before_request(enforce)

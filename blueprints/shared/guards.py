"""Deny by default: every route says who may come in, and one that says nothing stops the start.

What a person may do with *this* object is asked inside the service, in the call that loads it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_login import current_user

from blueprints.shared.requests import wants_json
from services.actor import Actor
from services.errors import Forbidden, ServiceError

View = TypeVar("View", bound=Callable[..., Any])
ROLES = frozenset({"learner", "trainer", "recruiter", "manager", "admin", "candidate"})
MEMBERS = ("learner", "trainer", "recruiter", "manager", "admin")


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a route: everybody, or people with one of the roles.

    scope names the object that the service guards ("own attempt"); the route matrix in the tests
    asks for own, another's and a missing one.
    """

    public: bool
    roles: frozenset[str]
    scope: str | None


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
    viewer = current_user._get_current_object()
    if not viewer.is_authenticated:
        if asked.method == "GET" and not wants_json():
            return redirect(url_for("account.sign_in", next=asked.full_path.rstrip("?")))
        raise SignInNeeded
    if access.roles.isdisjoint(viewer.roles):
        raise Forbidden
    return None


def actor() -> Actor:
    """The person behind this request, as services know people."""
    if not current_user.is_authenticated:
        return Actor(person_id=None, request_id=g.request_id)
    viewer = current_user.viewer
    return Actor(viewer.id, viewer.subject, viewer.roles, g.request_id)


def install(app: Flask) -> None:
    """Ask before every request."""
    app.before_request(enforce)

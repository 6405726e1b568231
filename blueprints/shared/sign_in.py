"""The session cookie holds a person's id and epoch; this turns it back into a person."""

from flask import Flask, g, session
from flask_login import LoginManager, login_user, logout_user

from blueprints.shared import proving
from services.accounts.people import Viewer, viewer_of

manager = LoginManager()


class SignedIn:
    """What Flask-Login wants to know of a user; the person is in `viewer`."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.roles = viewer.roles

    def get_id(self) -> str:
        return f"{self.viewer.id}.{self.viewer.epoch}"


def let_in(viewer: Viewer, remember: bool = False) -> None:
    """Begin a new session for a person: nothing of an older one stays."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    session.permanent = remember
    proving.note()
    login_user(SignedIn(viewer))
    g.person_id = viewer.id


def let_out() -> None:
    """End the session on this device."""
    logout_user()
    session.clear()


@manager.user_loader
def _load(cookie: str) -> SignedIn | None:
    person_id, _, epoch = cookie.partition(".")
    if not (person_id.isdecimal() and epoch.isdecimal()):
        return None
    viewer = viewer_of(int(person_id), int(epoch))
    if viewer is None:
        return None
    g.person_id = viewer.id
    return SignedIn(viewer)


def install(app: Flask) -> None:
    """Switch on Flask-Login; sessions live for 14 days where the person asked for it."""
    app.config["PERMANENT_SESSION_LIFETIME"] = 14 * 24 * 3600
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    manager.session_protection = None  # the epoch ends sessions; an address may change on a train
    # Our own context gives templates the viewer, also where the database is away.
    manager.init_app(app, add_context_processor=False)

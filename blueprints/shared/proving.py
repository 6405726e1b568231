"""Asking once more who sits there, before something that a passer-by must not do.

A page that is `@recent` opens to whoever signed in, or gave a password or a code, within the last
ten minutes. Others are asked for it first: a look comes back to its page, and a form is sent again
with everything that stood in it.
"""

from datetime import timedelta

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.requests import now, wants_json
from services.accounts import second_factor, signing_in
from services.accounts.limiter import Source
from services.accounts.people import Viewer
from services.actor import Actor
from services.errors import Forbidden
from services.hiring import proving as candidates
from services.session import writing

WITHIN = timedelta(minutes=10)
FIELD = "_proof"
KEY = "proved"  # in the session: the second of the newest proof
NOT_KEPT = ("csrf_token", FIELD)


def note() -> None:
    """Whoever is signed in has just shown who they are."""
    session[KEY] = int(now().timestamp())


def is_recent() -> bool:
    """Whether that was a short while ago; a time that is still to come is none."""
    proved = session.get(KEY)
    if not isinstance(proved, int):
        return False
    return 0 <= now().timestamp() - proved <= WITHIN.total_seconds()


def demand(viewer: Viewer) -> ResponseReturnValue | None:
    """None where the view may go on; else the question, as the answer to this request."""
    if is_recent():
        return None
    if request.method in ("GET", "HEAD"):
        if wants_json():
            raise Forbidden(str(_("Open this page in a browser and confirm that it is you.")))
        return redirect(url_for("account.prove", next=request.full_path.rstrip("?")))
    if wants_json():
        raise Forbidden(str(_("Reload the page and confirm that it is you.")))
    typed, fault = request.form.get(FIELD), ""
    if typed is not None:
        if fits(viewer, typed):
            note()
            return None
        fault = fault_of(viewer)
    return question(viewer, fault, action=request.full_path.rstrip("?")), 403


def question(viewer: Viewer, fault: str, action: str, target: str | None = None) -> str:
    """The page that asks. action: where it is sent; target: where a look goes on to.

    A file that was chosen cannot be kept: the page says to choose it again.
    """
    kept = [
        (name, value)
        for name, values in request.form.lists()
        if name not in NOT_KEPT
        for value in values
    ]
    return render_template(
        "accounts/prove.html",
        candidate=viewer.kind == "candidate",
        with_code=viewer.has_factor,
        fault=fault,
        action=action,
        target=target,
        kept=kept if target is None else [],
        lost_file=any(file.filename for file in request.files.values()),
        field=FIELD,
    )


def fault_of(viewer: Viewer) -> str:
    """What is said to a wrong answer."""
    if viewer.kind == "candidate":
        return str(_("This is not your return code. Check it letter by letter."))
    if viewer.has_factor:
        return str(_("This is neither your password nor a code that is good now."))
    return str(_("This is not your password."))


def fits(viewer: Viewer, typed: str) -> bool:
    """Whether this is the person's password, a code of their app or, of a candidate, their code.

    Wrong ones are counted, apart from those of strangers at the sign-in page. Raises TooMany.
    """
    who = Actor(viewer.id, viewer.subject, viewer.roles)
    # The session itself is what tells this device from a stranger's.
    source = Source(request.remote_addr or "unknown", "session", frozenset({viewer.id}))
    if viewer.kind == "candidate":
        with writing() as db:
            return candidates.fits(db, who, typed, source, now())
    if viewer.has_factor and second_factor.looks_like_code(typed):
        with writing() as db:
            return second_factor.check(db, viewer.id, typed, source, now())
    with writing() as db:
        check = signing_in.open_own_check(db, who, source, now())
    right = check.fits(typed)  # slow on purpose: no transaction waits for it
    with writing() as db:
        return signing_in.close_own_check(db, check, right, now())


def must_set_up(viewer: Viewer) -> bool:
    """Whether this person has to set up a second factor before anything else."""
    if viewer.has_factor or viewer.kind != "member":
        return False
    wanted = current_app.extensions["threshold.settings"].require_second_factor
    return viewer.short_password or not wanted.isdisjoint(viewer.roles)

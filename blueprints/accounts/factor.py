"""The second factor: setting it up, recovery codes, turning it off, and the code at sign-in."""

from datetime import timedelta
from typing import Any

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from blueprints.accounts import devices
from blueprints.accounts.blueprint import bp
from blueprints.accounts.forms import CodeForm, TurnOffForm, refuse_field
from blueprints.accounts.owning import is_owner
from blueprints.accounts.paths import local_path
from blueprints.accounts.signing import HALFWAY, enter
from blueprints.shared import proving
from blueprints.shared.guards import MEMBERS, actor, allow, public, recent, without_factor
from blueprints.shared.qr import drawing
from blueprints.shared.requests import now
from blueprints.shared.sign_in import let_in
from services.accounts import second_factor as service
from services.accounts import signing_in
from services.accounts.people import Viewer, load_viewer
from services.errors import Conflict, Invalid
from services.session import reading, writing

HALFWAY_LASTS = timedelta(minutes=10)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@public
def sign_in_code() -> ResponseReturnValue:
    """The second half of a sign-in; without a first half, back to the beginning."""
    viewer, held = _halfway()
    if viewer is None:
        session.pop(HALFWAY, None)
        return redirect(url_for(".sign_in"), 303)
    form = CodeForm()
    if request.method == "POST" and form.validate():
        with writing() as db:
            done = signing_in.close_code(db, viewer, form.code.data, devices.source(), now())
        if done.viewer:
            return enter(done.viewer, local_path(held.get("next")), bool(held.get("remember")))
        refuse_field(form, "code", _wrong())
    status = 422 if form.errors else 200
    return render_template("accounts/sign_in_code.html", form=form), status


def _wrong() -> str:
    return str(_("This code is wrong, too old or used. Wait for the next one and try again."))


def _halfway() -> tuple[Viewer | None, dict[str, Any]]:
    """Who gave a password on this device in the last minutes, if nothing ended that since."""
    held = session.get(HALFWAY)
    if not isinstance(held, dict) or not 0 <= now().timestamp() - held["at"] < (
        HALFWAY_LASTS.total_seconds()
    ):
        return None, {}
    with reading() as db:
        viewer = load_viewer(db, held["id"])
    fits = viewer is not None and viewer.epoch == held["epoch"]
    return (viewer if fits else None), held


@bp.get("/second-factor")
@allow(*MEMBERS)
@without_factor
def second_factor() -> ResponseReturnValue:
    """Whether it is on; while it is being set up, what the app is to learn."""
    return _page()


@bp.post("/second-factor/begin")
@allow(*MEMBERS)
@without_factor
@recent
def begin_factor() -> ResponseReturnValue:
    """Draw a secret for the person's app."""
    try:
        with writing() as db:
            service.begin(db, actor(), now())
    except Conflict:
        flash(_("Your second factor is on already. Turn it off first to set up another app."))
    return redirect(url_for(".second_factor"), 303)


@bp.post("/second-factor/confirm")
@allow(*MEMBERS)
@without_factor
def confirm_factor() -> ResponseReturnValue:
    """Turn it on by the first code, and show the recovery codes, this once."""
    form = CodeForm()
    if not form.validate():
        return _page(confirming=form), 422
    try:
        with writing() as db:
            codes = service.confirm(db, actor(), form.code.data, devices.source(), now())
    except Conflict:
        return redirect(url_for(".second_factor"), 303)
    if codes is None:
        refuse_field(form, "code", _wrong())
        return _page(confirming=form), 422
    return _codes(codes, fresh=True)


@bp.post("/second-factor/codes")
@allow(*MEMBERS)
@recent
def renew_codes() -> ResponseReturnValue:
    """Ten new recovery codes in place of the old ones."""
    try:
        with writing() as db:
            codes = service.renew_codes(db, actor(), now())
    except Conflict:
        return redirect(url_for(".second_factor"), 303)
    return _codes(codes)


@bp.post("/second-factor/off")
@allow(*MEMBERS)
def turn_off_factor() -> ResponseReturnValue:
    """Turn it off, by password and a code together."""
    form = TurnOffForm()
    if not form.validate() or not is_owner(form, "own_password"):
        return _page(turning_off=form), 422
    me = current_user.viewer.id
    with writing() as db:
        right = service.check(db, me, form.code.data, devices.source(), now())
    if not right:
        refuse_field(form, "code", _wrong())
        return _page(turning_off=form), 422
    try:
        with writing() as db:
            service.turn_off(db, actor(), now())
    except Invalid:
        text = _("Set a password of at least 15 characters first: this one is too short alone.")
        refuse_field(form, "own_password", text)
        return _page(turning_off=form), 422
    _begin_anew()
    flash(_("Your second factor is off. All your other devices are signed out."), "done")
    return redirect(url_for(".settings"), 303)


@bp.route("/prove", methods=["GET", "POST"])
@allow(*MEMBERS, "candidate")
@without_factor
def prove() -> ResponseReturnValue:
    """Ask who sits there, and go on to the page that wanted to know."""
    viewer, fault = current_user.viewer, ""
    target = local_path(request.values.get("next")) or url_for("home.index")
    if request.method == "POST":
        if proving.fits(viewer, request.form.get(proving.FIELD, "")):
            proving.note()
            return redirect(target, 303)
        fault = proving.fault_of(viewer)
    page = proving.question(viewer, fault, url_for(".prove"), target)
    return page, 422 if fault else 200


def _begin_anew() -> None:
    """All sessions of the person have ended: this device goes on in a new one."""
    with reading() as db:
        viewer = load_viewer(db, current_user.viewer.id)
    if viewer is not None:
        let_in(viewer, session.permanent)


def _codes(codes: tuple[str, ...], fresh: bool = False) -> ResponseReturnValue:
    """The codes in the answer itself: a redirect would have to keep them somewhere.

    fresh: the factor was just turned on, which ended every session; this one begins anew.
    """
    if fresh:
        _begin_anew()
    return render_template("accounts/recovery_codes.html", codes=codes, fresh=fresh)


def _page(confirming: CodeForm | None = None, turning_off: TurnOffForm | None = None) -> str:
    with reading() as db:
        page = service.page(db, actor())
    return render_template(
        "accounts/second_factor.html",
        page=page,
        qr=drawing(page.uri) if page.uri else None,
        confirming=confirming or CodeForm(None),
        turning_off=turning_off or TurnOffForm(None),
        must=proving.must_set_up(current_user.viewer),
        demanded=not current_app.extensions["threshold.settings"].require_second_factor.isdisjoint(
            current_user.roles
        ),
    )

"""Signing in and out, and the language switch."""

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from blueprints.accounts import devices
from blueprints.accounts.blueprint import bp
from blueprints.accounts.forms import SignInForm, refuse_field
from blueprints.accounts.paths import local_path, path_before
from blueprints.shared.guards import MEMBERS, actor, public
from blueprints.shared.locale import LANGUAGES
from blueprints.shared.requests import now
from blueprints.shared.sign_in import let_in, let_out
from services.accounts import settings, signing_in
from services.accounts.people import Viewer
from services.errors import Invalid
from services.session import writing

# In the session: who gave the right password and has to give a code as well.
HALFWAY = "halfway"


def enter(viewer: Viewer, target: str | None = None, remember: bool = False) -> ResponseReturnValue:
    """Begin a session, note the device, and go on."""
    let_in(viewer, remember)
    response = make_response(redirect(target or url_for("home.index"), 303))
    return devices.remember(response, viewer.id)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """The form, and the check of it; a member who is signed in goes straight on."""
    target = local_path(request.values.get("next"))
    if request.method == "POST":
        return _check(SignInForm(), target)
    if current_user.is_authenticated and not current_user.roles.isdisjoint(MEMBERS):
        return redirect(target or url_for("home.index"))
    return render_template("accounts/sign_in.html", form=SignInForm(next=target))


def _check(form: SignInForm, target: str | None) -> ResponseReturnValue:
    """Let a person in when mail and password belong together."""
    if form.validate():
        with writing() as db:
            check = signing_in.open_check(db, form.email.data, devices.source(), now())
        fits = check.fits(form.password.data)  # slow on purpose: no transaction waits for it
        with writing() as db:
            attempted = signing_in.close_check(db, check, fits, now())
        if attempted.viewer:
            return enter(attempted.viewer, target, form.remember.data)
        if attempted.halfway:
            return _go_halfway(attempted.halfway, target, form.remember.data)
        refuse_field(form, "password", _("Mail address and password do not belong together."))
    form.next.data = target
    return render_template("accounts/sign_in.html", form=form), 422


def _go_halfway(viewer: Viewer, target: str | None, remember: bool) -> ResponseReturnValue:
    """Note who gave the right password; nobody is signed in before the code."""
    session[HALFWAY] = {
        "id": viewer.id,
        "epoch": viewer.epoch,
        "at": int(now().timestamp()),
        "remember": remember,
        "next": target,
    }
    return redirect(url_for(".sign_in_code"), 303)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End the session on this device; harmless when there is none."""
    let_out()
    return redirect(url_for(".sign_in"), 303)


@bp.post("/language")
@public
def language() -> ResponseReturnValue:
    """Keep the chosen language, for a person on all their devices, and go back."""
    locale = request.form.get("language", "")
    if locale not in LANGUAGES:
        raise Invalid(_("This language is not offered."))
    session["language"] = locale
    if current_user.is_authenticated:
        with writing() as db:
            settings.choose_language(db, actor(), locale)
    return redirect(path_before() or url_for("home.index"), 303)

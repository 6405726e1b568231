"""Secret links: a GET shows a form or a button and uses nothing up, the POST redeems."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.accounts import devices
from blueprints.accounts.blueprint import bp
from blueprints.accounts.forms import (
    FirstAdminForm,
    ForgottenForm,
    NewPasswordForm,
    allow_from,
    refuse,
    refuse_field,
)
from blueprints.accounts.signing import enter
from blueprints.shared.guards import public
from blueprints.shared.requests import now
from services.accounts import joining, settings
from services.errors import Conflict, Gone, Invalid
from services.session import reading, writing


def ended(purpose: str, error: Gone) -> ResponseReturnValue:
    """A genuine link that has ended: say why, and how to get a new one."""
    return render_template("accounts/ended.html", purpose=purpose, why=error.message), 410


@bp.route("/first/<token>", methods=["GET", "POST"])
@public
def first(token: str) -> ResponseReturnValue:
    """Make the first admin, once."""
    form = FirstAdminForm()
    try:
        if form.validate_on_submit():
            with writing() as db:
                viewer = joining.make_first_admin(
                    db, token, form.name.data, form.email.data, form.password.data, now()
                )
            return enter(viewer)
        with reading() as db:
            joining.look_at_first(db, token, now())
    except Gone as error:
        return ended("first_admin", error)
    except Invalid as error:
        refuse(form, error)
    except Conflict:
        refuse_field(form, "email", _("A member with this mail address exists already."))
    return render_template("accounts/first.html", form=form), 422 if form.errors else 200


@bp.route("/join/<token>", methods=["GET", "POST"])
@public
def join(token: str) -> ResponseReturnValue:
    """Choose the first password, once; the new member is then signed in."""
    form = NewPasswordForm()
    try:
        if form.validate_on_submit():
            with writing() as db:
                viewer = joining.join(db, token, form.password.data, now())
            return enter(viewer)
        with reading() as db:
            holder = joining.holder(db, "join", token, now())
    except Gone as error:
        return ended("join", error)
    status = 422 if form.errors else 200
    return render_template("accounts/join.html", form=form, holder=holder), status


@bp.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Set a new password, once; then sign in with it."""
    form = NewPasswordForm()
    try:
        with reading() as db:
            holder = joining.holder(db, "reset", token, now())
        allow_from(form, holder.shortest)
        if form.validate_on_submit():
            with writing() as db:
                joining.reset(db, token, form.password.data, now())
            flash(_("Your new password is set. Sign in with it."), "done")
            return redirect(url_for(".sign_in"), 303)
    except Gone as error:
        return ended("reset", error)
    status = 422 if form.errors else 200
    return render_template("accounts/reset.html", form=form, holder=holder), status


@bp.route("/forgotten", methods=["GET", "POST"])
@public
def forgotten() -> ResponseReturnValue:
    """Ask for a link to set a new password: the same answer whether the address is known or not."""
    form = ForgottenForm()
    mailing = current_app.extensions["threshold.settings"].smtp_url is not None
    if form.validate_on_submit():
        with writing() as db:
            joining.ask_reset(db, form.email.data, devices.source(), now())
        return render_template("accounts/forgotten_sent.html", mailing=mailing)
    status = 422 if form.errors else 200
    return render_template("accounts/forgotten.html", form=form, mailing=mailing), status


@bp.route("/email/<token>", methods=["GET", "POST"])
@public
def confirm_email(token: str) -> ResponseReturnValue:
    """Show the new address and a button; the POST makes it the person's own, once."""
    try:
        if request.method == "POST":
            with writing() as db:
                settings.confirm_email(db, token, now())
            flash(_("Your new mail address is confirmed. Use it to sign in from now on."), "done")
            return redirect(url_for(".settings"), 303)
        with reading() as db:
            email = settings.pending_email(db, token, now())
    except Gone as error:
        return ended("email", error)
    return render_template("accounts/confirm_email.html", email=email)

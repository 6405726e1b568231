"""One's own account: name, language, theme, password, mail, sessions."""

import json
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from blueprints.accounts.blueprint import bp
from blueprints.accounts.forms import (
    ChangeEmailForm,
    ChangePasswordForm,
    SettingsForm,
    allow_from,
    refuse,
    refuse_field,
)
from blueprints.accounts.owning import is_owner
from blueprints.accounts.signing import enter
from blueprints.shared.downloads import attached
from blueprints.shared.forms import Form
from blueprints.shared.guards import MEMBERS, actor, allow, recent
from blueprints.shared.requests import now
from blueprints.shared.sign_in import let_out
from services.accounts import links, pages
from services.accounts import settings as service
from services.accounts.passwords import SHORTEST_BESIDE_FACTOR
from services.admin.own_data import own_data
from services.errors import Conflict, Invalid
from services.session import reading, writing


@bp.get("/settings")
@allow(*MEMBERS)
def settings() -> ResponseReturnValue:
    """The account page with its four forms."""
    return _page()


@bp.post("/settings")
@allow(*MEMBERS)
def save_settings() -> ResponseReturnValue:
    """Keep name, language and theme."""
    form = SettingsForm()
    if not form.validate():
        return _page(form), 422
    locale, theme = form.locale.data or "", form.theme.data or ""
    try:
        with writing() as db:
            service.save(db, actor(), form.name.data, locale, theme, now())
    except Invalid as error:
        refuse(form, error)
        return _page(form), 422
    session.pop("language", None)  # an older choice at the switch
    flash(_("Saved."), "done")
    return redirect(url_for(".settings"), 303)


@bp.post("/password")
@allow(*MEMBERS)
def change_password() -> ResponseReturnValue:
    """Set a new password: all other devices are signed out, this one goes on."""
    form = _beside_factor(ChangePasswordForm())
    if not form.validate() or not is_owner(form, "current"):
        return _page(form), 422
    with writing() as db:
        viewer = service.change_password(db, actor(), form.password.data, now())
    response = enter(viewer, url_for(".settings"), session.permanent)
    flash(_("Your new password is set. All your other devices are signed out."), "done")
    return response


@bp.post("/email")
@allow(*MEMBERS)
def change_email() -> ResponseReturnValue:
    """Mail a link to the new address; without a mail server the link is shown here."""
    form = ChangeEmailForm()
    installation = current_app.extensions["threshold.settings"]
    mailing = installation.smtp_url is not None
    if not form.validate() or not is_owner(form, "own_password"):
        return _page(form), 422
    try:
        with writing() as db:
            service.ask_email_change(db, actor(), form.email.data, now())
            raw = None if mailing else links.issue_email_link(db, actor(), now())
    except Invalid as error:
        refuse(form, error)
        return _page(form), 422
    except Conflict:
        refuse_field(form, "email", _("A member with this mail address exists already."))
        return _page(form), 422
    link = links.address(installation.base_url, "email", raw) if raw else None
    return _page(asked=True, link=link)


@bp.post("/sign-out-everywhere")
@allow(*MEMBERS)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of the person, this one too."""
    with writing() as db:
        service.sign_out_everywhere(db, actor(), now())
    let_out()
    flash(_("You are signed out on every device."), "done")
    return redirect(url_for(".sign_in"), 303)


@bp.post("/data")
@allow(*MEMBERS)
@recent
def download_data() -> ResponseReturnValue:
    """Everything that is kept about the person, as a file of JSON."""
    with writing() as db:
        data = own_data(db, actor(), now())
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    name = f"threshold-{now():%Y-%m-%d}.json"
    return attached(Response(text, mimetype="application/json"), name)


def _beside_factor(form: ChangePasswordForm) -> ChangePasswordForm:
    """Where a second factor is on, a shorter password is enough."""
    if current_user.viewer.has_factor:
        allow_from(form, SHORTEST_BESIDE_FACTOR)
    return form


def _page(form: Form | None = None, asked: bool = False, link: str | None = None) -> str:
    """The page, with one form as it was sent and the others fresh."""
    with reading() as db:
        page = pages.settings_page(db, actor())
    kept = {"name": page.name, "locale": page.locale or "", "theme": page.theme or ""}
    forms: dict[str, Any] = {
        "you": SettingsForm(None, data=kept),
        "password": _beside_factor(ChangePasswordForm(None)),
        "email": ChangeEmailForm(None),
    }
    for name, fresh in forms.items():
        if isinstance(form, type(fresh)):
            forms[name] = form
    return render_template("accounts/settings.html", page=page, forms=forms, asked=asked, link=link)

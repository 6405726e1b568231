"""Pages about the keys of programs: make one, see it once, end it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.integration.blueprint import base_url, bp
from blueprints.integration.forms import SCOPES, KeyForm, offer, refuse
from blueprints.shared.guards import actor, allow, recent
from blueprints.shared.requests import now
from services.errors import Invalid
from services.integration import keys as service
from services.integration.keys import KeyDraft
from services.session import reading, writing


@bp.get("/integration/keys")
@allow("recruiter", "admin")
def keys() -> ResponseReturnValue:
    """The keys that there are."""
    return _page(KeyForm()), 200


@bp.post("/integration/keys")
@allow("recruiter", "admin")
@recent
def make_key() -> ResponseReturnValue:
    """Make a key and show it, this once."""
    form = KeyForm()
    draft = KeyDraft(
        form.name.data or "",
        tuple(form.scopes.data or ()),
        form.days.data or 0,
        form.position_id.data,
    )
    try:
        form.validate()  # what is no number is 0 days, which the service refuses by name
        with writing() as session:
            made = service.make(session, actor(), draft, now())
    except Invalid as error:
        refuse(form, error)
        return _page(form), 422
    return render_template("integration/key.html", made=made, base_url=base_url())


@bp.post("/integration/keys/<int:key_id>/revoke")
@allow("recruiter", "admin", scope="api key")
def revoke_key(key_id: int) -> ResponseReturnValue:
    """End a key."""
    with writing() as session:
        service.revoke(session, actor(), key_id, now())
    flash(_("The key is revoked. It opens nothing any more."), "done")
    return redirect(url_for(".keys"), 303)


def _page(form: KeyForm) -> str:
    with reading() as session:
        lines = service.lines(session, actor(), now())
        offer(form, service.choices(session, actor()))
    return render_template("integration/keys.html", form=form, lines=lines, scopes=SCOPES)

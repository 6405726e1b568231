"""Remarks at a line of a lesson."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.routes import bp
from blueprints.authoring.typing_forms import LESSON, number
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now
from services.authoring import commenting, pages
from services.authoring.access import path_of
from services.errors import Conflict, Invalid
from services.session import writing


@bp.post(f"{LESSON}/remarks")
@allow("trainer")
def remark(module: str, name: str) -> ResponseReturnValue:
    """Say something about a line."""
    path, line, body = path_of(module, name), number("line"), request.form.get("comment", "")
    try:
        with writing() as session:
            text = pages.kept_text(session, actor(), path, number("version"))
            commenting.add(session, actor(), path, text, line, body, now())
    except Conflict:
        flash(_("The text was saved again meanwhile: find your line and say it once more."), "care")
        flash(_("You wrote: %(words)s", words=body[:1000]), "care")
    except Invalid:
        flash(_("A remark names a line of the text and has 1 to 1,000 characters."), "care")
    else:
        flash(_("The remark stands at its line."), "done")
    return redirect(url_for(".edit", module=module, name=name, _anchor="remarks"))


@bp.post(f"{LESSON}/remarks/resolve")
@allow("trainer")
def resolve_remark(module: str, name: str) -> ResponseReturnValue:
    """A remark is dealt with."""
    with writing() as session:
        commenting.resolve(session, actor(), path_of(module, name), number("remark"), now())
    flash(_("The remark is resolved."), "done")
    return redirect(url_for(".edit", module=module, name=name, _anchor="remarks"))

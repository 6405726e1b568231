"""Norm groups: whom a result may be compared with."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.routes import bp
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now
from services.errors import Conflict, Invalid
from services.measuring import norms as defining
from services.session import reading, writing


@bp.get("/norms")
@allow("trainer")
def norms() -> ResponseReturnValue:
    """All groups, newest first, and a form for another one."""
    return _page()


@bp.post("/norms")
@allow("trainer")
def define_norms() -> ResponseReturnValue:
    """Make a group of everybody who sat a form up to now."""
    name, form_key = request.form.get("name", ""), request.form.get("form_key", "")
    try:
        with writing() as session:
            codes = defining.define(session, actor(), name, form_key, now())
    except Invalid as error:
        return _page(422, {field: _said(field) for field in error.fields})
    except Conflict:
        return _page(409, {"name": _("There is a group of this name already.")})
    flash(_("The group is defined for %(codes)s.", codes=", ".join(codes)), "done")
    return redirect(url_for(".norms"), 303)


def _page(status: int = 200, faults: dict[str, str] | None = None) -> ResponseReturnValue:
    with reading() as session:
        page = defining.norms_page(session, actor())
    html = render_template(
        "authoring/norms.html", page=page, typed=request.form, faults=faults or {}
    )
    return html, status


def _said(field: str) -> str:
    if field == "name":
        return str(_("Give the group a name of up to 120 characters."))
    return str(_("No practice has 100 people in these sittings yet."))

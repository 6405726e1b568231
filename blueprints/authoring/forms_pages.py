"""Forms: what each will tell, and a new one assembled from a blueprint."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints.authoring.routes import bp
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from services.authoring import forms
from services.authoring.forms import Wanted
from services.errors import Invalid
from services.session import reading


@bp.get("/forms")
@allow("trainer")
def form_list() -> ResponseReturnValue:
    """All forms with their curves."""
    with reading() as session:
        lines = forms.forms_page(session, actor())
    return render_template("authoring/forms.html", lines=lines)


@bp.get("/forms/<key>")
@allow("trainer")
def form(key: str) -> ResponseReturnValue:
    """One form: curves, coverage and error by competency, or the outlook of an adaptive one."""
    with reading() as session:
        page = forms.form_page(session, actor(), key, language())
    return render_template("authoring/form.html", page=page)


@bp.get("/forms/new")
@allow("trainer")
def new_form() -> ResponseReturnValue:
    """Assemble a draft from the blueprint in the address; nothing is kept."""
    status = 200
    with reading() as session:
        try:
            page = forms.new_form(session, actor(), _wanted(), language())
        except Invalid:
            page = forms.new_form(session, actor(), Wanted(), language())
            status = 422
    return render_template("authoring/form_new.html", page=page, bad=status == 422), status


def _wanted() -> Wanted:
    """What the address asks for; a field that is left out has its usual value."""
    given, usual = request.args, Wanted()
    try:
        return Wanted(
            tuple(given.getlist("competencies")),
            int(given.get("items", usual.items)),
            given.get("pool", usual.pool),
            float(given.get("b", usual.b)),
            int(given.get("seed", usual.seed)),
        )
    except ValueError:
        raise Invalid(fields={"items": "is not a number"}) from None

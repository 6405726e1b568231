"""What answers say about items and forms, and the loop that makes items better."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.routes import bp
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import asked_number, now
from services.errors import Conflict
from services.measuring import asking, pages
from services.measuring import quality as looking
from services.session import reading, writing


@bp.get("/quality")
@allow("trainer")
def quality() -> ResponseReturnValue:
    """Items that ask for a look, worst first."""
    competency = request.args.get("competency", "")
    number = asked_number("page") or 1
    with reading() as session:
        page = looking.quality_page(session, actor(), competency, number, now())
    return render_template("authoring/quality.html", page=page)


@bp.post("/quality")
@allow("trainer")
def work_out() -> ResponseReturnValue:
    """Ask for the statistics of everything; the job process works them out."""
    try:
        with writing() as session:
            asking.ask_statistics(session, actor(), now())
        flash(_("The statistics are asked for; this page shows how far they are."), "done")
    except Conflict:
        flash(_("The statistics are being worked out already."), "care")
    return redirect(url_for(".quality"), 303)


@bp.get("/forms/<key>/statistics")
@allow("trainer")
def form_statistics(key: str) -> ResponseReturnValue:
    """How far the scores of one form can be relied on."""
    with reading() as session:
        page = pages.form_page(session, actor(), key, language())
    return render_template("authoring/form_statistics.html", page=page)

"""Calibrations of the bank: what was done, what is live, and asking for one."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.routes import bp
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now
from services.errors import Conflict
from services.measuring import asking
from services.session import reading, writing


@bp.get("/calibration")
@allow("trainer")
def calibration() -> ResponseReturnValue:
    """All calibrations, newest first."""
    with reading() as session:
        runs = asking.runs(session, actor())
    return render_template("authoring/calibration.html", runs=runs)


@bp.post("/calibration")
@allow("trainer")
def calibrate() -> ResponseReturnValue:
    """Ask for one; the job process carries it out."""
    try:
        with writing() as session:
            asking.ask(session, actor(), now())
        flash(_("The calibration is asked for; its report stands here in a moment."), "done")
    except Conflict:
        flash(_("A calibration is under way already."), "care")
    return redirect(url_for(".calibration"), 303)

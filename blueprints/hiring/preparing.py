"""Before the start: a look at the device, and asking for more time in private."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.hiring.blueprint import said
from blueprints.hiring.candidate import bp
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now
from blueprints.shared.words import said as worded
from services.errors import Conflict, Gone, Invalid
from services.hiring import accommodating
from services.session import reading, writing


@bp.get("/candidate/device")
@allow("candidate", scope="own application")
def device() -> ResponseReturnValue:
    """What the assessment needs of a device; script looks at it, words say it without."""
    with reading() as session:
        page = accommodating.own_wish(session, actor(), now())
    return render_template("candidate/device.html", page=page)


@bp.get("/candidate/conditions")
@allow("candidate", scope="own application")
def conditions() -> ResponseReturnValue:
    """What the candidate asked for, and the form to ask."""
    try:
        with reading() as session:
            page = accommodating.own_wish(session, actor(), now())
    except Gone as error:
        return render_template("candidate/closed.html", why=error.message), 410
    return render_template("candidate/conditions.html", page=page, percents=accommodating.PERCENTS)


@bp.post("/candidate/conditions")
@allow("candidate", scope="own application")
def ask_conditions() -> ResponseReturnValue:
    """Ask for extra time or other conditions; recruiters alone read it."""
    raw = request.form.get("percent", "")
    percent = int(raw) if raw.isdecimal() and len(raw) < 4 else -1
    try:
        with writing() as session:
            accommodating.ask(session, actor(), percent, request.form.get("words", ""), now())
    except Invalid as error:
        flash(said(error), "signal")
        return redirect(url_for(".conditions"), 303)
    except Conflict as error:
        flash(worded(error.message), "care")
        return redirect(url_for(".conditions"), 303)
    flash(_("Your wish is with the recruiters alone. You may begin when it is answered."), "done")
    return redirect(url_for(".home"), 303)

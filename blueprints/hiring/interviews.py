"""The interview guide of a candidate, and the scorecards of those who talk with them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.hiring.blueprint import bp, said
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from services.errors import Conflict, Invalid
from services.hiring import scorecards
from services.hiring.scorecards import Typed
from services.session import writing


@bp.get("/candidates/<int:application_id>/interview")
@allow("recruiter", "manager", scope="application")
def interview(application_id: int) -> ResponseReturnValue:
    """The guide with one's own scorecard; the view is journaled, so this page writes."""
    with writing() as session:
        page = scorecards.scorecard_page(session, actor(), application_id, language(), now())
    return render_template("hiring/interview.html", page=page, fault="")


@bp.post("/candidates/<int:application_id>/interview")
@allow("recruiter", "manager", scope="application")
def rate(application_id: int) -> ResponseReturnValue:
    """Keep a draft of the scorecard, or hand it in."""
    hand_in = request.form.get("deed") == "hand-in"
    try:
        with writing() as session:
            scorecards.keep(session, actor(), application_id, _typed(), hand_in, language(), now())
        flash(_("Your scorecard is handed in.") if hand_in else _("Your draft is kept."), "done")
    except Invalid as error:
        flash(said(error), "signal")
    except Conflict:
        flash(_("Your scorecard was handed in before; it stands as it is."), "care")
    return redirect(url_for(".interview", application_id=application_id), 303)


def _typed() -> dict[str, Typed]:
    """Key of a question -> level and note, as the form names them."""
    keys = [name.removeprefix("key-") for name in request.form if name.startswith("key-")]
    found = {}
    for key in keys[:50]:
        raw = request.form.get(f"level-{key}", "")
        level = int(raw) if raw in ("1", "2", "3", "4", "5") else None
        found[key] = Typed(level, request.form.get(f"note-{key}", ""))
    return found

"""A recruiter has a candidate erased."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.hiring.blueprint import bp
from blueprints.shared.guards import actor, allow, recent
from blueprints.shared.requests import now
from services.admin import candidates
from services.session import writing


@bp.post("/candidates/<int:application_id>/erase")
@allow("recruiter", scope="application")
@recent
def erase(application_id: int) -> ResponseReturnValue:
    """Erase the candidate for good: the job does it within seconds."""
    with writing() as db:
        position_id = candidates.erase(db, actor(), application_id, now())
    flash(_("The candidate is being erased. This takes a few seconds."), "done")
    return redirect(url_for(".position", position_id=position_id), 303)

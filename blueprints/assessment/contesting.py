"""Contesting a question of an own ended attempt."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.assessment.blueprint import TAKERS, bp
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from services.errors import Invalid
from services.marking import contests
from services.marking.contests import LEAST_REASON, MOST_REASON
from services.session import reading, writing

CONTEST = "/attempts/<int:attempt_id>/questions/<int:position>/contest"


@bp.get(CONTEST)
@allow(*TAKERS, scope="own attempt")
def contest(attempt_id: int, position: int) -> ResponseReturnValue:
    """One question, and why it is held to be wrong."""
    return _form(attempt_id, position)


@bp.post(CONTEST)
@allow(*TAKERS, scope="own attempt")
def send_contest(attempt_id: int, position: int) -> ResponseReturnValue:
    """Hand the reason to the trainers, once."""
    reason = request.form.get("reason", "")
    try:
        with writing() as session:
            purpose = contests.contest(session, actor(), attempt_id, position, reason, now())
    except Invalid:
        return _form(attempt_id, position, 422, bad=True)
    flash(_("Your contest is with the trainers. The answer comes here, and by mail."), "done")
    return redirect(_back(attempt_id, position, purpose), 303)


def _form(
    attempt_id: int, position: int, status: int = 200, bad: bool = False
) -> ResponseReturnValue:
    with reading() as session:
        page = contests.contest_page(session, actor(), attempt_id, position, language())
    html = render_template(
        "assessment/contest.html",
        page=page,
        back=_back(attempt_id, position, page.purpose),
        reason=request.form.get("reason", ""),
        bad=bad,
        least=LEAST_REASON,
        most=MOST_REASON,
    )
    return html, status


def _back(attempt_id: int, position: int, purpose: str) -> str:
    """The page on which the person saw the question."""
    anchor = f"q{position}"
    if actor().has("candidate"):
        return url_for("candidate.home", _anchor=anchor)
    if purpose == "placement":
        return url_for("competencies.answers", attempt_id=attempt_id, _anchor=anchor)
    return url_for(".result", attempt_id=attempt_id, _anchor=anchor)

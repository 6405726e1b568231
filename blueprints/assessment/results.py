"""The result of an ended attempt."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.assessment.blueprint import bp
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from services.assessment import retest
from services.measuring import kept_results
from services.session import reading


@bp.get("/attempts/<int:attempt_id>/result")
@allow("learner", "trainer", scope="own attempt")
def result(attempt_id: int) -> ResponseReturnValue:
    """Estimates, what they rest on, and every answer with its reasons."""
    with reading() as session:
        kept, stamp = kept_results.result(session, actor(), attempt_id, language(), now())
        again = kept.page.purpose == retest.PURPOSE
        changes = retest.changes(session, actor(), attempt_id, language()) if again else ()
    return render_template(
        "assessment/result.html",
        page=kept.page,
        stamp=stamp,
        notice=kept.notice,
        changes=changes,
        compared=kept.compared,
    )

"""What trainers do about learners' attempts: give time, judge answers that came after the end."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.assessment.blueprint import bp
from blueprints.assessment.numbers import number
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now
from services.assessment import held, supervising
from services.assessment.grants import Extra
from services.errors import Invalid
from services.session import reading, writing


@bp.get("/running")
@allow("trainer")
def running() -> ResponseReturnValue:
    """Learners' attempts whose clock runs, and who has extra time."""
    with reading() as session:
        page = supervising.running_page(session, actor(), now())
    return render_template("assessment/running.html", page=page)


@bp.post("/running/<int:attempt_id>")
@allow("trainer", scope="running exam")
def extend(attempt_id: int) -> ResponseReturnValue:
    """Give a running attempt more time."""
    extra, seen = _extra(), number(request.form, "seen")
    with writing() as session:
        supervising.extend_learner(session, actor(), attempt_id, extra, seen, now())
    return redirect(url_for(".running"), 303)


@bp.post("/accommodations")
@allow("trainer")
def accommodate() -> ResponseReturnValue:
    """Note the extra time that a learner has whenever a clock starts."""
    person_id, extra = number(request.form, "person_id", 1), _extra()
    with writing() as session:
        supervising.accommodate_learner(session, actor(), person_id, extra, now())
    return redirect(url_for(".running"), 303)


def _extra() -> Extra:
    """Percent and minutes as typed; a field that was left empty is none of it."""
    typed = {name: request.form.get(name) or "0" for name in ("percent", "minutes")}
    return Extra(
        number(typed, "percent"), number(typed, "minutes"), request.form.get("reason", "").strip()
    )


@bp.get("/held")
@allow("trainer")
def held_answers() -> ResponseReturnValue:
    """Answers that were given offline and came after the end."""
    with reading() as session:
        page = held.held_page(session, actor())
    return render_template("assessment/held.html", page=page)


@bp.post("/held/<int:answer_id>")
@allow("trainer", scope="held answer")
def decide(answer_id: int) -> ResponseReturnValue:
    """Accept a held answer, which then counts, or refuse it; with a reason."""
    verdict = request.form.get("verdict", "")
    if verdict not in ("accept", "refuse"):
        raise Invalid(fields={"verdict": "accept or refuse"})
    reason = request.form.get("reason", "")
    with writing() as session:
        held.decide_learners(session, actor(), answer_id, verdict == "accept", reason, now())
    return redirect(url_for(".held_answers"), 303)

"""Contested questions: what people say, and what becomes of it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.routes import bp
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now, whole_number
from services.errors import Conflict, Invalid
from services.marking import contested, fixing
from services.marking.fixing import LEAST_ANSWER, MOST_ANSWER, Outcome
from services.session import reading, writing


@bp.get("/contests")
@allow("trainer")
def contests() -> ResponseReturnValue:
    """Open contests by question, without names."""
    with reading() as session:
        page = contested.contests_page(session, actor())
    return render_template("authoring/contests.html", page=page)


@bp.get("/contests/<int:revision_id>")
@allow("trainer", scope="contested question")
def contested_question(revision_id: int) -> ResponseReturnValue:
    """One contested question, with the ways to decide."""
    return _form(revision_id)


@bp.post("/contests/<int:revision_id>")
@allow("trainer", scope="contested question")
def decide_contests(revision_id: int) -> ResponseReturnValue:
    """Decide every open contest of a question at once."""
    word, _slash, number = request.form.get("outcome", "").partition("/")
    if word not in set(Outcome):
        return _form(revision_id, 422, {"outcome": ""})
    mending_id = whole_number(number)
    answer = request.form.get("answer", "")
    try:
        with writing() as session:
            fixing.decide(session, actor(), revision_id, Outcome(word), mending_id, answer, now())
    except Invalid as error:
        return _form(revision_id, 422, error.fields)
    except Conflict:
        flash(_("Somebody else decided about this question just now."), "care")
        return redirect(url_for(".contests"), 303)
    if word == Outcome.DISMISS:
        flash(_("The contests are answered."), "done")
    else:
        flash(_("The question is corrected, and the numbers are drawn again."), "done")
    return redirect(url_for(".contests"), 303)


def _form(
    revision_id: int, status: int = 200, faults: dict[str, str] | None = None
) -> ResponseReturnValue:
    with reading() as session:
        question = contested.contested_question(session, actor(), revision_id)
    html = render_template(
        "authoring/contest.html",
        question=question,
        typed=request.form,
        faults=faults or {},
        least=LEAST_ANSWER,
        most=MOST_ANSWER,
    )
    return html, status

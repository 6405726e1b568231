"""Open answers that people mark: the queue and one answer."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.assessment.blueprint import bp
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now
from services.errors import Conflict, Invalid
from services.marking import queue, ratings
from services.marking.ratings import MOST_NOTE, OpenAnswer, RatingDraft
from services.session import reading, writing

MOST_POINTS = 2  # digits


@bp.get("/marking")
@allow("trainer")
def marking() -> ResponseReturnValue:
    """How many answers wait, since when, and how far the raters agree."""
    with reading() as session:
        page = queue.queue_page(session, actor())
    return render_template("assessment/marking.html", page=page)


@bp.get("/marking/<int:answer_id>")
@allow("trainer", scope="open answer")
def answer_to_mark(answer_id: int) -> ResponseReturnValue:
    """One answer with its rubric, without its person and without others' marks."""
    with reading() as session:
        answer = ratings.open_answer(session, actor(), answer_id)
    return _shown(answer)


@bp.post("/marking/<int:answer_id>")
@allow("trainer", scope="open answer")
def mark_answer(answer_id: int) -> ResponseReturnValue:
    """Keep the marks, and go on to the next answer that waits."""
    try:
        with writing() as session:
            ratings.rate(session, actor(), answer_id, _draft(), now())
            following = queue.next_id(session, actor())
    except Invalid as error:
        with reading() as session:
            answer = ratings.open_answer(session, actor(), answer_id)
        return _shown(answer, 422, faults=error.fields)
    except Conflict as error:
        if not isinstance(error.current, OpenAnswer):
            raise
        return _shown(error.current, 409, late=True)
    if following is None:
        flash(_("Your marks are kept. Nothing more waits for you."), "done")
        return redirect(url_for(".marking"), 303)
    flash(_("Your marks are kept. This is the next answer."), "done")
    return redirect(url_for(".answer_to_mark", answer_id=following), 303)


def _draft() -> RatingDraft:
    """The form's marks; what is no small number is left out, and missed by the service."""
    given = {
        name.removeprefix("points-"): int(value)
        for name, value in request.form.items()
        if name.startswith("points-") and value.isdecimal() and len(value) <= MOST_POINTS
    }
    settling = request.form.get("settling") == "yes"
    return RatingDraft(given, request.form.get("note", ""), settling)


def _shown(answer: OpenAnswer, status: int = 200, **words: object) -> ResponseReturnValue:
    """The answer, with what was ticked and written where it could not be kept."""
    html = render_template(
        "assessment/marking_answer.html",
        answer=answer,
        typed=request.form,
        most_note=MOST_NOTE,
        **{"faults": {}, "late": False, **words},
    )
    return html, status

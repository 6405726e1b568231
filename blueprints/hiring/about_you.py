"""What a candidate may say of themself after the test, on a page of its own."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.hiring.candidate import bp
from blueprints.hiring.fairness import ANSWERS, QUESTIONS, asked
from blueprints.shared.guards import actor, allow
from services.hiring import voluntary
from services.session import reading, writing


@bp.get("/candidate/about-you")
@allow("candidate", scope="own application")
def about_you() -> ResponseReturnValue:
    """The questions, with what was said; 404 before the end of the test."""
    with reading() as session:
        page = voluntary.about_you(session, actor(), asked())
    return render_template(
        "candidate/about_you.html", page=page, questions=QUESTIONS, answers=ANSWERS
    )


@bp.post("/candidate/about-you")
@allow("candidate", scope="own application")
def say_about_you() -> ResponseReturnValue:
    """Keep what was said; saying nothing takes everything away."""
    given = {question: request.form.get(question, "") for question in asked()}
    with writing() as session:
        voluntary.say(session, actor(), given, asked())
    flash(_("Thank you. What you said is kept apart from your name."), "done")
    return redirect(url_for(".home"), 303)

"""The list of quizzes and assessments, and the ways into one."""

import secrets

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints.assessment import leases
from blueprints.assessment.blueprint import TAKERS, bp, end_url
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from services.assessment import adaptive_cards, delivery, overview, retest
from services.learning import quizzes
from services.learning.prerequisites import Waiting
from services.session import reading, writing

SEED_BITS = 62


@bp.get("/")
@allow("learner")
def index() -> ResponseReturnValue:
    """What a learner can take, goes on with, and has taken."""
    with reading() as session:
        page = overview.index_page(session, actor(), now())
        chosen = adaptive_cards.cards(session, actor())
        again = retest.offer(session, actor(), now())
    return render_template("assessment/index.html", page=page, adaptive=chosen, again=again)


@bp.post("/forms/<key>")
@allow("learner")
def start(key: str) -> ResponseReturnValue:
    """Start the placement or six more questions, and open it on this device."""
    seed = secrets.randbits(SEED_BITS)
    with writing() as session:
        attempt_id = quizzes.start_form(session, actor(), key, language(), seed, now())
    return _on_to_open(attempt_id)


@bp.post("/quiz/<module>/<name>")
@allow("learner", "trainer")
def start_quiz(module: str, name: str) -> ResponseReturnValue:
    """Start a lesson's quiz, and open it on this device."""
    seed, key = secrets.randbits(SEED_BITS), f"{module}/{name}"
    try:
        with writing() as session:
            attempt_id = quizzes.start_quiz(session, actor(), key, language(), seed, now())
    except Waiting:
        return redirect(url_for("learning.contents", _anchor=module), 303)  # which says why
    return _on_to_open(attempt_id)


def _on_to_open(attempt_id: int) -> ResponseReturnValue:
    """The browser repeats its POST at the opening: 307 keeps the method and the token."""
    return redirect(url_for(".open", attempt_id=attempt_id), 307)


@bp.post("/attempts/<int:attempt_id>/open")
@allow(*TAKERS, scope="own attempt")
def open(attempt_id: int) -> ResponseReturnValue:
    """Give this device the next lease and go to the questions."""
    with writing() as session:
        lease = delivery.open_attempt(session, actor(), attempt_id, leases.device(), now())
    if lease is None:
        return redirect(end_url(attempt_id), 303)
    leases.hold(attempt_id, lease)
    return redirect(url_for(".attempt", attempt_id=attempt_id), 303)

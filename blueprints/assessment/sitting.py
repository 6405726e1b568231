"""What happens around the answers: signs of life, flags, hints, breaks, sections, the end."""

from collections.abc import Mapping

from flask import abort, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.assessment.blueprint import TAKERS, bp, end_url
from blueprints.assessment.numbers import number
from blueprints.assessment.payloads import BadJson, decoded
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now
from services.assessment import beats, breaks, flags, hints, sections, submission
from services.assessment.beats import Beat, Heard
from services.session import writing

STATUS = {Heard.ALIVE: 200, Heard.RESTING: 200, Heard.STALE: 409, Heard.OVER: 410}


@bp.post("/attempts/<int:attempt_id>/beat")
@allow(*TAKERS, scope="running attempt")
def beat(attempt_id: int) -> ResponseReturnValue:
    """A sign of life of the page, `{"lease": 1}` or a form; says how the clock stands.

    It may say `"away_s": 40` too: for how long it was out of sight since the last one.
    """
    try:
        given = decoded(request.get_data()) if request.is_json else request.form
    except BadJson:
        abort(400)
    if not isinstance(given, Mapping):
        abort(400)
    lease = number(given, "lease", 1)
    away_s = number(given, "away_s") if "away_s" in given else 0
    with writing() as session:
        heard = beats.beat(session, actor(), attempt_id, lease, now(), away_s)
    return jsonify(_told(heard)), STATUS[heard.heard]


def _told(heard: Beat) -> dict[str, object]:
    body: dict[str, object] = {
        "heard": heard.heard,
        "seconds_left": heard.seconds_left,
        "credited_s": heard.credited_s,
    }
    if heard.credited_s:
        body["message"] = _(
            "Your connection was away for %(n)s s: the time was added.", n=heard.credited_s
        )
    return body


@bp.post("/attempts/<int:attempt_id>/flags")
@allow(*TAKERS, scope="running attempt")
def flag(attempt_id: int) -> ResponseReturnValue:
    """Flag a question (flag=1) or take the flag away (flag=0)."""
    position = number(request.form, "position", 1)
    with writing() as session:
        flags.flag(session, actor(), attempt_id, position, request.form.get("flag") == "1", now())
    return _back(attempt_id, position)


@bp.post("/attempts/<int:attempt_id>/hints")
@allow(*TAKERS, scope="running attempt")
def take_hint(attempt_id: int) -> ResponseReturnValue:
    """Open a question's next hint."""
    position, hint = number(request.form, "position", 1), number(request.form, "hint", 1)
    with writing() as session:
        hints.take_hint(session, actor(), attempt_id, position, hint, now())
    return _back(attempt_id, position)


@bp.post("/attempts/<int:attempt_id>/reasons")
@allow(*TAKERS, scope="running attempt")
def show_reasons(attempt_id: int) -> ResponseReturnValue:
    """Close a question of a practice form and show its reasons."""
    position = number(request.form, "position", 1)
    with writing() as session:
        hints.show_reasons(session, actor(), attempt_id, position, now())
    return _back(attempt_id, position)


def _back(attempt_id: int, position: int) -> ResponseReturnValue:
    return redirect(url_for(".attempt", attempt_id=attempt_id, q=position), 303)


@bp.post("/attempts/<int:attempt_id>/break")
@allow(*TAKERS, scope="running attempt")
def start_break(attempt_id: int) -> ResponseReturnValue:
    """Let the clock stand still, with the questions out of sight."""
    with writing() as session:
        breaks.start(session, actor(), attempt_id, now())
    return redirect(url_for(".attempt", attempt_id=attempt_id), 303)


@bp.post("/attempts/<int:attempt_id>/break/end")
@allow(*TAKERS, scope="running attempt")
def end_break(attempt_id: int) -> ResponseReturnValue:
    """Go on after a break."""
    with writing() as session:
        breaks.end(session, actor(), attempt_id, now())
    return redirect(url_for(".attempt", attempt_id=attempt_id), 303)


@bp.post("/attempts/<int:attempt_id>/sections/next")
@allow(*TAKERS, scope="running attempt")
def next_section(attempt_id: int) -> ResponseReturnValue:
    """Leave the section that the form names for the next one, for good."""
    left = number(request.form, "number", 1)
    with writing() as session:
        sections.go_on(session, actor(), attempt_id, left, now())
    return redirect(url_for(".attempt", attempt_id=attempt_id), 303)


@bp.post("/attempts/<int:attempt_id>/submit")
@allow(*TAKERS, scope="own attempt")
def submit(attempt_id: int) -> ResponseReturnValue:
    """Hand in, once; a second time leads to the same result."""
    with writing() as session:
        submission.submit(session, actor(), attempt_id, now())
    return redirect(end_url(attempt_id), 303)

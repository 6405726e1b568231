"""Questions, saves, and the look back before the end."""

from collections.abc import Mapping
from typing import Any

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.assessment import leases
from blueprints.assessment.blueprint import TAKERS, bp, end_url
from blueprints.assessment.payloads import (
    ANSWER_BYTES,
    SHOWN_AGAIN,
    BadJson,
    from_form,
    from_json,
)
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from domain.assessment.attempts import AttemptState
from services.assessment import adaptive, attempt_pages, delivery, flags, hints
from services.assessment.attempt_pages import AttemptPage
from services.assessment.delivery import Outcome, Saved
from services.errors import Conflict, Invalid
from services.session import reading, writing


@bp.get("/attempts/<int:attempt_id>")
@allow(*TAKERS, scope="own attempt")
def attempt(attempt_id: int) -> ResponseReturnValue:
    """The questions: one (?q=3) or all (?view=all); without the lease, the way to get it."""
    return _show(_read(attempt_id), request.args.get("q", type=int))


@bp.get("/attempts/<int:attempt_id>/review")
@allow(*TAKERS, scope="own attempt")
def review(attempt_id: int) -> ResponseReturnValue:
    """What is answered and what is open, before handing in."""
    page = _read(attempt_id)
    if elsewhere := _instead_of_questions(page):
        return elsewhere
    if page.leg:  # nothing can be looked at again, and it ends by itself
        return redirect(url_for(".attempt", attempt_id=attempt_id))
    return render_template("assessment/review.html", page=page)


@bp.post("/attempts/<int:attempt_id>/answers")
@allow(*TAKERS, scope="own attempt")
def save_answer(attempt_id: int) -> ResponseReturnValue:
    """Save one answer: acknowledged after the commit, never before."""
    # Counted here: the look for a token has opened the stream under the site's own limit.
    if (request.content_length or 0) > ANSWER_BYTES:
        abort(413)
    if not request.is_json:
        return _save_form(attempt_id)
    raw = request.get_data()
    if len(raw) > ANSWER_BYTES:  # a body that did not say how long it is
        abort(413)
    try:
        command = from_json(raw)
    except BadJson as error:
        body = {"error": {"status": 400, "message": str(error), "fields": {}}}
        return jsonify(body), 400
    with writing() as session:
        saved = delivery.save_answer(session, actor(), attempt_id, command, now())
    return _told(saved)


def _goes_on() -> bool:
    """Whether the next question is to be chosen by this answer."""
    return request.form.get("go") == "on"


def _told(saved: Saved) -> ResponseReturnValue:
    """What became of a save, for script."""
    body: dict[str, Any] = {
        "saved": saved.outcome is Outcome.SAVED,
        "sequence": saved.sequence,
        "received_at": saved.received_at.isoformat(),
    }
    if saved.outcome is Outcome.SAVED:
        return jsonify(body)
    status = _status(saved)
    body |= {"outcome": saved.outcome, "state": saved.state, "last": saved.last}
    body["error"] = {"status": status, "message": _reason(saved), "fields": {}}
    return jsonify(body), status


def _status(saved: Saved) -> int:
    held = saved.outcome in (Outcome.LATE, Outcome.OFFLINE)
    over = held and saved.state is AttemptState.EXPIRED
    return 410 if over else 409


def _reason(saved: Saved) -> str:
    match saved.outcome, saved.state:
        case Outcome.STALE, _:
            said = _("You have opened this on another device or window since. Go on there.")
        case Outcome.RESTING, _:
            said = _("You are taking a break. End it, and the answer is saved.")
        case Outcome.OFFLINE, _:
            said = _("This answer arrived after the end. It is kept, and a person looks at it.")
        case Outcome.LATE, AttemptState.RUNNING:
            said = _("This question is closed. The answer is kept, but not counted.")
        case Outcome.LATE, AttemptState.EXPIRED:
            said = _("This answer arrived after the end of the time. It is kept, but not counted.")
        case Outcome.LATE, _:
            said = _("This answer arrived after you handed in. It is kept, but not counted.")
        case _:
            said = _("Another answer has this number already. Send it again with the next one.")
    return str(said)


def _save_form(attempt_id: int) -> ResponseReturnValue:
    """Without script: save, then go where the button says."""
    try:
        command = from_form(request.form)
        save = adaptive.save_and_go_on if _goes_on() else delivery.save_answer
        with writing() as session:
            saved = save(session, actor(), attempt_id, command, now())
    except Invalid as error:
        position = request.form.get("position", type=int)
        if position is None or not SHOWN_AGAIN & {name.partition(".")[0] for name in error.fields}:
            raise
        page = _read(attempt_id)
        return _show(page, position, draft=request.form.to_dict(), status=422)
    if _goes_on() and saved.outcome in (Outcome.SAVED, Outcome.LATE):  # late: sent twice
        return redirect(url_for(".attempt", attempt_id=attempt_id), 303)
    if saved.outcome is Outcome.LATE and saved.state is not AttemptState.RUNNING:
        return redirect(end_url(attempt_id), 303)
    if saved.outcome is not Outcome.SAVED:
        raise Conflict(_reason(saved))
    _help(attempt_id, saved.position)
    wanted = _wanted()
    if wanted == saved.position + 1:
        with writing() as session:
            delivery.reach(session, actor(), attempt_id, wanted, command.lease, now())
    return redirect(_after(attempt_id, wanted or saved.position), 303)


def _help(attempt_id: int, position: int) -> None:
    """What else the button of a question's form asks for: a flag, a hint, its reasons."""
    with writing() as session:
        if "flag" in request.form:
            flags.flag(session, actor(), attempt_id, position, request.form["flag"] == "1", now())
        elif number := request.form.get("hint", type=int):
            hints.take_hint(session, actor(), attempt_id, position, number, now())
        elif "check" in request.form:
            hints.show_reasons(session, actor(), attempt_id, position, now())


def _wanted() -> int | None:
    """The question that the button leads to."""
    go = request.form.get("go", "")
    return int(go) if go.isdecimal() and len(go) < 4 else None


def _after(attempt_id: int, position: int) -> str:
    if request.form.get("view") == "all":
        return url_for(".attempt", attempt_id=attempt_id, view="all", _anchor=f"q-{position}")
    if request.form.get("go") == "review":
        return url_for(".review", attempt_id=attempt_id)
    return url_for(".attempt", attempt_id=attempt_id, q=position)


def _read(attempt_id: int) -> AttemptPage:
    with reading() as session:
        return attempt_pages.attempt_page(session, actor(), attempt_id, now(), language())


def _show(
    page: AttemptPage,
    wanted: int | None,
    draft: Mapping[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The questions; draft: what was typed into a form that could not be saved."""
    if elsewhere := _instead_of_questions(page):
        return elsewhere
    html = render_template(
        "assessment/adaptive.html" if page.leg else "assessment/attempt.html",
        page=page,
        here=wanted if page.has(wanted) and not page.forward else page.first_open,
        whole=request.values.get("view") == "all" and not page.forward,
        draft=draft or {},
    )
    return html, status


def _instead_of_questions(page: AttemptPage) -> ResponseReturnValue | None:
    """What stands in place of the questions: nothing while it runs and this device may save."""
    match page.state:
        case AttemptState.CREATED:  # only candidates begin elsewhere: after their consent
            return redirect(end_url(page.id))
        case AttemptState.RUNNING if page.rests_until:
            return render_template("assessment/resting.html", page=page)
        case AttemptState.RUNNING if leases.held(page.id) == page.lease > 0:
            return None
        case AttemptState.RUNNING:
            return render_template("assessment/door.html", page=page)
        case _ if page.written:
            return redirect(end_url(page.id))
        case _:
            return render_template("assessment/over.html", page=page)

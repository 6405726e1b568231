"""What a recruiter does about one invitation, and the wishes of candidates that wait."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.hiring.blueprint import bp, said
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now, whole_number
from blueprints.shared.words import said as worded
from services.errors import Conflict, Invalid
from services.hiring import accommodating, invitation_pages, invitations, refusals, reminding
from services.session import reading, writing


@bp.get("/candidates/<int:application_id>/invitation")
@allow("recruiter", scope="application")
def invitation(application_id: int) -> ResponseReturnValue:
    """Mail, reminders, wishes and late answers of one candidate."""
    with reading() as session:
        page = invitation_pages.invitation_page(session, actor(), application_id, now())
    return render_template("hiring/invitation.html", page=page)


def _done(
    application_id: int, deed: Callable[[Any], object], words: str, anchor: str
) -> ResponseReturnValue:
    """Do something and say so; what is refused is said in one sentence on the same page."""
    try:
        with writing() as session:
            deed(session)
        flash(words, "done")
    except Invalid as error:
        flash(said(error), "signal")
    except Conflict as error:
        flash(worded(error.message), "care")
    return redirect(url_for(".invitation", application_id=application_id, _anchor=anchor), 303)


@bp.post("/candidates/<int:application_id>/address")
@allow("recruiter", scope="application")
def correct_address(application_id: int) -> ResponseReturnValue:
    """Put a refused address right and invite it."""
    email = request.form.get("email", "")[:300]
    return _done(
        application_id,
        lambda session: refusals.correct(session, actor(), application_id, email, now()),
        _("The address is changed, and the invitation is on its way. Older links are ended."),
        "mail",
    )


@bp.post("/candidates/<int:application_id>/resend")
@allow("recruiter", scope="application")
def resend(application_id: int) -> ResponseReturnValue:
    """Send the invitation once more."""
    return _done(
        application_id,
        lambda session: invitations.resend(session, actor(), application_id, now()),
        _("The invitation is on its way once more."),
        "mail",
    )


@bp.post("/candidates/<int:application_id>/remind")
@allow("recruiter", scope="application")
def remind(application_id: int) -> ResponseReturnValue:
    """Remind a candidate by hand."""
    return _done(
        application_id,
        lambda session: reminding.remind(session, actor(), application_id, now()),
        _("Today's reminder is on its way."),
        "reminders",
    )


@bp.post("/candidates/<int:application_id>/accommodation")
@allow("recruiter", scope="application")
def answer_wish(application_id: int) -> ResponseReturnValue:
    """Answer what a candidate asked for before the start."""
    percent, words = _percent(request.form.get("percent", "")), request.form.get("words", "")
    return _done(
        application_id,
        lambda session: accommodating.answer(
            session, actor(), application_id, percent, words, now()
        ),
        _("Your answer is kept. The candidate finds it on their page."),
        "wish",
    )


def _percent(raw: str) -> int:
    return int(raw) if raw.isdecimal() and len(raw) < 4 else -1


@bp.post("/candidates/<int:application_id>/late")
@allow("recruiter", scope="application")
def decide_late(application_id: int) -> ResponseReturnValue:
    """Decide whether an answer that came after the end counts."""
    answer_id = whole_number(request.form.get("answer")) or 0
    verdict, reason = request.form.get("verdict", ""), request.form.get("reason", "")
    accepted = {"accept": True, "refuse": False}.get(verdict)
    return _done(
        application_id,
        lambda session: invitation_pages.decide_late(
            session, actor(), application_id, answer_id, accepted, reason, now()
        ),
        _("Your decision is kept."),
        "late",
    )


@bp.get("/requests")
@allow("recruiter")
def wishes() -> ResponseReturnValue:
    """Candidates who wait for an answer before they begin."""
    with reading() as session:
        waiting = accommodating.waiting(session, actor())
    return render_template("hiring/wishes.html", wishes=waiting)

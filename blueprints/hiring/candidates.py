"""One candidate: the result, notes, decisions, and what a recruiter does with the invitation."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.hiring.blueprint import base_url, bp, end_of, refuse, said
from blueprints.hiring.forms import DayForm, DecisionForm, NoteForm, outcomes, reasons
from blueprints.shared import qr
from blueprints.shared.forms import Form
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from services.errors import Conflict, Invalid
from services.hiring import deciding, invitations, reports
from services.session import writing


@bp.get("/candidates/<int:application_id>")
@allow("recruiter", "manager", scope="application")
def candidate(application_id: int) -> ResponseReturnValue:
    """A candidate; the view of a result is journaled, so this page writes."""
    return _page(application_id)


def _page(
    application_id: int,
    status: int = 200,
    note: NoteForm | None = None,
    decision: DecisionForm | None = None,
) -> ResponseReturnValue:
    with writing() as session:
        page = reports.candidate_page(session, actor(), application_id, language(), now())
    if decision is None:
        decision = DecisionForm(formdata=None)
        decision.offer()
    days = DayForm(formdata=None, expires=page.expires_at.date())
    html = render_template(
        "hiring/candidate.html",
        page=page,
        note=note or NoteForm(formdata=None),
        decision=decision,
        days=days,
        outcomes=outcomes(),
        reasons=reasons(),
    )
    return html, status


def _back(application_id: int, anchor: str | None = None) -> ResponseReturnValue:
    target = url_for(".candidate", application_id=application_id, _anchor=anchor)
    return redirect(target, 303)


@bp.post("/candidates/<int:application_id>/notes")
@allow("recruiter", "manager", scope="application")
def note(application_id: int) -> ResponseReturnValue:
    """Write a note about an application."""
    form = NoteForm()
    if _kept(
        form,
        lambda session: deciding.write_note(
            session, actor(), application_id, form.note.data, now()
        ),
    ):
        return _back(application_id, "notes")
    return _page(application_id, 422, note=form)


@bp.post("/candidates/<int:application_id>/decisions")
@allow("recruiter", "manager", scope="application")
def decide(application_id: int) -> ResponseReturnValue:
    """Write down a decision; a correction is one more."""
    form = DecisionForm()
    form.offer()
    if _kept(
        form,
        lambda session: deciding.decide(
            session,
            actor(),
            application_id,
            form.outcome.data,
            form.reason_code.data,
            form.reason.data,
            now(),
        ),
    ):
        flash(_("Your decision is written down."), "done")
        return _back(application_id, "decision")
    return _page(application_id, 422, decision=form)


def _kept(form: Form, keep: Callable[[Any], None]) -> bool:
    """Whether what was typed was kept; what was refused stands in the form."""
    if not form.validate():
        return False
    try:
        with writing() as session:
            keep(session)
    except Invalid as error:
        refuse(form, error)
        return False
    return True


@bp.post("/candidates/<int:application_id>/answers/<int:position>")
@allow("recruiter", "manager", scope="application")
def reveal(application_id: int, position: int) -> ResponseReturnValue:
    """Open a secure question of a result; each use is journaled."""
    with writing() as session:
        page = reports.reveal(session, actor(), application_id, position, language(), now())
    return render_template("hiring/answer.html", page=page)


@bp.post("/candidates/<int:application_id>/revoke")
@allow("recruiter", scope="application")
def revoke(application_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    with writing() as session:
        invitations.revoke(session, actor(), application_id, now())
    flash(_("The invitation was taken back. Its links start nothing any more."), "done")
    return _back(application_id)


@bp.post("/candidates/<int:application_id>/extend")
@allow("recruiter", scope="application")
def extend(application_id: int) -> ResponseReturnValue:
    """Move the last day of an invitation."""
    day = end_of(DayForm().expires.data)
    try:
        with writing() as session:
            invitations.extend(session, actor(), application_id, day, now())
        flash(_("The last day was moved."), "done")
    except Invalid as error:
        flash(said(error), "signal")
    return _back(application_id)


@bp.post("/candidates/<int:application_id>/link")
@allow("recruiter", scope="application")
def new_link(application_id: int) -> ResponseReturnValue:
    """Make a new link in the place of the old ones; the answer shows it, this once."""
    form = DayForm()
    day, by_mail = end_of(form.expires.data), form.way.data == "mail"
    try:
        with writing() as session:
            invited = invitations.new_link(
                session, actor(), application_id, day, by_mail, now(), base_url()
            )
    except Invalid as error:
        flash(said(error), "signal")
        return _back(application_id)
    return render_template(
        "hiring/link.html", invited=invited, standing=None, drawing=qr.drawing(invited.link)
    )


@bp.post("/candidates/<int:application_id>/code")
@allow("recruiter", scope="application")
def reset_code(application_id: int) -> ResponseReturnValue:
    """Make a new return code for a candidate who lost theirs; the answer shows it, this once."""
    try:
        with writing() as session:
            made = invitations.reset_code(session, actor(), application_id, now())
    except Conflict:
        flash(_("There is no return code yet: it is made when the candidate consents."), "care")
        return _back(application_id)
    return render_template("hiring/code.html", made=made)

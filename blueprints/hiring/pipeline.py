"""The pipeline of a position: board and table, saved views, actions on many, and notes for you."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.hiring.blueprint import bp, end_of, page_number, refuse, said
from blueprints.hiring.forms import outcomes
from blueprints.hiring.pipeline_forms import BulkForm
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import LANGUAGES, NAMES, language
from blueprints.shared.requests import asked_number, now, whole_number
from domain.hiring.pipeline import Filters, parse_filters
from services.errors import Conflict, Invalid
from services.hiring import bulk, mentions, pages, undoing, views
from services.hiring.codes import fresh_nonce
from services.session import reading, writing

MOST_TICKED = 50


@bp.get("/")
@allow("recruiter", "manager")
def positions() -> ResponseReturnValue:
    """The positions that one may see."""
    with reading() as session:
        page = pages.positions(session, actor(), page_number())
        waiting = mentions.waiting(session, actor())
    return render_template("hiring/positions.html", page=page, waiting=waiting)


@bp.get("/positions/<int:position_id>")
@allow("recruiter", "manager", scope="position")
def position(position_id: int) -> ResponseReturnValue:
    """One position with its candidates, as a table or as a board."""
    as_board = request.args.get("view") == "board"
    with reading() as session:
        page = pages.position_page(
            session,
            actor(),
            position_id,
            _filters(),
            language(),
            now(),
            as_board=as_board,
            after=asked_number("after"),
            before=asked_number("before"),
        )
    return render_template(
        "hiring/position.html",
        page=page,
        as_board=as_board,
        outcomes=outcomes(),
        actions=actions(),
        languages={code: NAMES[code] for code in LANGUAGES},
    )


def _filters() -> Filters:
    return parse_filters(request.values, LANGUAGES)


def actions() -> dict[str, str]:
    """What can be done with many at once, in the reader's language; a recruiter's own ones last."""
    return {
        "review": _("Move to review"),
        "hold": _("Keep in mind for later"),
        "reject": _("Do not go on"),
        "remind": _("Send a reminder"),
        "resend": _("Send the invitation again"),
        "extend": _("Move the last day"),
        "revoke": _("Take the invitation back"),
    }


@bp.post("/positions/<int:position_id>/views")
@allow("recruiter", "manager", scope="position")
def save_view(position_id: int) -> ResponseReturnValue:
    """Keep the filters under a name."""
    name, shared = request.form.get("view_name", ""), request.form.get("shared") == "1"
    filters = _filters()
    try:
        with writing() as session:
            views.save(session, actor(), position_id, name, filters, shared, now())
        flash(_("The view is saved."), "done")
    except Invalid as error:
        flash(said(error), "signal")
    return _back(position_id, filters)


@bp.post("/positions/<int:position_id>/views/<int:view_id>/forget")
@allow("recruiter", "manager", scope="position")
def forget_view(position_id: int, view_id: int) -> ResponseReturnValue:
    """Take one's own view away."""
    with writing() as session:
        views.forget(session, actor(), position_id, view_id, now())
    flash(_("The view is gone. No candidate was changed."), "done")
    return _back(position_id)


def _back(position_id: int, filters: Filters | None = None) -> ResponseReturnValue:
    words: dict[str, Any] = dict(filters.query()) if filters else {}
    return redirect(url_for(".position", position_id=position_id, **words), 303)


@bp.get("/positions/<int:position_id>/bulk")
@allow("recruiter", "manager", scope="position")
def plan_bulk(position_id: int) -> ResponseReturnValue:
    """What an action would do, before it is done."""
    form = BulkForm(formdata=None)
    form.begin(now().date(), fresh_nonce())
    return _plan(position_id, form, 200)


def _order() -> bulk.Order:
    """The action, and the ticked ones or all that match."""
    numbers = map(whole_number, request.values.getlist("a")[:MOST_TICKED])
    ticked = tuple(one for one in numbers if one is not None)
    everybody = request.values.get("whom") == "all"
    return bulk.Order(request.values.get("action", ""), None if everybody else ticked, _filters())


def _plan(position_id: int, form: BulkForm, status: int) -> ResponseReturnValue:
    order = _order()
    try:
        with reading() as session:
            if order.action not in actions():
                pages.asking_of(session, actor(), position_id, language(), now())
                flash(_("Choose what to do with the ticked candidates."), "care")
                return _back(position_id, order.filters)
            page = bulk.plan(session, actor(), position_id, order, language(), now())
    except Invalid as error:
        flash(said(error), "signal")
        return _back(position_id, order.filters)
    form.offer()
    html = render_template("hiring/bulk.html", page=page, form=form, order=order, actions=actions())
    return html, status


@bp.post("/positions/<int:position_id>/bulk")
@allow("recruiter", "manager", scope="position")
def do_bulk(position_id: int) -> ResponseReturnValue:
    """Do it: one transaction for all, or nothing."""
    order, form = _order(), BulkForm()
    form.offer()
    details = bulk.Details(
        once=form.once.data or "",
        reason_code=form.reason_code.data or "",
        reason=form.reason.data or "",
        expires_at=end_of(form.expires.data) if form.expires.data else None,
    )
    try:
        with writing() as session:
            done = bulk.act(session, actor(), position_id, order, details, language(), now())
    except Invalid as error:
        if "chosen" in error.fields:
            flash(said(error), "care")
            return _back(position_id, order.filters)
        refuse(form, error)
        return _plan(position_id, form, 422)
    flash(_done_words(done), "done")
    return _back(position_id)


def _done_words(done: bulk.Done) -> str:
    what = actions()[done.action]
    words = ngettext(
        "%(what)s: done for %(num)s candidate.",
        "%(what)s: done for %(num)s candidates.",
        done.count,
        what=what,
    )
    return str(words)


@bp.post("/positions/<int:position_id>/bulk/<int:action_id>/undo")
@allow("recruiter", "manager", scope="position")
def undo_bulk(position_id: int, action_id: int) -> ResponseReturnValue:
    """Take an action back."""
    try:
        with writing() as session:
            undone = undoing.undo(session, actor(), position_id, action_id, now())
        flash(_undone_words(undone), "done")
    except Conflict:
        flash(_("This cannot be taken back any more."), "care")
    return _back(position_id)


def _undone_words(undone: undoing.Undone) -> str:
    words = ngettext(
        "Taken back for %(num)s candidate.", "Taken back for %(num)s candidates.", undone.restored
    )
    if undone.kept:
        words += " " + ngettext(
            "%(num)s was changed since and stays as it is.",
            "%(num)s were changed since and stay as they are.",
            undone.kept,
        )
    return str(words)


@bp.get("/for-you")
@allow("recruiter", "manager")
def for_you() -> ResponseReturnValue:
    """The notes that name the reader."""
    with reading() as session:
        lines = mentions.for_you(session, actor(), language())
    return render_template("hiring/for_you.html", lines=lines)


@bp.post("/for-you")
@allow("recruiter", "manager")
def seen() -> ResponseReturnValue:
    """Empty the list."""
    with writing() as session:
        mentions.seen(session, actor(), now())
    return redirect(url_for(".for_you"), 303)

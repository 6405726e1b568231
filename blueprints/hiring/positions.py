"""Positions: making and changing them, inviting, side by side. The lists are in pipeline.py."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.hiring.blueprint import base_url, bp, refuse
from blueprints.hiring.forms import InviteForm
from blueprints.hiring.position_form import PositionForm
from blueprints.shared import qr
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import NAMES, language
from blueprints.shared.requests import now
from blueprints.shared.words import said as worded
from services.errors import Conflict, Invalid
from services.hiring import comparing, invitations
from services.hiring import positions as desk
from services.hiring.codes import fresh_nonce
from services.session import reading, writing


@bp.route("/positions/new", methods=["GET", "POST"])
@allow("recruiter")
def new_position() -> ResponseReturnValue:
    """Make a position."""
    with reading() as session:
        offered = desk.desk(session, actor(), None, language())
    form = PositionForm()
    form.offer(offered)
    if form.validate_on_submit():
        try:
            with writing() as session:
                position_id = desk.create(session, actor(), form.draft(), now())
            flash(_("The position is made. Invite the first candidate."), "done")
            return redirect(url_for(".position", position_id=position_id), 303)
        except Invalid as error:
            refuse(form, error)
    return _form(form, offered, 422 if form.errors else 200)


@bp.route("/positions/<int:position_id>/edit", methods=["GET", "POST"])
@allow("recruiter", scope="position")
def edit_position(position_id: int) -> ResponseReturnValue:
    """Change a position; a save over somebody else's shows both."""
    with reading() as session:
        offered = desk.desk(session, actor(), position_id, language())
    form = PositionForm()
    form.offer(offered)
    if request.method == "GET" and offered.standing is not None:
        form.show(offered.standing)
        return _form(form, offered, 200)
    if form.validate():
        try:
            with writing() as session:
                desk.save(session, actor(), position_id, form.expected_version, form.draft(), now())
            flash(_("Saved."), "done")
            return redirect(url_for(".position", position_id=position_id), 303)
        except Invalid as error:
            refuse(form, error)
        except Conflict as error:
            standing = error.current
            assert isinstance(standing, desk.Standing)
            form.version.data = str(standing.position.version)
            return _form(form, offered, 409, standing)
    return _form(form, offered, 422)


def _form(
    form: PositionForm, offered: desk.Desk, status: int, conflict: desk.Standing | None = None
) -> ResponseReturnValue:
    page = render_template("hiring/edit.html", form=form, desk=offered, conflict=conflict)
    return page, status


@bp.route("/positions/<int:position_id>/invite", methods=["GET", "POST"])
@allow("recruiter", scope="position")
def invite(position_id: int) -> ResponseReturnValue:
    """Invite a candidate; the answer to the POST shows the link, this once."""
    with reading() as session:
        standing = desk.standing(session, actor(), position_id)
    form, known = InviteForm(), None
    if request.method == "GET":
        form.begin(now().date(), fresh_nonce(), language())
    elif form.validate():
        try:
            with writing() as session:
                invited = invitations.invite(
                    session, actor(), position_id, form.draft(), now(), base_url()
                )
            return render_template(
                "hiring/link.html",
                invited=invited,
                standing=standing,
                drawing=qr.drawing(invited.link),
            )
        except Invalid as error:
            refuse(form, error)
        except Conflict as error:
            known = error.current
            form.form_errors.append(worded(error.message))
            return render_template(
                "hiring/invite.html", form=form, standing=standing, known=known
            ), 409
    status = 422 if form.errors else 200
    return render_template("hiring/invite.html", form=form, standing=standing, known=None), status


@bp.get("/positions/<int:position_id>/consent")
@allow("recruiter", "manager", scope="position")
def consent_versions(position_id: int) -> ResponseReturnValue:
    """What candidates were told in the company's own words, in all versions."""
    with reading() as session:
        standing, texts = desk.consent_versions(session, actor(), position_id)
    return render_template("hiring/consent.html", standing=standing, texts=texts, names=NAMES)


@bp.get("/positions/<int:position_id>/compare")
@allow("recruiter", "manager", scope="position")
def compare(position_id: int) -> ResponseReturnValue:
    """Two to six candidates side by side; each view of a result is journaled."""
    chosen = [int(raw) for raw in request.args.getlist("a")[:50] if _is_id(raw)]
    try:
        with writing() as session:
            page = comparing.compare_page(session, actor(), position_id, chosen, language(), now())
    except Invalid:
        flash(_("Tick two to six candidates to compare them."), "care")
        return redirect(url_for(".position", position_id=position_id))
    return render_template("hiring/compare.html", page=page)


def _is_id(raw: str) -> bool:
    return raw.isdecimal() and len(raw) < 20

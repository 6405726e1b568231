"""The members: list, one person, adding, roles, links, shutting out."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.admin.blueprint import bp, settings
from blueprints.admin.forms import AddForm, RolesForm, refuse
from blueprints.admin.routes import words
from blueprints.shared.guards import actor, allow, recent
from blueprints.shared.requests import asked_number, now
from services.accounts import links
from services.admin import membership
from services.admin import people as service
from services.admin.membership import Handed
from services.errors import Conflict, Invalid
from services.session import reading, writing


@bp.get("/")
@allow("admin")
def people() -> ResponseReturnValue:
    """All members, searched and page by page."""
    wanted = {name: words(name) for name in ("q", "role", "state")}
    with reading() as session:
        page = service.people_page(
            session,
            actor(),
            wanted["q"],
            wanted["role"],
            wanted["state"],
            asked_number("page") or 1,
        )
    return render_template("admin/people.html", page=page, wanted=wanted)


@bp.route("/people/new", methods=["GET", "POST"])
@allow("admin")
def add_person() -> ResponseReturnValue:
    """Add a member; the answer shows the link with which they join."""
    form = AddForm(roles=["learner"])
    if form.validate_on_submit():
        try:
            with writing() as session:
                handed = membership.add(
                    session, actor(), form.name.data, form.email.data, form.roles.data, now()
                )
            return _hand_over(handed, added=True)
        except Invalid as error:
            refuse(form, error)
        except Conflict:
            taken = _("A member with this mail address exists already.")
            form.email.errors = [*form.email.errors, taken]
    return render_template("admin/add_person.html", form=form), 422 if form.errors else 200


@bp.get("/people/<int:person_id>")
@allow("admin", scope="member")
def person(person_id: int) -> ResponseReturnValue:
    """One member."""
    return _person(person_id)


def _person(person_id: int, form: RolesForm | None = None) -> str:
    with reading() as session:
        page = service.person_page(session, actor(), person_id)
    form = form or RolesForm(formdata=None, roles=page.line.roles)
    return render_template("admin/person.html", page=page, form=form)


@bp.post("/people/<int:person_id>/roles")
@allow("admin", scope="member")
@recent
def change_roles(person_id: int) -> ResponseReturnValue:
    """Replace the roles of a member."""
    form = RolesForm()
    if form.validate():
        try:
            with writing() as session:
                membership.change_roles(session, actor(), person_id, form.roles.data, now())
            flash(_("The roles are changed, and the person is signed out everywhere."), "done")
            return redirect(url_for(".person", person_id=person_id), 303)
        except Invalid:
            form.roles.errors = [_("You cannot take the admin role from yourself.")]
    return _person(person_id, form), 422


@bp.post("/people/<int:person_id>/link")
@allow("admin", scope="member")
def new_link(person_id: int) -> ResponseReturnValue:
    """A new link to join, or for a new password: shown in the answer and nowhere else."""
    with writing() as session:
        handed = membership.hand_over(session, actor(), person_id, now())
    return _hand_over(handed)


def _hand_over(handed: Handed, added: bool = False) -> str:
    # In the answer itself: a redirect would have to keep the secret somewhere.
    link = links.address(settings().base_url, handed.purpose, handed.raw)
    mails = settings().smtp_url is not None
    return render_template("admin/link.html", handed=handed, link=link, added=added, mails=mails)


@bp.post("/people/<int:person_id>/disable")
@allow("admin", scope="member")
def disable(person_id: int) -> ResponseReturnValue:
    """Shut a member out."""
    with writing() as session:
        membership.disable(session, actor(), person_id, now())
    return _done(person_id, _("The person can no longer sign in."))


@bp.post("/people/<int:person_id>/enable")
@allow("admin", scope="member")
def enable(person_id: int) -> ResponseReturnValue:
    """Let a member in again."""
    with writing() as session:
        membership.enable(session, actor(), person_id, now())
    return _done(person_id, _("The person can sign in again."))


@bp.post("/people/<int:person_id>/sign-out")
@allow("admin", scope="member")
def sign_out_everywhere(person_id: int) -> ResponseReturnValue:
    """End the sessions of a member on all devices."""
    with writing() as session:
        membership.end_sessions(session, actor(), person_id, now())
    return _done(person_id, _("The person is signed out on every device."))


@bp.post("/people/<int:person_id>/second-factor")
@allow("admin", scope="member")
@recent
def take_factor_away(person_id: int) -> ResponseReturnValue:
    """Remove the second factor of a member who lost phone and codes."""
    with writing() as session:
        membership.take_factor_away(session, actor(), person_id, now())
    return _done(person_id, _("The second factor is taken away, and the person was told by mail."))


@bp.post("/people/<int:person_id>/erase")
@allow("admin", scope="member")
@recent
def erase(person_id: int) -> ResponseReturnValue:
    """Erase a member for good: the job does it within seconds."""
    with writing() as session:
        membership.erase(session, actor(), person_id, now())
    flash(_("The person is shut out and is being erased. This takes a few seconds."), "done")
    return redirect(url_for(".people"), 303)


def _done(person_id: int, told: str) -> ResponseReturnValue:
    """Back to the person's page, which says what was done."""
    flash(told, "done")
    return redirect(url_for(".person", person_id=person_id), 303)

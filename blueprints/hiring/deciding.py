"""After a decision: the letter to the candidate, and the candidate who becomes a member."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.hiring.blueprint import bp, refuse, said
from blueprints.hiring.candidate import bp as candidate_bp
from blueprints.hiring.forms import outcomes
from blueprints.hiring.pipeline_forms import HireForm, LetterForm
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import NAMES, language
from blueprints.shared.requests import now, whole_number
from services.errors import Conflict, Invalid
from services.hiring import letters, naming, welcoming
from services.session import reading, writing


@bp.get("/candidates/<int:application_id>/letter")
@allow("recruiter", "manager", scope="decided application")
def letter(application_id: int) -> ResponseReturnValue:
    """The letter about the newest decision: proposed, or as it was sent."""
    return _letter(application_id, None, 200)


def _hidden(application_id: int, position_id: int) -> bool:
    """Whether names are hidden in the reader's own view, and they have not asked for this one.

    Who asks for it is written into the journal.
    """
    if request.args.get("name") == "show":
        with writing() as session:
            naming.note_shown(session, actor(), application_id, position_id, now())
        return False
    with reading() as session:
        return naming.reader(session, actor(), position_id).blind


def _asks_name(application_id: int, title: str, position_id: int, page: str) -> ResponseReturnValue:
    """Say that the page needs the name before it shows it, also where a form was refused."""
    there = url_for(page, application_id=application_id, name="show")
    return render_template(
        "hiring/needs_name.html",
        application_id=application_id,
        called=naming.called(application_id, language()),
        title=title,
        position_id=position_id,
        there=there,
    )


def _letter(application_id: int, form: LetterForm | None, status: int) -> ResponseReturnValue:
    with reading() as session:
        page = letters.letter_page(session, actor(), application_id, now())
    if _hidden(application_id, page.position_id):
        return _asks_name(application_id, page.title, page.position_id, ".letter")
    if form is None:
        form = LetterForm(formdata=None, subject=page.subject, body=page.body)
        form.decision.data = str(page.decision_id)
    html = render_template(
        "hiring/letter.html", page=page, form=form, outcomes=outcomes(), languages=NAMES
    )
    return html, status


@bp.post("/candidates/<int:application_id>/letter")
@allow("recruiter", "manager", scope="decided application")
def send_letter(application_id: int) -> ResponseReturnValue:
    """Send it, once."""
    form = LetterForm()
    decision_id = whole_number(form.decision.data) or 0
    try:
        with writing() as session:
            letters.send(
                session,
                actor(),
                application_id,
                decision_id,
                form.subject.data or "",
                form.body.data or "",
                now(),
            )
        flash(_("The letter is on its way."), "done")
    except Invalid as error:
        refuse(form, error)
        return _letter(application_id, form, 422)
    except Conflict:
        flash(_("Somebody has decided anew since you opened the letter. Read it again."), "care")
    return redirect(url_for(".letter", application_id=application_id, name="show"), 303)


@bp.post("/candidates/<int:application_id>/letter/again")
@allow("recruiter", "manager", scope="decided application")
def send_letter_again(application_id: int) -> ResponseReturnValue:
    """Send the same letter once more, after nobody knows what became of it or it was refused."""
    try:
        with writing() as session:
            letters.send_again(session, actor(), application_id, now())
        flash(_("The letter is on its way."), "done")
    except Invalid as error:
        flash(said(error), "signal")
    return redirect(url_for(".letter", application_id=application_id, name="show"), 303)


@bp.get("/candidates/<int:application_id>/hire")
@allow("recruiter", "manager", scope="decided application")
def hire_page(application_id: int) -> ResponseReturnValue:
    """What becomes of somebody who is hired."""
    return _hire(application_id, None, 200)


def _hire(application_id: int, form: HireForm | None, status: int) -> ResponseReturnValue:
    with reading() as session:
        page = welcoming.hire_page(session, actor(), application_id, language())
    if _hidden(application_id, page.position_id):
        return _asks_name(application_id, page.title, page.position_id, ".hire_page")
    form = form or HireForm(formdata=None, email=page.email)
    return render_template("hiring/hire.html", page=page, form=form), status


@bp.post("/candidates/<int:application_id>/hire")
@allow("recruiter", "manager", scope="decided application")
def hire(application_id: int) -> ResponseReturnValue:
    """Make a member of them, once."""
    form = HireForm()
    modules = tuple(request.form.getlist("module")[:50])
    try:
        with writing() as session:
            welcoming.hire(session, actor(), application_id, form.email.data or "", modules, now())
        flash(_("They are a member now. The invitation to join is on its way."), "done")
    except Invalid as error:
        refuse(form, error)
        return _hire(application_id, form, 422)
    except Conflict as error:
        form.form_errors.append(
            _("First write down the decision “Hired”.")
            if error.message == "decision"
            else _("A member with this mail address exists already.")
        )
        return _hire(application_id, form, 409)
    return redirect(url_for(".hire_page", application_id=application_id, name="show"), 303)


@candidate_bp.get("/candidate/if-hired")
@allow("candidate", scope="own application")
def if_hired() -> ResponseReturnValue:
    """What a candidate says about their evidence, should they be hired."""
    with reading() as session:
        agreed = welcoming.own_choice(session, actor())
    return render_template("candidate/if_hired.html", agreed=agreed)


@candidate_bp.post("/candidate/if-hired")
@allow("candidate", scope="own application")
def choose_if_hired() -> ResponseReturnValue:
    """Keep it; it may be changed until the day of hiring."""
    agreed = request.form.get("carry") == "yes"
    with writing() as session:
        welcoming.choose(session, actor(), agreed, now())
    flash(_("Your choice is kept."), "done")
    return redirect(url_for(".if_hired"), 303)

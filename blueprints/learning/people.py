"""Trainers look after their learners: who has read what, and what is asked of whom."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from blueprints.learning.routes import bp
from blueprints.shared.forms import Form
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from services.errors import Invalid
from services.learning import assignments, prerequisites
from services.learning import people as service
from services.session import reading, writing

NEEDED = InputRequired(_l("Please fill this in."))
DAY = _l("Choose a day from today on, within two years.")


class AssignForm(Form):
    """A module and the day by which it is to be read."""

    module = SelectField(_l("Module"), [NEEDED], validate_choice=False)
    due_on = DateField(_l("To be read by"), [NEEDED])


@bp.get("/people")
@allow("trainer")
def people() -> ResponseReturnValue:
    """All learners, searched and page by page."""
    asked = request.args.get("q", "").strip()[:200]
    number = request.args.get("page", 1, type=int)
    with reading() as session:
        page = service.learners_page(session, actor(), asked, number, language(), now())
    return render_template("learning/people.html", page=page, asked=asked)


@bp.get("/people/<int:person_id>")
@allow("trainer", scope="learner")
def person(person_id: int) -> ResponseReturnValue:
    """One learner."""
    return _person(person_id)


def _person(person_id: int, form: AssignForm | None = None) -> str:
    with reading() as session:
        page = service.learner_page(session, actor(), person_id, language(), now())
    form = form or AssignForm(formdata=None)
    form.module.choices = [
        (module.key, module.titles.get(language(), module.titles["en"]))
        for module in page.open_modules
    ]
    return render_template("learning/person.html", page=page, form=form)


@bp.post("/people/<int:person_id>/assign")
@allow("trainer", scope="learner")
def assign(person_id: int) -> ResponseReturnValue:
    """Ask a learner to read a module by a day."""
    form = AssignForm()
    if form.validate() and form.due_on.data:
        try:
            with writing() as session:
                assignments.assign(
                    session, actor(), person_id, form.module.data, form.due_on.data, now()
                )
            flash(_("The module is assigned; it stands on the learner's first page."), "done")
            return redirect(url_for(".person", person_id=person_id), 303)
        except Invalid as error:
            if "module" in error.fields:
                form.module.errors = [_("Choose a module of the course.")]
            if "due_on" in error.fields:
                form.due_on.errors = [str(DAY)]
    return _person(person_id, form), 422


@bp.post("/people/<int:person_id>/assignments/<int:assignment_id>/withdraw")
@allow("trainer", scope="learner")
def withdraw(person_id: int, assignment_id: int) -> ResponseReturnValue:
    """Take an assignment back."""
    with writing() as session:
        assignments.withdraw(session, actor(), person_id, assignment_id, now())
    flash(_("The assignment is taken back."), "done")
    return redirect(url_for(".person", person_id=person_id), 303)


@bp.post("/people/<int:person_id>/modules/<module>/open")
@allow("trainer", scope="learner")
def open_module(person_id: int, module: str) -> ResponseReturnValue:
    """Let a learner into a module before what comes first is done."""
    try:
        with writing() as session:
            prerequisites.waive(session, actor(), person_id, module, now())
    except Invalid:
        flash(_("Choose a module of the course."), "care")
    else:
        flash(_("The module is open for this learner. It stands in the audit log."), "done")
    return redirect(url_for(".person", person_id=person_id), 303)


@bp.post("/people/<int:person_id>/modules/<module>/close")
@allow("trainer", scope="learner")
def close_module(person_id: int, module: str) -> ResponseReturnValue:
    """Take back that a module was opened; it asks for what comes first again."""
    with writing() as session:
        prerequisites.take_back(session, actor(), person_id, module, now())
    flash(_("Taken back: the module asks for what comes first again. What was read stays."), "done")
    return redirect(url_for(".person", person_id=person_id), 303)

"""New lessons, translations and modules; a lesson thrown away before anybody read it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from blueprints.authoring.new_forms import LessonForm, ModuleForm
from blueprints.authoring.routes import bp
from blueprints.authoring.typing_forms import LESSON, number
from blueprints.shared.forms import Form
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from blueprints.shared.words import said
from services.authoring import beginning
from services.authoring.access import path_of
from services.authoring.beginning import Choices, NewLesson, NewModule
from services.errors import Conflict, Invalid
from services.session import reading, writing


@bp.get("/new")
@allow("trainer")
def new_lesson() -> ResponseReturnValue:
    """The form that a lesson begins with."""
    form = LessonForm(formdata=None)
    form.module.data = request.args.get("module", "")
    return _lesson(form)


def _lesson(form: LessonForm, status: int = 200) -> ResponseReturnValue:
    offered = _offered(form)
    form.module.choices = [SelectChoice(key, title) for key, title in offered.modules]
    return render_template("authoring/new.html", form=form), status


def _offered(form: LessonForm | ModuleForm) -> Choices:
    with reading() as session:
        offered = beginning.choices(session, actor(), language())
    form.competencies.choices = [
        SelectChoice(code, f"{code} · {name}") for code, name in offered.competencies
    ]
    return offered


@bp.post("/new")
@allow("trainer")
def begin_lesson() -> ResponseReturnValue:
    """Put the lesson there, seen by trainers only, and open its editor."""
    form = LessonForm()
    if not form.validate():
        return _lesson(form, 422)
    given = NewLesson(
        module=form.module.data or "",
        title=form.title.data or "",
        name=form.name.data or "",
        facts=form.facts(),
        text=form.text.data or "",
    )
    try:
        with writing() as session:
            path = beginning.begin_lesson(session, actor(), given, now())
    except Invalid as refusal:
        _mark(form, refusal)
        return _lesson(form, 422)
    flash(_("The lesson is there. Only trainers see it until you publish it."), "done")
    return _to_editor(path)


def _mark(form: Form, refusal: Invalid) -> None:
    """Each refusal at its field; what has no field here stands above the form."""
    for field, message in refusal.fields.items():
        if field in form:
            form[field].errors = [said(message)]
        else:
            form.form_errors.append(said(message))


def _to_editor(path: str) -> ResponseReturnValue:
    module, _slash, file = path.removeprefix("courses/").partition("/")
    return redirect(url_for(".edit", module=module, name=file.removesuffix(".md")), 303)


@bp.get("/new/module")
@allow("trainer")
def new_module() -> ResponseReturnValue:
    """The form that a module begins with."""
    return _module(ModuleForm(formdata=None))


def _module(form: ModuleForm, status: int = 200) -> ResponseReturnValue:
    _offered(form)
    return render_template("authoring/new_module.html", form=form), status


@bp.post("/new/module")
@allow("trainer")
def begin_module() -> ResponseReturnValue:
    """Put the module there, closed, and go on to its first lesson."""
    form = ModuleForm()
    if not form.validate():
        return _module(form, 422)
    given = NewModule(
        name=form.name.data or "",
        titles={"en": form.title.data or "", "zh_Hans": form.title_zh.data or ""},
        summaries={"en": form.summary.data or "", "zh_Hans": form.summary_zh.data or ""},
        competencies=tuple(form.competencies.data or ()),
    )
    try:
        with writing() as session:
            key = beginning.begin_module(session, actor(), given, now())
    except Invalid as refusal:
        _mark(form, refusal)
        return _module(form, 422)
    flash(_("The module is there, closed. Publish a lesson in it, then open it."), "done")
    return redirect(url_for(".new_lesson", module=key), 303)


@bp.post(f"{LESSON}/translate")
@allow("trainer")
def begin_translation(module: str, name: str) -> ResponseReturnValue:
    """Begin the Chinese text of a lesson from its English one."""
    with writing() as session:
        path = beginning.begin_translation(session, actor(), path_of(module, name), now())
    flash(_("Write over the English text. Readers see the translation once you publish it."))
    return _to_editor(path)


@bp.post(f"{LESSON}/abandon")
@allow("trainer")
def abandon_lesson(module: str, name: str) -> ResponseReturnValue:
    """Throw a lesson away that was never published."""
    try:
        with writing() as session:
            beginning.abandon(session, actor(), path_of(module, name), number("version"), now())
    except Conflict:
        flash(_("Somebody saved or published this lesson meanwhile, so it was kept."), "care")
        return redirect(url_for(".edit", module=module, name=name), 303)
    flash(_("The lesson is thrown away. No reader had seen it."), "done")
    return redirect(url_for(".index"), 303)

"""Arranging the course: a module's order, lessons, prerequisites, state and audience."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.routes import bp
from blueprints.authoring.typing_forms import number
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now
from domain.library.courses import READERS
from services.authoring import courses as arranging
from services.errors import Conflict, Invalid
from services.session import reading, writing


@bp.get("/courses")
@allow("trainer")
def courses() -> ResponseReturnValue:
    """All modules in their order."""
    with reading() as session:
        modules = arranging.modules(session, actor())
    return render_template("authoring/courses.html", modules=modules)


@bp.get("/courses/<key>")
@allow("trainer")
def course(key: str) -> ResponseReturnValue:
    """One module's form."""
    return _form(key)


def _form(
    key: str,
    given: arranging.Arranged | None = None,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    with reading() as session:
        modules = arranging.modules(session, actor())
        module = arranging.module(session, actor(), key)
    shown = given or arranging.Arranged(
        str(module.order), "\n".join(module.lessons), module.requires, module.state,
        module.roles or READERS,
    )  # fmt: skip
    html = render_template(
        "authoring/courses_module.html",
        module=module,
        modules=modules,
        given=shown,
        faults=faults or {},
        stale=status == 409,
    )
    return html, status


@bp.post("/courses/<key>")
@allow("trainer")
def arrange_course(key: str) -> ResponseReturnValue:
    """Publish the module as it is arranged now."""
    form = request.form
    given = arranging.Arranged(
        form.get("order", "")[:20],
        form.get("lessons", "")[:4000],
        tuple(form.getlist("requires")[:50]),
        form.get("state", "")[:20],
        tuple(form.getlist("roles")[:5]),
    )
    try:
        with writing() as session:
            new = arranging.arrange(session, actor(), key, given, number("number"), now())
    except Conflict:
        return _form(key, given, None, 409)
    except Invalid as error:
        return _form(key, given, error.fields, 422)
    if new:
        flash(_("The module is published as it stands here."), "done")
    else:
        flash(_("Nothing was changed."))
    return redirect(url_for(".courses"), 303)

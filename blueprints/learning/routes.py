"""The course: contents, lessons, progress."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now, wants_json
from services.learning import pages, progress
from services.session import reading, writing

bp = Blueprint("learning", __name__, url_prefix="/learn")


@bp.get("/")
@allow("learner", "trainer")
def contents() -> ResponseReturnValue:
    """All modules and lessons, with the reader's progress."""
    with reading() as session:
        modules = pages.contents(session, actor(), language())
    return render_template("learning/contents.html", modules=modules)


@bp.get("/<module>/<name>")
@allow("learner", "trainer")
def lesson(module: str, name: str) -> ResponseReturnValue:
    """One lesson."""
    with reading() as session:
        page = pages.lesson_page(session, actor(), f"{module}/{name}", language(), now())
    return render_template("learning/lesson.html", page=page)


@bp.post("/<module>/<name>/place")
@allow("learner", "trainer")
def keep_place(module: str, name: str) -> ResponseReturnValue:
    """Remember that a section was read."""
    section = request.form.get("section", "")
    with writing() as session:
        progress.keep_place(session, actor(), f"{module}/{name}", section, language(), now())
    if wants_json():
        return "", 204
    return redirect(url_for(".lesson", module=module, name=name, _anchor=section))


@bp.post("/<module>/<name>/finish")
@allow("learner", "trainer")
def finish(module: str, name: str) -> ResponseReturnValue:
    """The whole lesson was read: on to its quiz."""
    with writing() as session:
        progress.finish(session, actor(), f"{module}/{name}", language(), now())
    return redirect(url_for(".lesson", module=module, name=name, _anchor="quiz"))

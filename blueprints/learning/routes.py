"""The course: contents, lessons, progress."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.fragments import fragment, whole_page
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now, wants_json
from services.learning import pages, progress, unclear
from services.learning.prerequisites import Waiting
from services.library import search as searching
from services.library import words
from services.session import reading, writing

bp = Blueprint("learning", __name__, url_prefix="/learn")


@bp.get("/")
@allow("learner", "trainer")
def contents() -> ResponseReturnValue:
    """All modules and lessons, with the reader's progress."""
    with reading() as session:
        modules = pages.contents(session, actor(), language())
    return render_template("learning/contents.html", modules=modules)


@bp.get("/glossary")
@allow("learner", "trainer")
def glossary() -> ResponseReturnValue:
    """The words of the trade: all, those of one lesson, or those that are asked for."""
    asked = request.args.get("q", "").strip()[:80]
    lesson_key = request.args.get("lesson", "")
    with reading() as session:
        if lesson_key:
            found = words.of_lesson(session, language(), lesson_key)
        else:
            found = words.find(session, language(), asked)
    return render_template(
        "learning/glossary.html", words=found, asked=asked, lesson_key=lesson_key
    )


@bp.get("/search")
@allow("learner", "trainer")
def search() -> ResponseReturnValue:
    """Lessons and words that hold what is asked for; for trainers items and drafts too."""
    asked = request.args.get("q", "")[: searching.LONGEST]
    with reading() as session:
        found = searching.search(session, actor(), asked, language())
    return render_template("learning/search.html", found=found)


@bp.get("/<module>/<name>")
@allow("learner", "trainer")
def lesson(module: str, name: str) -> ResponseReturnValue:
    """One lesson."""
    with reading() as session:
        try:
            page = pages.lesson_page(session, actor(), f"{module}/{name}", language(), now())
        except Waiting:
            return _why(module)
    return whole_page(
        "learning/lesson.html",
        (page.frame.key, page.frame.library_version, page.overdue),
        _parts(page),
        frame=page.frame,
        overdue=page.overdue,
    )


def _why(module: str) -> ResponseReturnValue:
    """On to the contents, which says what comes before this module."""
    return redirect(url_for(".contents", _anchor=module), 302 if request.method == "GET" else 303)


def _parts(page: pages.LessonPage) -> dict[str, str]:
    """What of a lesson's page is the reader's own."""
    frame = page.frame
    which = (frame.key, frame.library_version, language())
    state = (page.finished, page.quiz_attempt_id, page.quiz_state, page.again)
    return {
        "outline": fragment(
            "learning/_outline.html",
            (which, page.read),
            frame=frame,
            read=page.read,
            minutes_left=page.minutes_left,
        ),
        "resume": fragment("learning/_resume.html", (which, page.resume), resume=page.resume)
        if page.resume
        else "",
        "end": fragment(
            "learning/_end.html",
            (which, state),
            frame=frame,
            finished=page.finished,
            quiz_attempt_id=page.quiz_attempt_id,
            quiz_state=page.quiz_state,
            again=page.again,
        ),
    }


@bp.post("/<module>/<name>/place")
@allow("learner", "trainer")
def keep_place(module: str, name: str) -> ResponseReturnValue:
    """Remember that a section was read."""
    section = request.form.get("section", "")
    try:
        with writing() as session:
            progress.keep_place(session, actor(), f"{module}/{name}", section, language(), now())
    except Waiting:
        return _why(module)
    if wants_json():
        return "", 204
    return redirect(url_for(".lesson", module=module, name=name, _anchor=section))


@bp.post("/<module>/<name>/unclear")
@allow("learner", "trainer")
def mark_unclear(module: str, name: str) -> ResponseReturnValue:
    """A section is unclear to this reader; the trainers see it."""
    section = request.form.get("section", "")
    try:
        with writing() as session:
            new = unclear.mark(session, actor(), f"{module}/{name}", section, language(), now())
    except Waiting:
        return _why(module)
    if new:
        flash(_("Thank you. The trainers see now that this section is unclear."), "done")
    else:
        flash(_("You have told the trainers about this section already."))
    return redirect(url_for(".lesson", module=module, name=name, _anchor=section), 303)


@bp.post("/<module>/<name>/finish")
@allow("learner", "trainer")
def finish(module: str, name: str) -> ResponseReturnValue:
    """The whole lesson was read: on to its quiz."""
    try:
        with writing() as session:
            progress.finish(session, actor(), f"{module}/{name}", language(), now())
    except Waiting:
        return _why(module)
    return redirect(url_for(".lesson", module=module, name=name, _anchor="quiz"))

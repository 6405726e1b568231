"""Items that begin here: new ones and copies. And tags for many at once."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.routes import bp
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from domain.assessment.items import KINDS
from services.authoring import access, item_beginning, item_sheets, tagging
from services.errors import Conflict, Invalid
from services.session import reading, writing


@bp.get("/items/new")
@allow("trainer")
def new_item() -> ResponseReturnValue:
    """Choose the kind of a new question and what it is about."""
    return _new()


def _new(status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        access.author(actor())
        codes = item_sheets.competencies(session, language())
    given = request.form
    html = render_template(
        "authoring/item_new.html", kinds=KINDS, competencies=codes, given=given, bad=status == 422
    )
    return html, status


@bp.post("/items/new")
@allow("trainer")
def begin_item() -> ResponseReturnValue:
    """Begin a draft of the chosen kind."""
    kind, home = request.form.get("kind", ""), request.form.get("competency", "")
    try:
        with writing() as session:
            key = item_beginning.begin(session, actor(), kind, home, now())
    except Invalid:
        return _new(422)
    return redirect(url_for(".edit_item", key=key), 303)


@bp.post("/items/<key>/copy")
@allow("trainer")
def copy_item(key: str) -> ResponseReturnValue:
    """Begin a draft that says what this item says."""
    with writing() as session:
        copied = item_beginning.copy(session, actor(), key, now())
    flash(_("This is a copy of %(key)s. Nobody is asked it until you publish it.", key=key), "done")
    return redirect(url_for(".edit_item", key=copied), 303)


@bp.post("/items/tags")
@allow("trainer")
def tag_items() -> ResponseReturnValue:
    """What tagging the ticked items would change; then, once it is confirmed, the change."""
    form = request.form
    keys = tuple(form.getlist("key")[: tagging.MOST])
    tags = {name: form.get(name, "").strip()[:200] for name in tagging.FIELDS}
    with reading() as session:
        plan = tagging.plan(session, actor(), keys, tags)
    if form.get("confirm") != "yes" or plan.faults:
        status = 422 if plan.faults else 200
        return render_template("authoring/item_tags.html", plan=plan, tags=tags), status
    try:
        with writing() as session:
            count = tagging.carry_out(session, actor(), plan, now())
    except Conflict:
        flash(_("Somebody changed one of these items meanwhile. Nothing was tagged."), "care")
    else:
        flash(_("Tagged and published: %(count)s.", count=count), "done")
    return redirect(url_for(".item_list"), 303)

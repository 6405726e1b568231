"""The editor of an item: draft, both previews, publishing; and tagging of many."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.routes import bp
from blueprints.authoring.typing_forms import number, refusal
from blueprints.shared.guards import actor, allow
from blueprints.shared.requests import now
from services.authoring import item_checking, item_editing, tagging
from services.authoring.publishing import Unsound
from services.errors import Conflict, Invalid
from services.measuring.pages import item_told
from services.session import reading, writing

ITEM = "/items/<key>"


@bp.get(f"{ITEM}/edit")
@allow("trainer")
def edit_item(key: str) -> ResponseReturnValue:
    """The editor, with the draft or the published text in it."""
    return _editor(key)


def _editor(
    key: str,
    typed: item_editing.Typed | None = None,
    status: int = 200,
    message: str = "",
    theirs: str | None = None,
) -> ResponseReturnValue:
    with reading() as session:
        page = item_editing.edit_page(session, actor(), key, typed)
        told = item_told(session, actor(), key)
    html = render_template(
        "authoring/item_edit.html", page=page, told=told, message=message, theirs=theirs
    )
    return html, status


def _typed() -> item_editing.Typed:
    return item_editing.Typed(request.form.get("source", ""), number("base"), number("version"))


def _both(key: str, conflict: Conflict, typed: item_editing.Typed) -> ResponseReturnValue:
    """409 with both texts; the form goes on from what stands now, with what was typed in it."""
    stands = conflict.current
    if not isinstance(stands, item_editing.ItemText):
        raise conflict
    mine = item_editing.Typed(typed.source, stands.number, stands.version)
    return _editor(key, mine, 409, theirs=stands.source)


@bp.post(f"{ITEM}/edit")
@allow("trainer")
def save_item(key: str) -> ResponseReturnValue:
    """Keep the text as the draft."""
    typed = _typed()
    try:
        with writing() as session:
            item_editing.save(session, actor(), key, typed, now())
    except Conflict as conflict:
        return _both(key, conflict, typed)
    except Invalid as error:
        return _editor(key, typed, 422, refusal(error))
    flash(_("The draft is saved. Nobody is asked it until you publish it."), "done")
    return redirect(url_for(".edit_item", key=key), 303)


@bp.post(f"{ITEM}/preview")
@allow("trainer")
def preview_item(key: str) -> ResponseReturnValue:
    """The typed text as candidates and markers would see it; nothing is kept."""
    return _editor(key, _typed())


@bp.post(f"{ITEM}/publish")
@allow("trainer")
def publish_item(key: str) -> ResponseReturnValue:
    """Make the text the one that is asked from now on."""
    typed = _typed()
    with reading() as session:  # checked before the writers' queue: it may take two seconds
        path = item_editing.item_text(session, actor(), key).path
        checked = item_checking.check(session, path, key, typed.source)
    try:
        with writing() as session:
            new = item_editing.publish(
                session, actor(), key, typed, checked, request.form.get("reason", ""), now()
            )
    except Conflict as conflict:
        return _both(key, conflict, typed)
    except Unsound:
        return _editor(key, typed, 422)
    except Invalid as error:
        return _editor(key, typed, 422, refusal(error))
    if new:
        flash(_("The item is published. Attempts that run keep the text they began with."), "done")
    else:
        flash(_("This text is published already."))
    return redirect(url_for(".item", key=key), 303)


@bp.post(f"{ITEM}/discard")
@allow("trainer")
def discard_item(key: str) -> ResponseReturnValue:
    """Throw the draft away."""
    try:
        with writing() as session:
            item_editing.discard(session, actor(), key, number("version"))
    except Conflict:
        flash(_("Somebody saved this draft since you opened the page, so it was kept."), "care")
    else:
        flash(_("The draft is discarded. Readers saw nothing of it."), "done")
    return redirect(url_for(".edit_item", key=key), 303)


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

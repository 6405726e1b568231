"""Drafts, preview, publishing, and the item bank as trainers see it."""

from dataclasses import replace

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now, wants_json
from services.authoring import drafts, items, pages, previewing, publishing
from services.authoring.access import path_of
from services.authoring.drafts import Clash, TooLong, Typed
from services.authoring.publishing import LONGEST_REASON, Unsound
from services.errors import Conflict, Invalid, NotFound
from services.measuring.pages import item_told
from services.session import reading, writing

bp = Blueprint("authoring", __name__, url_prefix="/author")
LESSON = "/lessons/<module>/<name>"


@bp.get("/")
@allow("trainer")
def index() -> ResponseReturnValue:
    """All lessons by module, with their drafts."""
    with reading() as session:
        modules = pages.index(session, actor(), language(), now())
    return render_template("authoring/index.html", modules=modules)


@bp.get(LESSON)
@allow("trainer")
def edit(module: str, name: str) -> ResponseReturnValue:
    """The editor, with the draft or the published text in it."""
    revision = request.args.get("revision", type=int)
    if revision is not None and not 0 < revision < 2**31:
        raise NotFound
    with reading() as session:
        page = pages.editor_page(
            session, actor(), path_of(module, name), language(), revision=revision
        )
    return render_template("authoring/editor.html", page=page)


@bp.post(LESSON)
@allow("trainer")
def save_draft(module: str, name: str) -> ResponseReturnValue:
    """Keep the text as the draft."""
    typed = _typed()
    try:
        with writing() as session:
            version = drafts.save_draft(session, actor(), path_of(module, name), typed, now())
    except Conflict as conflict:
        return _conflict(conflict)
    except TooLong as error:
        return _again(module, name, typed, 413, _refusal(error))
    if wants_json():
        return jsonify(version=version)
    flash(_("The draft is saved. Readers see no change until you publish it."), "done")
    return redirect(url_for(".edit", module=module, name=name))


@bp.post("/preview")
@allow("trainer")
def preview() -> ResponseReturnValue:
    """The typed text as a reader would see it, and its problems: a fragment for the editor."""
    module, _slash, name = request.form.get("lesson", "").partition("/")
    with reading() as session:
        checked = previewing.check(
            session, actor(), path_of(module, name), request.form.get("source", "")
        )
    # Half a sentence is a good request: its problems are the answer and no error.
    status = 413 if checked.too_large else 200
    return render_template("authoring/_checked.html", checked=checked), status


@bp.post(f"{LESSON}/preview")
@allow("trainer")
def preview_page(module: str, name: str) -> ResponseReturnValue:
    """The same without script: the whole page, and the difference to the published text."""
    return _again(module, name, _typed())


@bp.post(f"{LESSON}/publish")
@allow("trainer")
def publish(module: str, name: str) -> ResponseReturnValue:
    """Make the text the one that readers see."""
    typed, path = _typed(), path_of(module, name)
    with reading() as session:  # checked before the writers' queue: it may take two seconds
        checked = previewing.check(session, actor(), path, typed.source)
    try:
        with writing() as session:
            outcome = publishing.publish(
                session, actor(), path, typed, checked, request.form.get("reason", ""), now()
            )
    except Conflict as conflict:
        return _conflict(conflict)
    except Unsound:
        return _again(module, name, typed)
    except Invalid as error:
        return _again(module, name, typed, 422, _refusal(error))
    if outcome.new:
        flash(_("Revision %(n)s is published: readers see it now.", n=outcome.number), "done")
    else:
        flash(_("This text is revision %(n)s, which readers see already.", n=outcome.number))
    return redirect(url_for(".edit", module=module, name=name))


@bp.post(f"{LESSON}/discard")
@allow("trainer")
def discard_draft(module: str, name: str) -> ResponseReturnValue:
    """Throw the draft away."""
    version = request.form.get("version", 0, type=int)
    try:
        with writing() as session:
            drafts.discard_draft(session, actor(), path_of(module, name), version, now())
    except Conflict:
        flash(_("Somebody saved this draft since you opened the page, so it was kept."), "care")
    else:
        flash(_("The draft is discarded. Readers saw nothing of it."), "done")
    return redirect(url_for(".edit", module=module, name=name))


@bp.get(f"{LESSON}/history")
@allow("trainer")
def history(module: str, name: str) -> ResponseReturnValue:
    """All revisions, and two of them compared."""
    old, new = request.args.get("old"), request.args.get("new")
    with reading() as session:
        page = pages.history_page(session, actor(), path_of(module, name), old, new)
    return render_template("authoring/history.html", page=page)


@bp.get("/items")
@allow("trainer")
def item_list() -> ResponseReturnValue:
    """The item bank, overdue items first."""
    words = {name: request.args.get(name, "") for name in ("competency", "pool", "kind")}
    number = request.args.get("page", 1, type=int)
    with reading() as session:
        page = items.items_page(session, actor(), items.Filter(**words), number, now())
    return render_template("authoring/items.html", page=page)


@bp.get("/items/<key>")
@allow("trainer")
def item(key: str) -> ResponseReturnValue:
    """One item with its keys and reasons."""
    with reading() as session:
        page = items.item_page(session, actor(), key, now())
        told = item_told(session, actor(), key)
    return render_template("authoring/item.html", page=page, told=told)


def _typed() -> Typed:
    """The form's text with the state that it was read at; nonsense there is a 400."""
    try:
        base, version = int(request.form["base"]), int(request.form["version"])
    except ValueError:
        abort(400)
    if not (0 < base < 2**31 and 0 <= version < 2**31):
        abort(400)
    return Typed(request.form.get("source", ""), base, version)


def _again(
    module: str, name: str, typed: Typed, status: int | None = None, message: str = ""
) -> ResponseReturnValue:
    """The editor once more, with what was typed still in it."""
    with reading() as session:
        page = pages.editor_page(session, actor(), path_of(module, name), language(), typed)
    page = replace(page, reason=request.form.get("reason", ""))
    html = render_template("authoring/editor.html", page=page, message=message)
    return html, status or _status(page.checked)


def _status(checked: previewing.Checked) -> int:
    if checked.too_large:
        return 413
    return 200 if checked.sound else 422


def _conflict(conflict: Conflict) -> ResponseReturnValue:
    """Both texts, so that nothing typed is lost."""
    clash = conflict.current
    if wants_json() or not isinstance(clash, Clash):
        raise conflict
    html = render_template(
        "authoring/conflict.html", clash=clash, reason=request.form.get("reason", "")
    )
    return html, 409


def _refusal(error: Invalid) -> str:
    if isinstance(error, TooLong):
        said = _("The text is too long and was not saved. It still stands in the form.")
    elif "reason" in error.fields:
        said = _("Say what changed in up to %(most)s characters.", most=LONGEST_REASON)
    else:
        said = _("Reload the page and send the form again.")
    return str(said)

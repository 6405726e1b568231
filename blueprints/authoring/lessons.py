"""The editor of a lesson: its draft, its preview, its front matter as a form."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.routes import bp
from blueprints.authoring.typing_forms import (
    GREATEST,
    LESSON,
    again,
    both_texts,
    refusal,
    source,
    typed,
)
from blueprints.shared.guards import actor, allow
from blueprints.shared.locale import language
from blueprints.shared.requests import now, wants_json
from services.authoring import drafts, pages, previewing
from services.authoring.access import path_of
from services.authoring.drafts import TooLong
from services.errors import Conflict, NotFound
from services.session import reading, writing


@bp.get(LESSON)
@allow("trainer")
def edit(module: str, name: str) -> ResponseReturnValue:
    """The editor, with the draft or the published text in it."""
    revision, save = (request.args.get(word, type=int) for word in ("revision", "save"))
    if any(number is not None and not 0 < number < GREATEST for number in (revision, save)):
        raise NotFound
    with reading() as session:
        page = pages.editor_page(
            session, actor(), path_of(module, name), language(), now(), revision=revision, save=save
        )
    return render_template("authoring/editor.html", page=page)


@bp.post(LESSON)
@allow("trainer")
def save_draft(module: str, name: str) -> ResponseReturnValue:
    """Keep the text as the draft."""
    form = typed(module, name)
    try:
        with writing() as session:
            version = drafts.save_draft(session, actor(), path_of(module, name), form, now())
    except Conflict as conflict:
        return both_texts(conflict)
    except TooLong as error:
        return again(module, name, form, 413, refusal(error))
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
    return again(module, name, typed(module, name))


@bp.post(f"{LESSON}/facts")
@allow("trainer")
def write_facts(module: str, name: str) -> ResponseReturnValue:
    """The text with the form's fields in it, and the form as it reads then; nothing is kept."""
    text = source(module, name)
    if not wants_json():
        return again(module, name, typed(module, name))
    with reading() as session:
        facts, beside = pages.facts_page(session, actor(), path_of(module, name), text)
    html = render_template("authoring/_facts.html", facts=facts, beside=beside)
    return jsonify(source=text, form=html)


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

"""What the editor's form sends, and the two answers that keep what was typed."""

from dataclasses import replace

from flask import abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.shared.guards import actor
from blueprints.shared.locale import language
from blueprints.shared.requests import now, wants_json, whole_number
from services.authoring import facts, pages, previewing
from services.authoring.access import path_of
from services.authoring.drafts import Clash, TooLong, Typed
from services.authoring.publishing import LONGEST_REASON, Unapproved
from services.errors import Conflict, Invalid
from services.session import reading

LESSON = "/lessons/<module>/<name>"
GREATEST = 2**31


def typed(module: str, name: str) -> Typed:
    """The form's text with the state that it was read at; nonsense there is a 400."""
    base, version, step = (number(field) for field in ("base", "version", "step"))
    if base < 1:
        abort(400)
    return Typed(source(module, name), base, version, request.form.get("tab", "")[:40], step)


def number(field: str, default: str = "0") -> int:
    """A whole number that the page itself put into the form; anything else is a 400."""
    found = whole_number(request.form.get(field, default))
    if found is None or found >= GREATEST:
        abort(400)
    return found


def source(module: str, name: str) -> str:
    """The text, with the fields of the front matter's form written into it."""
    given = {
        field.removeprefix("fact."): value
        for field, value in request.form.items()
        if field.startswith("fact.")
    }
    if current := request.form.get("current"):
        given["translation_of"] = current[:12]
    text, were = request.form.get("source", ""), request.form.get("facts", "")
    return facts.written(path_of(module, name), text, were, given)


def again(
    module: str, name: str, form: Typed, status: int | None = None, message: str = ""
) -> ResponseReturnValue:
    """The editor once more, with what was typed still in it."""
    with reading() as session:
        page = pages.editor_page(session, actor(), path_of(module, name), language(), now(), form)
    page = replace(page, reason=request.form.get("reason", ""))
    html = render_template("authoring/editor.html", page=page, message=message)
    return html, status or _status(page.checked)


def _status(checked: previewing.Checked) -> int:
    if checked.too_large:
        return 413
    return 200 if checked.sound else 422


def both_texts(conflict: Conflict) -> ResponseReturnValue:
    """A conflict with both texts, so that nothing typed is lost: a page, or JSON for a script."""
    clash = conflict.current
    if not isinstance(clash, Clash):
        raise conflict
    if wants_json():
        told = {
            "kind": clash.kind,
            "mine": clash.mine,
            "theirs": clash.theirs,
            "merged": clash.joined,
            "base": clash.base,
            "version": clash.version,
            "by": clash.by,
            "at": clash.at.isoformat(),
        }
        error = {"status": 409, "message": conflict.message, "fields": {}}
        return jsonify(error=error, clash=told), 409
    html = render_template(
        "authoring/conflict.html", clash=clash, reason=request.form.get("reason", "")
    )
    return html, 409


def refusal(error: Invalid) -> str:
    """Why a form was refused, in the person's language."""
    if isinstance(error, TooLong):
        said = _("The text is too long and was not saved. It still stands in the form.")
    elif isinstance(error, Unapproved):
        said = _("Somebody else has to approve this text first. Save it and ask for a review.")
    elif "reason" in error.fields:
        said = _("Say what changed in up to %(most)s characters.", most=LONGEST_REASON)
    elif "due_at" in error.fields:
        said = _("Choose a day and a time later than now, within a year.")
    else:
        said = _("Reload the page and send the form again.")
    return str(said)

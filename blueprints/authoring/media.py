"""The library of pictures."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.routes import bp
from blueprints.shared.guards import MEMBERS, actor, allow
from blueprints.shared.requests import now, wants_json
from blueprints.shared.uploads import sent_file, takes_file
from services.authoring import media, showing
from services.errors import Conflict, Invalid
from services.session import reading, writing

media_bp = Blueprint("media", __name__)


@bp.get("/media")
@allow("trainer")
def pictures() -> ResponseReturnValue:
    """All pictures, newest first, with where they are shown."""
    return _library()


def _library(faults: dict[str, str] | None = None, status: int = 200) -> ResponseReturnValue:
    words, number = request.args.get("q", ""), request.args.get("page", 1, type=int)
    with reading() as session:
        page = media.library(session, actor(), words.replace("\0", ""), number)
    html = render_template(
        "authoring/media.html", page=page, faults=faults or {}, typed=request.form
    )
    return html, status


@bp.post("/media")
@allow("trainer")
@takes_file(media.MOST_BYTES)
def add_picture() -> ResponseReturnValue:
    """Encode a picture anew and keep it; its words are required.

    Answers with what to write in the text, as JSON for the editor: {"key", "markdown"}.
    """
    data, name = sent_file("file", media.MOST_BYTES)
    alt = request.form.get("alt", "")
    try:
        if not name:
            raise Invalid(fields={"file": "Choose a file first."})
        encoded = media.encode(data)
        with writing() as session:
            key = media.add(session, actor(), encoded, name, alt, now())
    except Invalid as refusal:
        if wants_json():
            raise
        return _library(refusal.fields, 422)
    markdown = f"![{' '.join(alt.split())}](media:{key})"
    if wants_json():
        return jsonify(key=key, markdown=markdown), 201
    flash(_("The picture is kept. Write %(markdown)s where it is to be seen.", markdown=markdown),
          "done")  # fmt: skip
    return redirect(url_for(".pictures"), 303)


@bp.post("/media/<int:picture_id>")
@allow("trainer", scope="picture")
def describe_picture(picture_id: int) -> ResponseReturnValue:
    """Change the words for a picture."""
    try:
        with writing() as session:
            media.describe(session, actor(), picture_id, request.form.get("alt", ""), now())
    except Invalid as refusal:
        return _library(refusal.fields, 422)
    flash(_("The words are saved."), "done")
    return redirect(url_for(".pictures"), 303)


@bp.post("/media/<int:picture_id>/remove")
@allow("trainer", scope="picture")
def remove_picture(picture_id: int) -> ResponseReturnValue:
    """Take a picture out; one that is shown somewhere stays."""
    try:
        with writing() as session:
            media.remove(session, actor(), picture_id, now())
        flash(_("The picture was taken out of the library."), "done")
    except Conflict:
        flash(_("This picture is shown somewhere, so it stays."), "care")
    return redirect(url_for(".pictures"), 303)


@media_bp.get("/media/<key>")
@allow(*MEMBERS, "candidate")
def shown_picture(key: str) -> ResponseReturnValue:
    """The bytes of a picture, for whoever may read a text that shows it.

    Its key never gets other bytes, so the browser of somebody who has seen it keeps it.
    """
    with reading() as session:
        kind, digest, data = showing.shown(session, actor(), key)
    if request.if_none_match.contains(digest):
        return Response(status=304)
    response = Response(data, content_type=kind)
    response.set_etag(digest)
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

"""A position's applications as a file: ask for it, see how far it is, fetch it."""

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.integration.blueprint import bp
from blueprints.shared.downloads import attached
from blueprints.shared.guards import actor, allow, recent
from blueprints.shared.requests import now
from services.hiring import exports as service
from services.session import reading, writing


@bp.get("/hiring/positions/<int:position_id>/export")
@allow("recruiter", "manager", scope="position")
def exports(position_id: int) -> ResponseReturnValue:
    """How far one's own export is, and the file when it is there."""
    with reading() as session:
        page = service.export_page(session, actor(), position_id, now())
    return render_template("integration/export.html", page=page)


@bp.post("/hiring/positions/<int:position_id>/export")
@allow("recruiter", "manager", scope="position")
@recent
def ask_export(position_id: int) -> ResponseReturnValue:
    """Ask for a file."""
    with writing() as session:
        service.ask(session, actor(), position_id, request.form.get("form", "xlsx"), now())
    return redirect(url_for(".exports", position_id=position_id), 303)


@bp.get("/hiring/positions/<int:position_id>/export/file")
@allow("recruiter", "manager", scope="position")
@recent
def export_file(position_id: int) -> ResponseReturnValue:
    """The newest file that one asked for oneself; back to the buttons where there is none."""
    instance = current_app.extensions["threshold.settings"].instance
    with writing() as session:
        made = service.newest_file(session, actor(), position_id, instance, now())
    if made is None:
        flash(_("There is no file yet, or it was cleared away after a day. Ask for one."), "info")
        return redirect(url_for(".exports", position_id=position_id), 303)
    name = f"applications-{position_id}.{made.form}"
    return attached(Response(made.body, content_type=service.FORMATS[made.form]), name)

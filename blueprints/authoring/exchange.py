"""Questions and courses in and out: a file is read, shown, and only then imported."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.authoring.routes import bp
from blueprints.shared.downloads import attached
from blueprints.shared.guards import actor, allow, recent
from blueprints.shared.locale import language
from blueprints.shared.requests import now
from blueprints.shared.uploads import sent_file, takes_file
from services.authoring import course_export, course_import, drafted, exporting, importing
from services.errors import Conflict, Invalid
from services.session import reading, writing

IMPORT = "/import/<int:batch_id>"


@bp.get("/import")
@allow("trainer")
def exchange() -> ResponseReturnValue:
    """Send a file, take one home."""
    return _start()


def _start(refusal: str = "", status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        newest = importing.recent(session, actor())
        modules = course_export.modules(session, actor(), language())
    html = render_template(
        "authoring/import.html",
        recent=newest,
        modules=modules,
        refusal=refusal,
        formats=exporting.FORMATS,
    )
    return html, status


@bp.post("/import")
@allow("trainer")
@takes_file(importing.MOST_BYTES)
def read_import() -> ResponseReturnValue:
    """Read a file in a process of its own and show what is in it."""
    data, _name = sent_file("file", importing.MOST_BYTES)
    if not _name:
        return _start(_("Choose a file first."), 422)
    try:
        read = importing.read_file(data, request.form.get("format", ""))
    except Invalid as refusal:
        return _start(_("This file %(why)s.", why=refusal.message), 422)
    with writing() as session:
        batch_id = importing.keep(session, actor(), read, now())
    return redirect(url_for(".preview_import", batch_id=batch_id), 303)


@bp.get(IMPORT)
@allow("trainer", scope="import")
def preview_import(batch_id: int) -> ResponseReturnValue:
    """What would be created, changed and skipped, and why."""
    return _preview(batch_id)


def _preview(
    batch_id: int, faults: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    number = request.args.get("page", 1, type=int)
    with reading() as session:
        page = importing.preview(session, actor(), batch_id, language(), number)
        files = course_import.page(session, actor(), batch_id, number)
    html = render_template(
        "authoring/import_preview.html",
        page=page,
        files=files,
        faults=faults or {},
        form=request.form,
    )
    return html, status


@bp.post(IMPORT)
@allow("trainer", scope="import")
def begin_import(batch_id: int) -> ResponseReturnValue:
    """Ask the job process for the import."""
    try:
        with writing() as session:
            importing.begin(session, actor(), batch_id, request.form.to_dict(), now())
    except importing.NeedsApproval:
        flash(
            _(
                "Texts need a second trainer's approval here, so a course is not published at "
                "once. An admin decides about that rule."
            ),
            "care",
        )
    except Conflict:
        flash(_("Another import is under way. Try again when it has ended."), "care")
    except Invalid as refusal:
        return _preview(batch_id, refusal.fields, 422)
    return redirect(url_for(".preview_import", batch_id=batch_id), 303)


@bp.post(f"{IMPORT}/cancel")
@allow("trainer", scope="import")
def cancel_import(batch_id: int) -> ResponseReturnValue:
    """Stop an import; nothing of it stays."""
    with writing() as session:
        stopped = importing.cancel(session, actor(), batch_id, now())
    if stopped:
        flash(_("The import was stopped. Nothing of it was kept."), "done")
    else:
        flash(_("The import had ended already."), "care")
    return redirect(url_for(".preview_import", batch_id=batch_id), 303)


@bp.get("/items/drafts")
@allow("trainer")
def item_drafts() -> ResponseReturnValue:
    """Items that are not published yet, and what they lack."""
    number = request.args.get("page", 1, type=int)
    with reading() as session:
        page = drafted.drafts_page(session, actor(), number)
    return render_template("authoring/import_drafts.html", page=page)


@bp.post("/items/drafts")
@allow("trainer")
def publish_drafts() -> ResponseReturnValue:
    """Publish the ticked drafts that lack nothing."""
    keys = request.form.getlist("key")[: drafted.PAGE]
    with reading() as session:  # rendered before the writers' queue
        ready, lacking = drafted.compile_ready(session, actor(), keys)
    with writing() as session:
        count = drafted.publish(session, actor(), ready, now())
    if count:
        flash(_("Published: %(count)s. They are in the bank now.", count=count), "done")
    if lacking or count < len(ready) or not count:
        flash(_("What lacks something or was changed meanwhile stayed a draft."), "care")
    return redirect(url_for(".item_drafts"), 303)


@bp.get("/export")
@allow("trainer")
def export_outlook() -> ResponseReturnValue:
    """What a format would carry of the chosen items, and what it would not."""
    chosen = _chosen()
    with reading() as session:
        outlook = exporting.outlook(session, actor(), chosen)
        codes = exporting.competencies(session, actor())
    return render_template(
        "authoring/export.html",
        outlook=outlook,
        chosen=chosen,
        formats=exporting.FORMATS,
        competencies=codes,
    )


@bp.post("/export")
@allow("trainer")
@recent
def export_items() -> ResponseReturnValue:
    """Hand out the file; that it was taken stands in the journal."""
    moment, chosen = now(), _chosen()
    with writing() as session:
        file = exporting.export(session, actor(), chosen, moment)
    name = f"threshold-items-{chosen.format}-{moment:%Y-%m-%d}.{file.suffix}"
    return _download(file.data, name, file.content_type)


@bp.post("/export/course")
@allow("trainer")
@recent
def export_course() -> ResponseReturnValue:
    """Hand out the course, or some of its modules, as one archive."""
    moment = now()
    with writing() as session:
        data = course_export.export(session, actor(), request.form.getlist("module"), moment)
    return _download(data, f"threshold-course-{moment:%Y-%m-%d}.zip", "application/zip")


def _chosen() -> exporting.Chosen:
    given = request.values
    return exporting.Chosen(
        given.get("format", "gift"), given.get("competency", "")[:8], given.get("pool", "")[:20]
    )


def _download(data: bytes, name: str, content_type: str) -> Response:
    return attached(Response(data, content_type=content_type), name)

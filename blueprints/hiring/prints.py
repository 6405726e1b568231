"""A report to take along: JSON at once, PDF from the job process. And the switch of names."""

from flask import Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints.hiring.blueprint import bp
from blueprints.shared.downloads import attached
from blueprints.shared.guards import actor, allow, recent
from blueprints.shared.locale import LANGUAGES, language
from blueprints.shared.requests import now, whole_number
from services.errors import NotFound
from services.hiring import naming, printing, reports
from services.hiring.report_data import report_data
from services.session import reading, writing


@bp.post("/positions/<int:position_id>/names")
@allow("recruiter", "manager", scope="position")
def switch_names(position_id: int) -> ResponseReturnValue:
    """Hide or show names in one's own view of a position."""
    with writing() as session:
        naming.switch(session, actor(), position_id, request.form.get("names") == "hide", now())
    back = whole_number(request.form.get("application"))
    if back is not None:
        return redirect(url_for(".candidate", application_id=back), 303)
    return redirect(url_for(".position", position_id=position_id), 303)


@bp.get("/candidates/<int:application_id>/report.json")
@allow("recruiter", "manager", scope="application")
@recent
def report_json(application_id: int) -> ResponseReturnValue:
    """The report as data; journaled as a view and as an export."""
    with writing() as session:
        page = reports.candidate_page(session, actor(), application_id, language(), now())
        if page.result is None:
            raise NotFound
        printing.journal_export(session, actor(), application_id, "json", now())
        answer = jsonify(report_data(page))
    return attached(answer, f"report-{application_id}.json")


@bp.post("/candidates/<int:application_id>/print")
@allow("recruiter", "manager", scope="application")
@recent
def ask_print(application_id: int) -> ResponseReturnValue:
    """Ask for a PDF in one of the languages."""
    lang = request.form.get("lang", "")
    with writing() as session:
        printing.ask(
            session,
            actor(),
            application_id,
            lang if lang in LANGUAGES else language(),
            now(),
        )
    return redirect(url_for(".prints", application_id=application_id), 303)


@bp.get("/candidates/<int:application_id>/print")
@allow("recruiter", "manager", scope="application")
def prints(application_id: int) -> ResponseReturnValue:
    """How far one's own print is, and the file when it is there."""
    with reading() as session:
        page = printing.print_page(session, actor(), application_id, language(), now())
    return render_template("hiring/print.html", page=page)


@bp.get("/candidates/<int:application_id>/report.pdf")
@allow("recruiter", "manager", scope="application")
@recent
def report_pdf(application_id: int) -> ResponseReturnValue:
    """The newest PDF that one asked for oneself; back to the button where there is none."""
    instance = current_app.extensions["threshold.settings"].instance
    with writing() as session:
        paper = printing.newest_file(session, actor(), application_id, instance, now())
    if paper is None:
        flash(_("There is no print yet, or it was cleared away after a day. Ask for one."), "info")
        return redirect(url_for(".prints", application_id=application_id), 303)
    name = f"report-{application_id}.pdf"
    return attached(Response(paper, content_type="application/pdf"), name)

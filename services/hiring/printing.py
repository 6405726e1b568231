"""A candidate's report on paper: asked for here, drawn by a job, fetched by who asked for it.

The file says what that person may see, so nobody else gets it; it lies under exports/ with a number
for a name, for a day, and goes at once when somebody is erased.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.records import frozen
from gateways import paper
from gateways.files import clear_older, write_private
from models.accounts import Person
from models.hiring import Application
from models.measuring import Work
from services import journal
from services.accounts.people import load_viewer
from services.actor import Actor
from services.errors import Conflict, NotFound
from services.hiring import access, naming, reports
from services.hiring.reports import CandidatePage
from services.measuring import working
from services.measuring.working import WorkLine
from services.session import reading, writing

TASK = "report.print"
FOLDER = "exports/reports"
KEPT = timedelta(days=1)
LANGUAGES = ("en", "zh_Hans")
STEPS = 3  # asked, read, drawn


@frozen
class PrintPage:
    """How far somebody's own print of a report is; work: None before they ever asked."""

    application_id: int
    name: str
    position_id: int
    title: str
    work: WorkLine | None
    ready: bool


def ask(session: Session, actor: Actor, application_id: int, lang: str, now: datetime) -> None:
    """Leave the print to a job; a second asking while one is under way is the same one.

    Raises NotFound, also before the end of the attempt.
    """
    if not access.application(session, actor, application_id).ended:
        raise NotFound
    try:
        working.ask(session, actor, TASK, _about(application_id, actor, lang), now, each=True)
    except Conflict:
        return


def print_page(
    session: Session, actor: Actor, application_id: int, lang: str, now: datetime
) -> PrintPage:
    """The newest print that the actor asked for themself. Raises NotFound."""
    found = access.application(session, actor, application_id)
    if not found.ended:
        raise NotFound
    position = access.position(session, actor, found.position_id)
    shown = naming.shown(found, naming.reader(session, actor, position.id), lang)
    work = _newest(session, actor, application_id)
    ready = bool(work and work.state == "done" and _fresh(work, now))
    return PrintPage(application_id, shown.name, position.id, position.title, work, ready)


def newest_file(
    session: Session, actor: Actor, application_id: int, instance: Path, now: datetime
) -> bytes | None:
    """The newest PDF that the actor asked for; None where there is none (any more). Journaled.

    Raises NotFound for what they may not see (any more).
    """
    if not access.application(session, actor, application_id).ended:
        raise NotFound
    work = _newest(session, actor, application_id)
    if work is None or work.state != "done" or not _fresh(work, now):
        return None
    try:
        whole = _path(instance, work.id).read_bytes()
    except FileNotFoundError:
        return None
    journal_export(session, actor, application_id, "pdf", now)
    return whole


def journal_export(
    session: Session, actor: Actor, application_id: int, form: str, now: datetime
) -> None:
    """Note that a report was taken along as a file."""
    journal.append(
        session, actor, "report.exported", "application", application_id, now, format=form
    )


def run(work_id: int, instance: Path, clock: Callable[[], datetime]) -> None:
    """Draw the print that was asked for, with the rights that who asked has now."""
    with writing() as session:
        if not working.take(session, work_id):
            return
        working.progress(session, work_id, 1, STEPS)
    try:
        document = _document(work_id, clock())
        with writing() as session:
            working.progress(session, work_id, 2, STEPS)
        path = _path(instance, work_id)
        write_private(path, paper.pdf(document))
    except Exception as error:
        with writing() as session:
            working.end(session, work_id, "failed", {"failed": type(error).__name__}, clock())
        if not isinstance(error, NotFound):
            raise
        return
    with writing() as session:
        working.progress(session, work_id, STEPS, STEPS)
        if _erased(session, document["application"]):  # while it was drawn
            path.unlink(missing_ok=True)
            working.end(session, work_id, "failed", {"failed": "erased"}, clock())
        else:
            working.end(session, work_id, "done", {}, clock())


def _erased(session: Session, application_id: int) -> bool:
    gone = (
        select(Person.id)
        .join(Application, Application.person_id == Person.id)
        .where(Application.id == application_id, Person.erased_at.is_not(None))
    )
    return session.scalar(gone) is not None


def _document(work_id: int, now: datetime) -> dict[str, Any]:
    with reading() as session:
        about = session.scalars(select(Work.about).where(Work.id == work_id)).one()
        application_id, person_id, lang = about.split("/")
        viewer = load_viewer(session, int(person_id))
        if viewer is None:
            raise NotFound
        actor = Actor(viewer.id, viewer.subject, viewer.roles)
        page = reports.unseen(session, actor, int(application_id), lang, now)
    return written(page, lang, now)


def written(page: CandidatePage, lang: str, now: datetime) -> dict[str, Any]:
    """The report as blocks for gateways/paper.py, in a language."""
    with force_locale(lang):
        template = current_app.jinja_env.get_template("hiring/report_paper.txt")
        blocks = json.loads(template.render(page=page, result=page.result, now=now))
    return {**blocks, "lang": lang, "application": page.application_id}


def sweep(instance: Path, now: datetime) -> int:
    """Take away files older than a day; gives back how many."""
    return clear_older(instance / FOLDER, now - KEPT)


def _about(application_id: int, actor: Actor, lang: str) -> str:
    return f"{application_id}/{actor.person_id}/{lang}"


def _newest(session: Session, actor: Actor, application_id: int) -> WorkLine | None:
    return working.newest(session, TASK, *(_about(application_id, actor, x) for x in LANGUAGES))


def _fresh(work: WorkLine, now: datetime) -> bool:
    return work.ended_at is not None and now - work.ended_at < KEPT


def _path(instance: Path, work_id: int) -> Path:
    return instance / FOLDER / f"{work_id}.pdf"

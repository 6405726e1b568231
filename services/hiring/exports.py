"""A position's applications as a table for spreadsheet programs: asked for, made by a job, fetched.

The file says what who asked may see, so nobody else gets it; it lies under exports/ with a number
for a name, for a day, and goes at once when somebody is erased.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.records import frozen
from gateways import sheets
from gateways.files import clear_older, write_private
from gateways.sheets import Cell
from models.accounts import Erasure
from models.hiring import Application
from models.measuring import Work
from services import journal
from services.accounts.people import load_viewer
from services.actor import Actor
from services.errors import Conflict, Invalid, NotFound
from services.hiring import access, listing, naming
from services.hiring.access import PositionRecord
from services.hiring.listing import LINES, MORE, Asking, CandidateLine
from services.library import catalogue
from services.measuring import working
from services.measuring.working import WorkLine
from services.session import reading, writing

TASK = "applications.export"
FOLDER = "exports/applications"
KEPT = timedelta(days=1)
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PIECE = 500  # rows read in one transaction: people go on working meanwhile
HEAD = (
    "application", "name", "email", "stage", "column", "invited", "finished", "decision",
    "address_refused", "fit_role", "fit_points", "fit_standard_error", "fit_low_95", "fit_high_95",
    "not_measured",
)  # fmt: skip


@frozen
class ExportPage:
    """How far somebody's own export is; work: None before they ever asked. form: csv or xlsx."""

    position: PositionRecord
    applications: int
    work: WorkLine | None
    form: str
    ready: bool


@frozen
class ExportFile:
    """A file to hand over."""

    body: bytes
    form: str


def ask(session: Session, actor: Actor, position_id: int, form: str, now: datetime) -> None:
    """Leave the export to a job; a second asking while one is under way is the same one.

    Raises NotFound, and Invalid for a form that there is none of.
    """
    access.position(session, actor, position_id)
    if form not in FORMATS:
        raise Invalid(fields={"form": "choose csv or xlsx"})
    try:
        working.ask(session, actor, TASK, _about(position_id, actor, form), now, each=True)
    except Conflict:
        return
    journal.append(session, actor, "export.asked", "position", position_id, now, format=form)


def export_page(session: Session, actor: Actor, position_id: int, now: datetime) -> ExportPage:
    """The newest export that the actor asked for themself. Raises NotFound."""
    found = access.position(session, actor, position_id)
    count = select(func.count(Application.id)).where(Application.position_id == position_id)
    newest = _newest(session, actor, position_id)
    work, form = newest or (None, "")
    ready = work is not None and _fresh(work, now)
    return ExportPage(found, session.scalar(count) or 0, work, form, ready)


def newest_file(
    session: Session, actor: Actor, position_id: int, instance: Path, now: datetime
) -> ExportFile | None:
    """The newest file that the actor asked for; None where there is none (any more). Journaled.

    Raises NotFound for a position that they may not see (any more).
    """
    access.position(session, actor, position_id)
    newest = _newest(session, actor, position_id)
    if newest is None or not _fresh(newest[0], now):
        return None
    work, form = newest
    try:
        body = _path(instance, work.id, form).read_bytes()
    except FileNotFoundError:
        return None
    journal.append(
        session, actor, "applications.exported", "position", position_id, now, format=form
    )
    return ExportFile(body, form)


def run(work_id: int, instance: Path, clock: Callable[[], datetime]) -> None:
    """Make the file that was asked for, with the rights that who asked has now."""
    with writing() as session:
        if not working.take(session, work_id):
            return
        about = session.scalars(select(Work.about).where(Work.id == work_id)).one()
        asked_at = session.scalars(select(Work.asked_at).where(Work.id == work_id)).one()
    form = about.rpartition("/")[2]
    path = _path(instance, work_id, form)
    try:
        rows = list(_rows(work_id, about, clock()))
        write_private(path, _written(form, rows))
    except Exception as error:
        path.unlink(missing_ok=True)
        with writing() as session:
            working.end(session, work_id, "failed", {"failed": type(error).__name__}, clock())
        if not isinstance(error, NotFound):
            raise
        return
    with writing() as session:
        if _erased_since(session, asked_at):
            path.unlink(missing_ok=True)
            working.end(session, work_id, "failed", {"failed": "erased"}, clock())
        else:
            working.end(session, work_id, "done", {"rows": len(rows)}, clock())


def _erased_since(session: Session, asked_at: datetime) -> bool:
    """Whether somebody was erased while the file was made: their name may stand in it."""
    gone = select(Erasure.person_id).where(Erasure.done_at >= asked_at).limit(1)
    return session.scalar(gone) is not None


def _rows(work_id: int, about: str, now: datetime) -> Iterator[tuple[Cell, ...]]:
    """The rows, oldest application first; a piece in each transaction."""
    position_id, person_id, _ = about.split("/")
    after, done = 0, 0
    while True:
        with reading() as session:
            asking, total, exact = _asking(session, int(person_id), int(position_id), now)
            found = session.execute(
                LINES.add_columns(*MORE)
                .where(Application.position_id == int(position_id), Application.id > after)
                .order_by(Application.id)
                .limit(PIECE)
            ).all()
            lines = listing.lines_of(session, found, asking)
            invited = {row[0]: access.ApplicationRecord(*row[: -len(MORE)]) for row in found}
            piece = [_row(line, invited[line.application_id].invited_at, exact) for line in lines]
        if not piece:
            return
        yield from piece
        after, done = lines[-1].application_id, done + len(piece)
        with writing() as session:
            working.progress(session, work_id, done, max(total, done))


def _asking(
    session: Session, person_id: int, position_id: int, now: datetime
) -> tuple[Asking, int, bool]:
    """How to read the position, its applications, and whether the reader may see times of day."""
    viewer = load_viewer(session, person_id)
    if viewer is None:
        raise NotFound
    actor = Actor(viewer.id, viewer.subject, viewer.roles)
    position = access.position(session, actor, position_id)
    how = naming.reader(session, actor, position_id)
    count = select(func.count(Application.id)).where(Application.position_id == position_id)
    total = session.scalar(count) or 0
    return (
        Asking(position, how, catalogue.framework(session), "en", now),
        total,
        actor.has("recruiter"),
    )


def _row(line: CandidateLine, invited_at: datetime, exact: bool) -> tuple[Cell, ...]:
    """exact: without it the end is a day, as on the pages: times would tell who had extra time."""
    fit = line.fit
    ended = line.ended_at if exact or line.ended_at is None else line.ended_at.date()
    head: tuple[Cell, ...] = (
        line.application_id,
        line.name,
        line.email,
        str(line.stage),
        str(line.column),
        invited_at,
        ended,
        line.decision,
        line.bounced,
    )
    if fit is None:
        return (*head, *[None] * (len(HEAD) - len(head)))
    figures = (fit.points, fit.se_points, fit.low95, fit.high95)
    rounded = [None if one is None else round(one, 1) for one in figures]
    return (*head, fit.role_id, *rounded, " ".join(fit.missing))


def _written(form: str, rows: list[tuple[Cell, ...]]) -> bytes:
    if form == "xlsx":
        return sheets.xlsx_file("applications", HEAD, rows)
    # With a mark at its head a spreadsheet program reads Chinese names as UTF-8.
    return "".join(sheets.csv_lines(HEAD, rows)).encode("utf-8-sig")


def sweep(instance: Path, now: datetime) -> int:
    """Take away files older than a day; gives back how many."""
    return clear_older(instance / FOLDER, now - KEPT)


def _about(position_id: int, actor: Actor, form: str) -> str:
    return f"{position_id}/{actor.person_id}/{form}"


def _newest(session: Session, actor: Actor, position_id: int) -> tuple[WorkLine, str] | None:
    found = [
        (work, form)
        for form in FORMATS
        if (work := working.newest(session, TASK, _about(position_id, actor, form)))
    ]
    return max(found, key=lambda pair: pair[0].id, default=None)


def _fresh(work: WorkLine, now: datetime) -> bool:
    return work.state == "done" and work.ended_at is not None and now - work.ended_at < KEPT


def _path(instance: Path, work_id: int, form: str) -> Path:
    return instance / FOLDER / f"{work_id}.{form}"

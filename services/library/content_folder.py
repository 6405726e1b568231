"""check, load and export: the folder `content/` on one side, the database on the other."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from domain.assessment.compiled import from_dict
from domain.assessment.form_cues import form_cues
from domain.library.documents import Problem
from gateways.files import read_folder, write_folder
from services.actor import SYSTEM
from services.library import loading
from services.library.compiling import Compiled, compile_all, line_of

ITEMS = "items"


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check found. Problems stop a load; warnings ask for somebody's eyes."""

    problems: list[Problem]
    warnings: list[Problem]


def check(folder: Path, today: date) -> Findings:
    """Every fault of every file and of the bank as a whole; needs no database."""
    files, problems = read_folder(folder)
    compiled, faults = compile_all(files)
    return Findings(problems + faults + _cues(compiled), _overdue(compiled, today))


def _cues(compiled: list[Compiled]) -> list[Problem]:
    """Where the form of the items gives their keys away."""
    items = [from_dict(document.meta) for document in compiled if document.kind == "item"]
    return [Problem(ITEMS, None, found.scope, found.message) for found in form_cues(items)]


def _overdue(compiled: list[Compiled], today: date) -> list[Problem]:
    """Documents whose facts were to be checked again before today."""
    return [
        Problem(
            document.path,
            line_of(document.source, "review_by:"),
            "review_by",
            f"its facts were due for a check on {due}",
        )
        for document in compiled
        if (due := document.meta.get("review_by")) and date.fromisoformat(due) < today
    ]


def load_folder(session: Session, folder: Path, now: datetime) -> loading.LoadReport:
    """Load the folder in the caller's transaction; with any problem nothing is changed."""
    files, problems = read_folder(folder)
    if problems:
        return loading.LoadReport(problems=problems)
    return loading.load(session, SYSTEM, files, now)


def export_folder(session: Session, folder: Path) -> list[str]:
    """Write every published document to the folder; gives back the paths that changed."""
    files = loading.export(session)
    changed = write_folder(folder, files)
    loading.mark_exported(session, files)
    return changed

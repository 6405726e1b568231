"""check, load and export: the folder `content/` on one side, the database on the other."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from domain.library.documents import Problem
from gateways.files import read_folder, write_folder
from services.actor import SYSTEM
from services.library import loading
from services.library.compiling import compile_all


def check(folder: Path) -> list[Problem]:
    """Every fault of every file; needs no database."""
    files, problems = read_folder(folder)
    return problems + compile_all(files)[1]


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

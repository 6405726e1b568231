"""check, load and export: the folder `content/` on one side, the database on the other."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from domain.assessment.compiled import from_dict
from domain.assessment.form_cues import form_cues
from domain.assessment.item_rules import item_problems
from domain.library.claims import Claim
from domain.library.coverage import Covered, coverage, coverage_problems
from domain.library.documents import DocumentError, Problem
from domain.library.house_rules import lesson_problems, readability
from domain.records import frozen
from gateways.files import read_folder, read_pictures, write_folder, write_pictures
from services.actor import SYSTEM
from services.library import loading, picture_files
from services.library.catalogue import SOURCE_LANG
from services.library.compiling import Compiled, compile_all, line_of, prose_of
from services.library.loading import digest_of
from services.session import reading, writing

Progress = Callable[[int], AbstractContextManager[Callable[[], object]]]
ITEMS = "items"
DIGITS = 12  # of a digest, as translations name their source


@frozen
class Findings:
    """What a check found. Problems stop a load; warnings ask for somebody's eyes."""

    problems: list[Problem]
    warnings: list[Problem]


def check(folder: Path, today: date) -> Findings:
    """Every fault of every file and of the bank as a whole; needs no database."""
    files, problems = read_folder(folder)
    compiled, faults = compile_all(files)
    problems += faults
    for document in _of(compiled, "lesson"):
        problems += lesson_problems(document.path, document.source, document.meta)
    items = {document.path: from_dict(document.meta) for document in _of(compiled, "item")}
    problems += item_problems(items)
    problems += (
        Problem(ITEMS, None, found.scope, found.message) for found in form_cues(items.values())
    )
    problems += coverage_problems(_covered(compiled))
    return Findings(problems, _overdue(compiled, today) + _stale(compiled))


def covered(folder: Path) -> list[Covered]:
    """Where each claim of the source texts is taught and asked; raises DocumentError."""
    files, problems = read_folder(folder)
    compiled, faults = compile_all(files)
    if problems or faults:
        raise DocumentError(tuple(problems + faults))
    return _covered(compiled)


def reading_levels(folder: Path) -> list[tuple[str, float]]:
    """(path, LIX) of every English lesson, the hardest first, then of all stems together."""
    compiled, _ = compile_all(read_folder(folder)[0])
    lessons = [
        (document.path, readability(prose_of(document.source)))
        for document in _of(compiled, "lesson")
        if document.lang == SOURCE_LANG
    ]
    stems = " ".join(document.meta["stem"] for document in _of(compiled, "item"))
    return [*sorted(lessons, key=lambda line: -line[1]), (ITEMS, readability(stems))]


def _of(compiled: list[Compiled], kind: str) -> list[Compiled]:
    return [document for document in compiled if document.kind == kind]


def _covered(compiled: list[Compiled]) -> list[Covered]:
    listed = [d.meta["claims"] for d in _of(compiled, "framework") if d.key == "claims"]
    claims = [Claim(**claim) for claim in listed[0]] if listed else []
    lessons = {d.key: d.meta for d in _of(compiled, "lesson") if d.lang == SOURCE_LANG}
    return coverage(claims, lessons, {d.key: d.meta for d in _of(compiled, "item")})


def _stale(compiled: list[Compiled]) -> list[Problem]:
    """Translations of texts that have changed since."""
    sources = {
        document.key: digest_of(document.source)[:DIGITS]
        for document in _of(compiled, "lesson")
        if document.lang == SOURCE_LANG
    }
    return [
        Problem(
            document.path,
            line_of(document.source, "translation_of:"),
            "translation_of",
            f"the English text has changed since; it is {sources[document.key]} now",
        )
        for document in _of(compiled, "lesson")
        if document.key in sources
        and document.lang != SOURCE_LANG
        and document.meta["translation_of"] != sources[document.key]
    ]


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


def load_folder(
    folder: Path, now: datetime, progress: Progress = lambda files: nullcontext(_no_step)
) -> loading.LoadReport:
    """Load the folder; with any problem nothing is changed. Opens its own transactions.

    The texts are compiled before the transaction, so that nobody waits for them. A second load of
    the same files compiles nothing.
    progress: given how many files there are, a context that gives a function to call for each.
    """
    files, problems = read_folder(folder)
    if problems:
        return loading.LoadReport(problems=problems)
    if (pictures := read_pictures(folder)) and (problems := _load_pictures(pictures, now)):
        return loading.LoadReport(problems=problems)
    with reading() as session:
        if report := loading.unchanged(session, files):
            return report
    with progress(len(files)) as step:
        compiled, problems = compile_all(files, step)
    if problems:
        return loading.LoadReport(problems=problems)
    with writing() as session:
        return loading.load(session, SYSTEM, compiled, now)


def _load_pictures(pictures: dict[str, bytes], now: datetime) -> list[Problem]:
    """Before the texts that show them; with a problem none is taken in."""
    with writing() as session:
        problems = picture_files.load(session, pictures, now)
        if problems:
            session.rollback()
        return problems


def _no_step() -> None:
    """Progress that nobody watches."""


@frozen
class Exported:
    """What an export did. kept: changed in the folder only; conflicts: on both sides."""

    changed: list[str]
    kept: list[str]
    conflicts: list[str]


def export_folder(session: Session, folder: Path) -> Exported:
    """Write every published document to the folder; never over a file that was changed there.

    A file that is not there is written: the folder may be a new one.
    """
    files, bases = loading.export(session), loading.disk_digests(session)
    there, _ = read_folder(folder)
    kept: list[str] = []
    conflicts: list[str] = []
    for path in sorted(set(files) & set(there)):
        found, base = digest_of(there[path]), bases.get(path)
        if there[path] == files[path] or found == base:
            continue
        (kept if digest_of(files[path]) == base else conflicts).append(path)
    left = set(kept) | set(conflicts)
    written = {path: text for path, text in files.items() if path not in left}
    changed = write_folder(folder, written)
    changed += write_pictures(folder, picture_files.files(session, files))
    loading.mark_exported(session, written)
    return Exported(changed, kept, conflicts)

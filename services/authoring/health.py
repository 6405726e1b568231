"""Is the whole course healthy? Everything that asks for a trainer's hand, worst first."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.assessment.quality import has_finding
from domain.library.house_rules import lesson_problems
from domain.records import frozen
from models.learning import LessonProgress, UnclearMark
from models.library import Document, Published, Revision
from services.actor import Actor
from services.authoring import access
from services.library import catalogue
from services.measuring import quality

# The order of the page: what may mislead people today comes before what could be better.
UNCLEAR, FACTS, STALE, WEAK, LINT, UNOPENED = KINDS = (
    "unclear", "facts", "stale", "weak", "lint", "unopened",
)  # fmt: skip
OLD_ENOUGH_DAYS = 30


@frozen
class Finding:
    """One thing to mend. weight: the heavier first within its kind.

    about: "lesson" or "item"; key, name: where the editor of it is (name: a lesson's file).
    count: readers, problems or days, as the kind has it; words: what is said, in the author's
    language, of marks the section's heading; section: of marks, its anchor.
    """

    kind: str
    about: str
    key: str
    name: str
    title: str
    lang: str
    weight: int
    count: int
    since: date | None = None
    words: tuple[str, ...] = ()
    section: str = ""
    document_id: int = 0


@frozen
class HealthPage:
    """counts: kind -> how many; findings: of the chosen kind, or all, worst first."""

    findings: tuple[Finding, ...]
    counts: dict[str, int]
    chosen: str
    kinds: tuple[str, ...] = KINDS


def health_page(session: Session, actor: Actor, chosen: str, now: datetime) -> HealthPage:
    """Everything to mend; a constant number of statements however long the course is."""
    access.author(actor)
    lessons = _lessons(session)
    found = [
        *_unclear(session, lessons),
        *_overdue(lessons, now.date()),
        *_stale(lessons),
        *_items(session, actor, now),
        *_lint(lessons),
        *_unopened(session, lessons, now),
    ]
    found.sort(key=lambda f: (KINDS.index(f.kind), -f.weight, f.key, f.lang, f.section))
    counts = {kind: sum(f.kind == kind for f in found) for kind in KINDS}
    chosen = chosen if chosen in KINDS else ""
    shown = tuple(f for f in found if chosen in ("", f.kind))
    return HealthPage(shown, counts, chosen)


def _lessons(session: Session) -> list[Any]:
    rows = session.execute(
        select(
            Document.id, Document.path, Document.key, Document.lang, Document.created_at,
            Revision.title, Revision.meta, Revision.source, Revision.digest,
        )
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .where(Document.kind == "lesson", Published.retired_at.is_(None))
        .order_by(Document.key, Document.lang)
    )  # fmt: skip
    return list(rows)


def _finding(kind: str, row: Any, weight: int, count: int, **more: Any) -> Finding:
    name = row.path.rpartition("/")[2].removesuffix(".md")
    return Finding(kind, "lesson", row.key, name, row.title, row.lang, weight, count, **more)


def _unclear(session: Session, lessons: list[Any]) -> Iterator[Finding]:
    """Open marks of readers, a line for each section, named by its heading as it reads now."""
    headings = {
        (row.id, section["anchor"]): section["title"]
        for row in lessons
        for section in row.meta["sections"]
    }
    rows = session.execute(
        select(
            Document.id, Document.path, Document.key, Document.lang, Revision.title,
            UnclearMark.section, func.count().label("readers"),
            func.min(UnclearMark.marked_at).label("first"),
        )
        .join(Document, Document.id == UnclearMark.document_id)
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .where(UnclearMark.resolved_at.is_(None))
        .group_by(
            Document.id, Document.path, Document.key, Document.lang, Revision.title,
            UnclearMark.section,
        )
    )  # fmt: skip
    for row in rows:
        yield _finding(
            UNCLEAR, row, row.readers, row.readers,
            since=row.first.date(), section=row.section, document_id=row.id,
            words=(headings.get((row.id, row.section), row.section),),
        )  # fmt: skip


def _overdue(lessons: list[Any], today: date) -> Iterator[Finding]:
    for row in lessons:
        due = row.meta.get("review_by")
        if due and (day := date.fromisoformat(due)) < today:
            late = (today - day).days
            yield _finding(FACTS, row, late, late, since=day)


def _stale(lessons: list[Any]) -> Iterator[Finding]:
    sources = {row.key: row.digest for row in lessons if row.lang == catalogue.SOURCE_LANG}
    for row in lessons:
        made_from = row.meta.get("translation_of") or ""
        digest = sources.get(row.key, "")
        if row.lang != catalogue.SOURCE_LANG and not (made_from and digest.startswith(made_from)):
            yield _finding(STALE, row, 0, 1)


def _items(session: Session, actor: Actor, now: datetime) -> Iterator[Finding]:
    """Items whose facts are overdue, and those whose answers speak against them."""
    for line in quality.flagged(session, actor, now):
        if line.overdue:
            late = (now.date() - line.overdue).days
            yield _item(FACTS, line, late, late, since=line.overdue)
        if line.flags and has_finding(line.flags):
            yield _item(WEAK, line, len(line.flags), line.answers, words=line.flags)


def _item(kind: str, line: Any, weight: int, count: int, **more: Any) -> Finding:
    return Finding(kind, "item", line.key, "", line.title, "en", weight, count, **more)


def _lint(lessons: list[Any]) -> Iterator[Finding]:
    for row in lessons:
        problems = lesson_problems(row.path, row.source, row.meta)
        if problems:
            told = tuple(problem.message for problem in problems)
            yield _finding(LINT, row, len(told), len(told), words=told)


def _unopened(session: Session, lessons: list[Any], now: datetime) -> Iterator[Finding]:
    """Lessons that nobody has begun though they have stood there for a month."""
    opened = set(session.scalars(select(LessonProgress.lesson_key).distinct()))
    for row in lessons:
        days = (now - row.created_at).days
        if row.lang == catalogue.SOURCE_LANG and row.key not in opened and days >= OLD_ENOUGH_DAYS:
            yield _finding(UNOPENED, row, days, days)

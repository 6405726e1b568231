"""The reading side of the library: the course's outline, lessons, items, forms, the framework.

The outline and the framework are small and change only when something is published, so each
process keeps them and asks the database only for the library's version.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any

from sqlalchemy import URL, bindparam, func, select
from sqlalchemy.orm import Session

from domain.assessment.item_models import ItemModel
from domain.competencies.framework import (
    Competency,
    RoleProfile,
    Standard,
    parse_competencies,
    parse_roles,
    parse_standard,
)
from domain.library.courses import OPEN, UNIT, is_open_to
from domain.records import frozen
from models.library import Document, Publication, Published, Revision
from models.measuring import CalibrationRun, ItemParameters
from services.errors import NotFound

SOURCE_LANG = "en"
LEARNERS = ("learner",)


@frozen
class Framework:
    """What numbers are drawn with. `standard_id` is the revision of the measuring standard.

    calibration_id: the run that is live, 0 for none; models: (revision of an item, competency) ->
    its calibrated model.
    """

    standard_id: int
    standard: Standard
    competencies: dict[str, Competency]
    roles: dict[str, RoleProfile]
    calibration_id: int = 0
    models: Mapping[tuple[int, str], ItemModel] = field(default_factory=dict)

    @property
    def practices(self) -> list[Competency]:
        """The seven, in their order."""
        return [c for c in self.competencies.values() if not c.applied]


@frozen
class LessonLine:
    """A lesson in the contents. lang: of its title, the source's where there is no translation."""

    key: str
    lang: str
    title: str
    summary: str
    minutes: int
    level: int
    competencies: tuple[str, ...]
    sections: int


@frozen
class ModuleLine:
    """A module in the contents, with its lessons in order.

    quiz_items: how many questions the quiz has that closes it, 0 without one. requires: modules to
    finish first; state and roles: who sees it.
    """

    key: str
    titles: dict[str, str]
    summaries: dict[str, str]
    competencies: tuple[str, ...]
    lessons: tuple[LessonLine, ...]
    quiz_items: int
    requires: tuple[str, ...] = ()
    state: str = OPEN
    roles: tuple[str, ...] = ()

    @property
    def quiz_key(self) -> str:
        return f"{UNIT}{self.key}"

    @property
    def gate(self) -> dict[str, Any]:
        """What `is_open_to` asks of a module."""
        return {"state": self.state, "roles": self.roles}


@frozen
class Outline:
    """The whole course in its order, in one language."""

    modules: tuple[ModuleLine, ...]

    @property
    def lessons(self) -> list[LessonLine]:
        return [lesson for module in self.modules for lesson in module.lessons]

    @property
    def open_lessons(self) -> list[LessonLine]:
        """Those of modules that learners may read: nothing else is named to them as the next."""
        every = (module for module in self.modules if is_open_to(module.gate, LEARNERS))
        return [lesson for module in every for lesson in module.lessons]

    def quiz_titles(self, lang: str) -> dict[str, str]:
        """What quizzes are about, by the key of their attempts: lessons, and modules' forms."""
        modules = {m.quiz_key: m.titles.get(lang, m.titles["en"]) for m in self.modules}
        return modules | {line.key: line.title for line in self.lessons}

    def find(self, key: str) -> tuple[ModuleLine, LessonLine]:
        for module in self.modules:
            for lesson in module.lessons:
                if lesson.key == key:
                    return module, lesson
        raise NotFound


@frozen
class LessonText:
    """A published lesson as readers see it."""

    document_id: int
    revision_id: int
    number: int
    key: str
    lang: str
    title: str
    meta: dict[str, Any]
    html: str
    library_version: int


@frozen
class RevisionText:
    """One revision of a document, with its compiled data."""

    id: int
    document_id: int
    key: str
    title: str
    meta: dict[str, Any]
    html: str


# Without the ORM: the lesson page is the one that most people open most of the time.
_document, _revision = Document.__table__.c, Revision.__table__.c
_shown, _log = Published.__table__.c, Publication.__table__.c
VERSION = select(func.coalesce(func.max(_log.id), 0))
_LESSON = (
    select(
        _document.id,
        _revision.id,
        _revision.number,
        _document.key,
        _document.lang,
        _revision.title,
        _revision.meta,
        _revision.html,
        VERSION.scalar_subquery(),
    )
    .join_from(Document.__table__, Published.__table__, _shown.document_id == _document.id)
    .join(Revision.__table__, _revision.id == _shown.revision_id)
    .where(
        _document.kind == "lesson",
        _document.key == bindparam("key"),
        _document.lang.in_([bindparam("source_lang"), bindparam("lang")]),
        _shown.retired_at.is_(None),
    )
    # The language asked for comes before the source.
    .order_by((_document.lang == bindparam("lang")).desc())
    .limit(1)
)
_outlines: dict[tuple[int, str, URL], Outline] = {}
_LIVE = (
    select(func.coalesce(func.max(CalibrationRun.id), 0))
    .where(CalibrationRun.live_at.is_not(None))
    .scalar_subquery()
)
_VERSIONS = select(VERSION.scalar_subquery(), _LIVE)
_frameworks: dict[tuple[int, int, URL], Framework] = {}


def database_of(session: Session) -> URL:
    """What tells one database from another in memory that processes keep."""
    return session.get_bind().engine.url


def version(session: Session) -> int:
    """A number that grows with every publication."""
    return int(session.scalar(VERSION) or 0)


def lesson(session: Session, key: str, lang: str) -> LessonText:
    """A published lesson, in its source language where there is no translation."""
    row = session.execute(
        _LESSON, {"key": key, "lang": lang, "source_lang": SOURCE_LANG}
    ).one_or_none()
    if row is None:
        raise NotFound
    return LessonText(*row)


def digest_of_source(session: Session, key: str) -> str:
    """SHA-256 of a published lesson's text in the source language; empty where there is none."""
    found = session.scalar(
        select(Revision.digest)
        .join(Published, Published.revision_id == Revision.id)
        .join(Document, Document.id == Published.document_id)
        .where(Document.kind == "lesson", Document.key == key, Document.lang == SOURCE_LANG)
    )
    return found or ""


def outline(session: Session, lang: str, known_version: int | None = None) -> Outline:
    """The course's outline; one statement when this process has it already, none with a version."""
    found = version(session) if known_version is None else known_version
    cache_key = (found, lang, database_of(session))
    if cache_key not in _outlines:
        drop_older(_outlines, found)
        _outlines[cache_key] = _read_outline(session, lang)
    return _outlines[cache_key]


def _read_outline(session: Session, lang: str) -> Outline:
    rows = session.execute(
        select(Document.kind, Document.key, Document.lang, Revision.title, Revision.meta)
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .where(Document.kind.in_(["module", "lesson", "form"]), Published.retired_at.is_(None))
        .order_by((Document.lang == lang).asc())
    ).all()
    lessons = {
        row.key: _lesson_line(row)
        for row in rows
        if row.kind == "lesson" and row.lang in ("en", lang)
    }
    modules = [row for row in rows if row.kind == "module"]
    modules.sort(key=lambda row: row.meta["order"])
    quizzes = {row.key: len(row.meta["items"]) for row in rows if row.kind == "form"}
    return Outline(tuple(_module_line(row, lessons, quizzes) for row in modules))


def _lesson_line(row: Any) -> LessonLine:
    meta = row.meta
    return LessonLine(
        row.key,
        row.lang,
        row.title,
        meta["summary"],
        meta["minutes"],
        meta["level"],
        tuple(meta["competencies"]),
        len(meta["sections"]),
    )


def _module_line(row: Any, lessons: dict[str, LessonLine], quizzes: dict[str, int]) -> ModuleLine:
    keys = [f"{row.key}/{name}" for name in row.meta["lessons"]]
    return ModuleLine(
        row.key,
        row.meta["title"],
        row.meta["summary"],
        tuple(row.meta["competencies"]),
        tuple(lessons[key] for key in keys if key in lessons),
        quizzes.get(f"{UNIT}{row.key}", 0),
        tuple(row.meta.get("requires", ())),
        row.meta.get("state", OPEN),
        tuple(row.meta.get("roles", ())),
    )


def published(session: Session, kind: str, keys: Sequence[str] | None = None) -> list[RevisionText]:
    """The published documents of a kind; with keys, those and in that order."""
    statement = (
        select(
            Revision.id,
            Document.id,
            Document.key,
            Revision.title,
            Revision.meta,
            Revision.html,
        )
        .join(Published, Published.revision_id == Revision.id)
        .join(Document, Document.id == Published.document_id)
        .where(Document.kind == kind, Document.lang == "en", Published.retired_at.is_(None))
    )
    if keys is None:
        return [RevisionText(*row) for row in session.execute(statement.order_by(Document.key))]
    rows = {row.key: row for row in session.execute(statement.where(Document.key.in_(keys)))}
    return [RevisionText(*rows[key]) for key in keys if key in rows]


def form(session: Session, key: str) -> RevisionText:
    """A published form; raises NotFound."""
    found = published(session, "form", [key])
    if not found:
        raise NotFound
    return found[0]


def revisions(session: Session, ids: Iterable[int]) -> dict[int, RevisionText]:
    """Revisions by id: what an attempt pinned, however old."""
    rows = session.execute(
        select(
            Revision.id,
            Document.id,
            Document.key,
            Revision.title,
            Revision.meta,
            Revision.html,
        )
        .join(Document, Document.id == Revision.document_id)
        .where(Revision.id.in_(list(ids)))
    )
    return {row[0]: RevisionText(*row) for row in rows}


def framework(session: Session) -> Framework:
    """The published framework; one statement when this process has it already."""
    found, live = session.execute(_VERSIONS).one()
    cache_key = (int(found), int(live), database_of(session))
    if cache_key not in _frameworks:
        _frameworks.clear()
        _frameworks[cache_key] = under(session, _read_framework(session), int(live))
    return _frameworks[cache_key]


def under(session: Session, framework: Framework, calibration_id: int) -> Framework:
    """The framework with the parameters of one calibration; 0 for the authors' difficulties."""
    rows = session.scalars(select(ItemParameters).where(ItemParameters.run_id == calibration_id))
    models = {
        (row.revision_id, row.competency): ItemModel(row.a, tuple(row.thresholds), row.c)
        for row in rows
    }
    return replace(framework, calibration_id=calibration_id, models=models)


def _read_framework(session: Session) -> Framework:
    rows = session.execute(
        select(Document.key, Document.path, Revision.id, Revision.source)
        .join(Published, Published.revision_id == Revision.id)
        .join(Document, Document.id == Published.document_id)
        .where(Document.kind == "framework", Published.retired_at.is_(None))
    )
    found = {row.key: row for row in rows}
    if not {"competencies", "roles", "standard"} <= set(found):
        raise NotFound("The framework is not loaded: run `flask --app app content load`.")
    competencies = parse_competencies(found["competencies"].source, found["competencies"].path)
    roles = parse_roles(found["roles"].source, found["roles"].path)
    return Framework(
        found["standard"].id,
        parse_standard(found["standard"].source, found["standard"].path),
        {c.code: c for c in competencies},
        {r.id: r for r in roles},
    )


def drop_older(kept: dict[Any, Any], newest: int) -> None:
    """Forget what was read before the newest publication; the other languages stay.

    kept: its keys begin with the version that a thing was read at.
    """
    for key in [key for key in kept if key[0] != newest]:
        kept.pop(key, None)  # another thread may have been here


def forget() -> None:
    """Empty this process's memory, as a restart does."""
    _outlines.clear()
    _frameworks.clear()

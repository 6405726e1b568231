"""An item's text as a form, and the lists that the form chooses from."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.exchange.controls import Unread, Unshown
from domain.exchange.rewriting import rewritten
from domain.exchange.sheets import Sheet, fields_of_sheet, sheet_of
from domain.library.documents import DocumentError, Problem, load_yaml
from domain.records import frozen
from models.library import Document, Published, Revision
from services.errors import NotFound
from services.library import catalogue
from services.library.compiling import ITEM_FIGURES, normalised

Pairs = tuple[tuple[str, str], ...]


@frozen
class Choices:
    """What may be chosen: values with their words."""

    competencies: Pairs
    subtopics: Pairs
    lessons: Pairs
    figures: Pairs


class Unwritable(Exception):
    """The form is filled in so that no text can say it; `problem` names the field."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def sheet_in(source: str) -> Sheet | None:
    """The form's fields; None where only the text itself can show all that it says."""
    try:
        return sheet_of(load_yaml(normalised(source), "").values)
    except (DocumentError, Unshown):
        return None


def source_with(session: Session, source: str, sheet: Sheet) -> str:
    """The text with what the form says; lines of unchanged fields stay as they are.

    An item that names no claims asks about those of its lesson. Raises Unwritable.
    """
    if not str(sheet.get("seeds") or "").strip():
        sheet = sheet | {"seeds": ", ".join(_seeds(session, str(sheet.get("lesson") or "")))}
    try:
        fields = fields_of_sheet(sheet)
    except Unread as fault:
        raise Unwritable(Problem("", None, fault.field, fault.message)) from None
    return normalised(rewritten(normalised(source), fields))


def _seeds(session: Session, lesson: str) -> list[str]:
    try:
        return list(catalogue.lesson(session, lesson, catalogue.SOURCE_LANG).meta.get("seeds", ()))
    except NotFound:
        return []


def choices(session: Session, home: str, lang: str) -> Choices:
    """What an item of the competency `home` may name."""
    framework = catalogue.framework(session)
    outline = catalogue.outline(session, lang)
    own = framework.competencies.get(home)
    figures = session.scalars(
        select(Document.path)
        .join(Published, Published.document_id == Document.id)
        .where(
            Document.kind == "figure",
            Document.path.startswith(ITEM_FIGURES),
            Published.retired_at.is_(None),
        )
        .order_by(Document.path)
    )
    names = [path.removeprefix(ITEM_FIGURES).removesuffix(".svg") for path in figures]
    return Choices(
        competencies=competencies(session, lang),
        subtopics=tuple(
            (s.id, s.name.get(lang, s.name["en"])) for s in (own.subtopics if own else ())
        ),
        lessons=tuple(
            (lesson.key, f"{module.titles.get(lang, module.titles['en'])}: {lesson.title}")
            for module in outline.modules
            for lesson in module.lessons
        ),
        figures=tuple((name, name) for name in names),
    )


@frozen
class Plan:
    """The figure of a question about a place. svg: as the check of figures let it through."""

    svg: str


def plan(session: Session, name: object) -> Plan | None:
    """The drawing of this name among the items' figures; None where there is none."""
    path = f"{ITEM_FIGURES}{name}.svg"
    found = session.scalar(
        select(Revision.source)
        .join(Published, Published.revision_id == Revision.id)
        .join(Document, Document.id == Published.document_id)
        .where(Document.path == path, Published.retired_at.is_(None))
    )
    return Plan(found) if found else None


def competencies(session: Session, lang: str) -> Pairs:
    """Code and name of every competency."""
    framework = catalogue.framework(session)
    return tuple(
        (c.code, f"{c.code} {c.name.get(lang, c.name['en'])}")
        for c in framework.competencies.values()
    )

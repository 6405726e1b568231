"""What a lesson may name: lessons, terms, items and figures. Kept until something is published."""

from sqlalchemy import URL, select
from sqlalchemy.orm import Session

from domain.library.references import Entry, add_terms
from domain.records import frozen
from models.library import Document, ItemFacts, Published, Revision
from services.library import catalogue


@frozen
class Known:
    """index: kind -> key -> what stands there; figures: path -> SVG, of all modules."""

    index: dict[str, dict[str, Entry]]
    figures: dict[str, str]

    def figures_of(self, modules: set[str]) -> dict[str, str]:
        """The figures of some modules; only these go to the helper process."""
        return {path: svg for path, svg in self.figures.items() if path.split("/")[1] in modules}


_kept: dict[tuple[int, URL], Known] = {}


def known(session: Session, known_version: int | None = None) -> Known:
    """What is published now; one statement where this process has it, none with a version."""
    version = catalogue.version(session) if known_version is None else known_version
    place = (version, catalogue.database_of(session))
    found = _kept.get(place)
    if found is None:
        catalogue.drop_older(_kept, version)
        found = _kept[place] = Known(_index(session), _figures(session))
    return found


def _figures(session: Session) -> dict[str, str]:
    rows = session.execute(
        select(Document.path, Revision.source)
        .join(Published, Published.document_id == Document.id)
        .join(Revision, Revision.id == Published.revision_id)
        .where(
            Document.kind == "figure",
            Document.path.startswith("courses/"),
            Published.retired_at.is_(None),
        )
    )
    return dict(rows.all())


def _index(session: Session) -> dict[str, dict[str, Entry]]:
    """The lessons, terms and items that a lesson may name, with the items' pools."""
    rows = session.execute(
        select(Document.path, Document.kind, Document.key, ItemFacts.pool, Document.lang)
        .join(Published, Published.document_id == Document.id)
        .outerjoin(ItemFacts, ItemFacts.revision_id == Published.revision_id)
        .where(Document.kind.in_(["lesson", "item"]), Published.retired_at.is_(None))
    )
    index: dict[str, dict[str, Entry]] = {}
    for path, kind, key, pool, lang in rows:
        if lang == catalogue.SOURCE_LANG:
            index.setdefault(kind, {})[key] = Entry(path, kind, key, {"pool": pool})
    glossaries = catalogue.published(session, "glossary")
    add_terms((Entry(text.key, "glossary", text.key, text.meta) for text in glossaries), index)
    return index


def forget() -> None:
    """Empty this process's memory, as a restart does."""
    _kept.clear()

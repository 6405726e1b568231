"""The glossary as readers use it: every word of the trade, with the lesson that teaches it."""

from sqlalchemy import URL
from sqlalchemy.orm import Session

from domain.records import frozen
from services.library import catalogue


@frozen
class Word:
    """term: as English readers meet it; means: a sentence in the reader's language.

    search: all its names in lower case.
    """

    id: str
    term: str
    chinese: str
    means: str
    lesson_key: str
    lesson_title: str
    lesson_lang: str
    search: str

    @property
    def letter(self) -> str:
        """Where it stands in the list: A to Z, or # for a word that starts with a digit."""
        first = self.term[0].upper()
        return first if first.isascii() and first.isalpha() else "#"


_kept: dict[tuple[int, str, URL], dict[str, Word]] = {}


def words(session: Session, lang: str, known_version: int | None = None) -> dict[str, Word]:
    """Every word by its id, in the order of the English terms; kept until something changes."""
    version = catalogue.version(session) if known_version is None else known_version
    place = (version, lang, catalogue.database_of(session))
    if place not in _kept:
        catalogue.drop_older(_kept, version)
        _kept[place] = _read(session, lang, version)
    return _kept[place]


def find(session: Session, lang: str, asked: str) -> list[Word]:
    """The words that hold every part of what was asked, in any name or in the explanation."""
    parts = asked.lower().split()[:5]
    found = words(session, lang).values()
    return [word for word in found if all(part in word.search for part in parts)]


def of_lesson(session: Session, lang: str, key: str) -> list[Word]:
    """The words that a lesson links, in the order of its text; raises NotFound."""
    known = words(session, lang)
    terms = catalogue.lesson(session, key, lang).meta.get("terms", ())
    return [known[term] for term in terms if term in known]


def forget() -> None:
    """Empty this process's memory, as a restart does."""
    _kept.clear()


def _read(session: Session, lang: str, version: int) -> dict[str, Word]:
    outline = catalogue.outline(session, lang, version)
    lessons = {line.key: (line.title, line.lang) for line in outline.lessons}
    found = [
        Word(
            term["id"],
            term["term"],
            term["chinese"],
            (means := term["means"].get(lang, term["means"]["en"])),
            term["lesson"],
            *lessons.get(term["lesson"], ("", "")),
            " ".join([term["term"], term["chinese"], *term["also"], means]).lower(),
        )
        for glossary in catalogue.published(session, "glossary")
        for term in glossary.meta["terms"]
    ]
    return {word.id: word for word in sorted(found, key=lambda word: word.term.lower())}

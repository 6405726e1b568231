"""Glossaries: the trade's words, each with one plain sentence and the lesson that teaches it."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from domain.library.documents import load_yaml
from domain.library.fields import LESSON_REF, SLUG, TERM, Fields
from domain.records import frozen

MOST_TERMS = 200


@frozen
class Term:
    """term: as English readers meet it; chinese: the Chinese word; means: language -> sentence.

    also: other names, for the search; line: where it begins in its file.
    """

    id: str
    term: str
    chinese: str
    means: Mapping[str, str]
    lesson: str
    also: tuple[str, ...]
    line: int


@frozen
class Glossary:
    """The words of one field."""

    id: str
    terms: tuple[Term, ...]


def parse_glossary(source: str, path: str) -> Glossary:
    """Read `.../glossary/<id>.yaml`. Raises DocumentError with all faults."""
    document = load_yaml(source, path)
    fields = Fields(document)
    entries = fields.children("terms", least=1, most=MOST_TERMS)
    glossary = Glossary(
        id=fields.text("id", most=80, pattern=SLUG),
        terms=tuple(
            _term(entry, document.lines.get(f"terms[{position}]", 1))
            for position, entry in enumerate(entries, start=1)
        ),
    )
    if glossary.id and glossary.id != (stem := PurePosixPath(path).stem):
        fields.problem("id", f"must equal the file's name, “{stem}”")
    fields.finish()
    return glossary


def _term(entry: Fields, line: int) -> Term:
    means = entry.localised("means", most=400)
    if "zh_Hans" not in means:
        entry.problem("means", "the Chinese sentence (zh_Hans) is missing")
    return Term(
        id=entry.text("id", most=60, pattern=TERM),
        term=entry.text("term", most=120),
        chinese=entry.text("zh_Hans", most=60),
        means=means,
        lesson=entry.text("lesson", most=120, pattern=LESSON_REF),
        also=entry.texts("also", r"(?s).{1,80}", least=0, most=8) if entry.has("also") else (),
        line=line,
    )

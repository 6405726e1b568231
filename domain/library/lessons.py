"""A lesson as its author wrote it: checked front matter, checked text, and nothing rendered yet."""

import datetime as dt
from pathlib import PurePosixPath

from domain.library.arithmetic import BadSum, check_equation
from domain.library.documents import DocumentError, Problem, split_front_matter
from domain.library.fields import COMPETENCY, ITEM_ID, LESSON_REF, SEED, SLUG, Fields
from domain.library.lesson_text import Check, LessonText, read_text
from domain.records import frozen

MAX_LESSON_BYTES = 200 * 1024
FEWEST_SECTIONS = 3


@frozen
class Source:
    """Where a lesson's facts come from."""

    title: str
    year: int
    url: str | None


@frozen
class LessonSource:
    """A lesson in one language. minutes: reading time; figures and links: as the body names them.

    body_first_line: line of the file on which the body begins, for messages about it.
    sums: equations that recompute the numbers of the text; translation_of: the first twelve hex
    digits of the SHA-256 of the source text that a translation was made from, else empty.
    """

    id: str
    language: str
    title: str
    summary: str
    objective: str
    competencies: tuple[str, ...]
    level: int
    seeds: tuple[str, ...]
    minutes: int
    prerequisites: tuple[str, ...]
    sources: tuple[Source, ...]
    review_by: dt.date | None
    quiz: tuple[str, ...]
    sums: tuple[str, ...]
    translation_of: str
    body: str
    body_first_line: int
    sections: tuple[str, ...]
    checks: tuple[Check, ...]
    figures: tuple[str, ...]
    links: tuple[str, ...]
    terms: tuple[str, ...]
    claims: tuple[str, ...]
    blocks: tuple[str, ...]
    words: int


def parse_lesson(source: str, path: str) -> LessonSource:
    """Read one lesson.

    path: `.../<module>/<lesson>.md`, or `<lesson>.<language>.md` for a translation; never opened.
    Raises DocumentError with all faults, each naming its line and, in the front matter, its field.
    """
    if len(source.encode("utf-8", "replace")) > MAX_LESSON_BYTES:
        raise DocumentError((Problem(path, None, None, "is longer than 200 KB"),))
    front, body, first_line = split_front_matter(source, path)
    fields = Fields(front)
    text = read_text(body)
    name, _, language = PurePosixPath(path).stem.partition(".")
    lesson = LessonSource(
        id=fields.text("id", most=80, pattern=SLUG),
        language=language or "en",
        title=fields.text("title", most=120),
        summary=fields.text("summary", most=400),
        objective=fields.text("objective", most=400),
        competencies=fields.texts("competencies", COMPETENCY, most=9),
        level=fields.integer("level", 1, 5),
        seeds=fields.texts("seeds", SEED, least=0) if fields.has("seeds") else (),
        minutes=fields.integer("minutes", 1, 90),
        prerequisites=_prerequisites(fields),
        sources=_sources(fields),
        review_by=fields.date("review_by"),
        quiz=fields.texts("quiz", ITEM_ID, most=20),
        sums=_sums(fields),
        translation_of=_translation_of(fields, language),
        body=body,
        body_first_line=first_line,
        sections=text.sections,
        checks=text.checks,
        figures=text.figures,
        links=text.links,
        terms=text.terms,
        claims=text.claims,
        blocks=text.blocks,
        words=text.words,
    )
    if lesson.id and lesson.id != name:
        fields.problem("id", f"must equal the file's name, “{name}”")
    _add_faults(fields, text, path, first_line)
    fields.finish()
    return lesson


def _prerequisites(fields: Fields) -> tuple[str, ...]:
    given = fields.has("prerequisites")
    return fields.texts("prerequisites", LESSON_REF, least=0, most=20) if given else ()


def _sums(fields: Fields) -> tuple[str, ...]:
    """The equations that prove the text's numbers; each must hold."""
    if not fields.has("sums"):
        return ()
    found = fields.texts("sums", r"[^=]+=[^=]+", least=0, most=60)
    for position, equation in enumerate(found, start=1):
        try:
            check_equation(equation)
        except BadSum as fault:
            fields.problem(f"sums[{position}]", f"“{equation}” {fault}")
    return found


def _translation_of(fields: Fields, language: str) -> str:
    if not language:
        return ""
    return fields.text("translation_of", most=12, pattern=r"[0-9a-f]{12}")


def _sources(fields: Fields) -> tuple[Source, ...]:
    return tuple(
        Source(
            title=entry.text("title", most=400),
            year=entry.integer("year", 1000, 2100),
            url=entry.text("url", most=500, pattern=r"https?://\S+") if entry.has("url") else None,
        )
        for entry in fields.children("sources", least=1, most=40)
    )


def _add_faults(fields: Fields, text: LessonText, path: str, first_line: int) -> None:
    for line, message in text.faults:
        fields.problems.append(Problem(path, first_line + line - 1, None, message))
    if len(text.sections) < FEWEST_SECTIONS:
        message = f"needs {FEWEST_SECTIONS} or more sections (##), has {len(text.sections)}"
        fields.problems.append(Problem(path, first_line, None, message))
    if not text.checks:
        message = "needs at least one question in the text: /// check | the question"
        fields.problems.append(Problem(path, first_line, None, message))

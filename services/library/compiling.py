"""From the files of `content/` to documents that can be kept: parsed, checked, rendered.

A preview in the editor and a load from disk go through the same functions.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, field
from datetime import date
from functools import lru_cache
from typing import Any

from domain.assessment.adaptive_forms import (
    AdaptiveForm,
    AdaptiveHiringForm,
    is_adaptive,
    parse_adaptive_form,
)
from domain.assessment.authored import parse_item
from domain.assessment.compiled import to_dict
from domain.assessment.forms import Form, parse_form
from domain.assessment.items import Hotspot
from domain.assessment.places import drawn_on
from domain.competencies.framework import (
    parse_competencies,
    parse_roles,
    parse_standard,
)
from domain.library.claims import parse_claims
from domain.library.courses import parse_module
from domain.library.documents import DocumentError, Problem
from domain.library.figures import check_figure
from domain.library.glossary import parse_glossary
from domain.library.interviews import parse_guide
from domain.library.lessons import parse_lesson
from domain.library.markdown import Rendered, Unrenderable, render
from domain.library.references import Entry, check_references
from domain.records import frozen

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)")
NAME = r"[a-z0-9]+(?:-[a-z0-9]+)*"
IGNORED = frozenset({"README.md"})
MOST_KEPT = 2048
# Tab and line feed are the only control characters of a text; U+FEFF hides at the start of files.
UNSOUND = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff\ufffe\uffff]")
ITEM_FIGURES = "items/figures/"
KINDS = (
    ("framework", re.compile(rf"framework/({NAME})\.yaml")),
    ("glossary", re.compile(rf"glossary/({NAME})\.yaml")),
    ("guide", re.compile(r"interviews/([A-Z]\d)\.yaml")),
    ("form", re.compile(rf"forms/({NAME})\.yaml")),
    ("module", re.compile(rf"courses/({NAME})/module\.yaml")),
    ("figure", re.compile(rf"courses/({NAME}/figures/{NAME}\.svg)")),
    ("figure", re.compile(rf"items/(figures/{NAME}\.svg)")),
    ("lesson", re.compile(rf"courses/({NAME}/{NAME})(?:\.(zh_Hans))?\.md")),
    ("item", re.compile(r"items/[A-Z]\d/([A-Z]\d-[A-Z]\d{2,3})\.yaml")),
)


@frozen
class Compiled:
    """A document ready to be kept: its source and what was derived from it."""

    kind: str
    key: str
    lang: str
    path: str
    source: str
    title: str
    meta: dict[str, Any]
    html: str = ""
    item: dict[str, Any] | None = field(default=None)


def compile_all(
    files: Mapping[str, str], step: Callable[[], object] = lambda: None
) -> tuple[list[Compiled], list[Problem]]:
    """Compile every file (path -> text); problems of all files together, sorted by place.

    step: called after each file, to show progress.
    """
    figures = {path: text for path, text in files.items() if path.endswith(".svg")}
    documents: list[Compiled] = []
    problems: list[Problem] = []
    for path, source in sorted(files.items()):
        step()
        if path in IGNORED:
            continue
        try:
            documents.append(compile_one(path, source, figures))
        except DocumentError as error:
            problems.extend(error.problems)
    entries = [Entry(d.path, d.kind, d.key, d.meta, d.lang) for d in documents]
    problems.extend(check_references(entries, subtopics(documents)))
    return documents, sorted(problems, key=lambda p: (p.path, p.line or 0))


def compile_one(path: str, source: str, figures: Mapping[str, str]) -> Compiled:
    """Compile one file; raises DocumentError with every fault of it.

    figures: path -> SVG of every reviewed figure.
    """
    kind, key, lang = identify(path)
    if faults := text_faults(path, source):
        raise DocumentError(faults)
    match kind:
        case "lesson":
            return _lesson(path, key, lang, source, figures)
        case "item":
            return _item(path, key, source, figures)
        case "figure":
            if drawn := check_figure(source, path):
                raise DocumentError(tuple(drawn))
            return Compiled(kind, key, lang, path, source, key, {})
        case "module":
            module = parse_module(source, path)
            return Compiled(kind, key, lang, path, source, module.title["en"], _plain(module))
        case "glossary":
            glossary = parse_glossary(source, path)
            return Compiled(kind, key, lang, path, source, key, _plain(glossary))
        case "guide":
            return Compiled(kind, key, lang, path, source, key, _plain(parse_guide(source, path)))
        case "form":
            form = _form(key, source, path)
            return Compiled(kind, key, lang, path, source, form.title["en"], _plain(form))
        case _:
            return Compiled(kind, key, lang, path, source, key, _framework(key, path, source))


def normalised(source: str) -> str:
    """A text as documents keep it: LF ends a line, one of them ends the text.

    Browsers send CRLF, and some editors add empty lines at the end; with one form for all, saving
    without a change is no change, and an export is byte for byte what the file was.
    """
    text = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return text.rstrip("\n") + "\n"


def text_faults(path: str, source: str) -> tuple[Problem, ...]:
    """Where a text is not in the form of `normalised`, or holds control characters."""
    found = UNSOUND.search(source)
    if found:
        line = source.count("\n", 0, found.start()) + 1
        message = f"holds the control character U+{ord(found[0]):04X}"
        if found[0] == "\r":
            message = "lines end with CR LF; save the file with LF"
        return (Problem(path, line, None, message),)
    if normalised(source) != source:
        last = len(source.splitlines()) or 1
        return (Problem(path, last, None, "must end with one line feed, and no empty line"),)
    return ()


def identify(path: str) -> tuple[str, str, str]:
    """(kind, key, language) of a path; raises DocumentError for a file that has no place here."""
    for kind, pattern in KINDS:
        if found := pattern.fullmatch(path):
            lang = found.group(2) if kind == "lesson" and found.group(2) else "en"
            return kind, found.group(1), lang
    raise DocumentError((Problem(path, None, None, "has no place here; see content/README.md"),))


def _lesson(path: str, key: str, lang: str, source: str, figures: Mapping[str, str]) -> Compiled:
    lesson = _read_lesson(source, path)
    rendered = _render(path, lesson.body, figures_of(key, figures), lang)
    if rendered.missing_figures:
        raise DocumentError(
            tuple(
                Problem(path, line_of(source, name), None, f"there is no figure {name!r}")
                for name in rendered.missing_figures
            )
        )
    meta = _plain(lesson) | {
        "module": key.split("/")[0],
        "sections": [{"anchor": s.anchor, "title": s.title} for s in rendered.sections],
        "words": rendered.words,
    }
    return Compiled("lesson", key, lang, path, source, lesson.title, meta, rendered.html)


# Pure functions of the text, asked again for the same text: a second load or check in one process
# reads only what has changed.
_read_item = lru_cache(maxsize=MOST_KEPT)(parse_item)
_read_lesson = lru_cache(maxsize=MOST_KEPT)(parse_lesson)


@lru_cache(maxsize=MOST_KEPT)
def _rendered(body: str, figures: tuple[tuple[str, str], ...], lang: str) -> Rendered:
    return render(body, dict(figures), lang)


def _render(path: str, body: str, figures: Mapping[str, str], lang: str = "en") -> Rendered:
    try:
        return _rendered(body, tuple(sorted(figures.items())), lang)
    except Unrenderable as error:
        raise DocumentError((Problem(path, None, None, str(error)),)) from None


def _form(key: str, source: str, path: str) -> Form | AdaptiveForm | AdaptiveHiringForm:
    return parse_adaptive_form(source, path) if is_adaptive(key) else parse_form(source, path)


def _framework(key: str, path: str, source: str) -> dict[str, Any]:
    match key:
        case "competencies":
            return {"competencies": [_plain(c) for c in parse_competencies(source, path)]}
        case "roles":
            return {"profiles": [_plain(r) for r in parse_roles(source, path)]}
        case "standard":
            return _plain(parse_standard(source, path))
        case "claims":
            return {"claims": [_plain(c) for c in parse_claims(source, path)]}
        case _:
            raise DocumentError((Problem(path, None, None, "is not a part of the framework"),))


def subtopics(documents: list[Compiled]) -> dict[str, frozenset[str]]:
    """Competency code -> its subtopic ids; empty where the framework is not among the documents."""
    for document in documents:
        if document.kind == "framework" and document.key == "competencies":
            return {
                c["code"]: frozenset(s["id"] for s in c["subtopics"])
                for c in document.meta["competencies"]
            }
    return {}


def _plain(record: Any) -> dict[str, Any]:
    """A frozen record as JSON-safe data, without the text that the revision keeps anyway."""
    data: dict[str, Any] = _jsonable(asdict(record))
    data.pop("body", None)
    return data


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _jsonable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value


def figures_of(lesson_key: str, figures: Mapping[str, str]) -> dict[str, str]:
    """The figures of a lesson's module by file name: a lesson shows those of its own module."""
    prefix = f"courses/{lesson_key.split('/')[0]}/figures/"
    return {p.removeprefix(prefix): svg for p, svg in figures.items() if p.startswith(prefix)}


def prose_of(source: str) -> str:
    """A lesson's text without its front matter."""
    return FRONT_MATTER.sub("", source, count=1)


def line_of(source: str, word: str) -> int | None:
    """The first line (from 1) that holds a word."""
    lines = source.splitlines()
    return next((n for n, line in enumerate(lines, 1) if word in line), None)


def _item(path: str, key: str, source: str, figures: Mapping[str, str]) -> Compiled:
    item = _read_item(source, path)
    if isinstance(item, Hotspot):
        item = _with_figure(item, path, source, figures)
    facts = {
        "kind": item.kind,
        "pool": item.pool,
        "competency": item.home,
        "subtopic": item.subtopic,
        "difficulty": item.difficulty,
        "max_mark": item.max_mark,
        "review_by": item.review_by,
    }
    html = _render(path, item.stem, {}).html
    title = title_of(item.stem)
    return Compiled("item", key, "en", path, source, title, to_dict(item), html, facts)


def _with_figure(item: Hotspot, path: str, source: str, figures: Mapping[str, str]) -> Hotspot:
    """The item with its drawing in it: a revision shows tomorrow what it shows today."""
    line = line_of(source, "figure:")
    svg = figures.get(f"{ITEM_FIGURES}{item.figure}.svg")
    if svg is None or check_figure(svg, path):
        message = f"there is no sound figure {item.figure!r} in {ITEM_FIGURES}"
        raise DocumentError((Problem(path, line, "figure", message),))
    try:
        return drawn_on(item, svg)
    except ValueError as fault:
        line = line_of(source, "areas:")
        raise DocumentError((Problem(path, line, "areas", str(fault)),)) from None


def title_of(stem: str) -> str:
    """The stem's first words: how lists name an item."""
    words = stem.split()
    return " ".join(words[:14])[:200] + (" …" if len(words) > 14 else "")


def preview(request: Mapping[str, Any]) -> dict[str, Any]:
    """`compile_one` for the editor, in and out as JSON: this is what the helper process runs.

    request: path, source, figures (path -> SVG).
    Gives {"document": the fields of Compiled, or None}, {"problems": [path, line, field, message]},
    and {"html", "words"}, which are there for a faulty text too, as far as it can be shown.
    """
    path, source, figures = request["path"], request["source"], request["figures"]
    try:
        document = compile_one(path, source, figures)
    except DocumentError as error:
        problems = [[p.path, p.line, p.field, p.message] for p in error.problems]
        shown = _shown(path, source, figures)
        return {"document": None, "problems": problems, "html": shown.html, "words": shown.words}
    words = int(document.meta.get("words", 0))
    return {
        "document": _jsonable(asdict(document)),
        "problems": [],
        "html": document.html,
        "words": words,
    }


def _shown(path: str, source: str, figures: Mapping[str, str]) -> Rendered:
    """The body of a faulty lesson; nothing where even that cannot be found or shown."""
    _, key, lang = identify(path)
    body = prose_of(source)
    try:
        return render(body, figures_of(key, figures), lang)
    except Unrenderable:
        return Rendered("", (), 0, ())

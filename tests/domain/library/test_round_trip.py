"""A lesson written from its parts and read again has the same parts, whatever blocks it holds."""

import datetime as dt
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.library.facts import facts_of, with_facts
from domain.library.lesson_text import Check, CheckOption
from domain.library.lessons import Source, parse_lesson
from domain.library.markdown import render

PATH = "content/courses/made/lesson.md"
SVG = '<svg class="chart" viewBox="0 0 10 10" role="img" aria-label="Made"></svg>'
WORDS = st.lists(
    st.sampled_from(
        ["buyer", "risk", "“goods”", "400", "3.2%", "Hafen", "ship's", "FOB,", "& Co."]
    ),
    min_size=1,
    max_size=6,
).map(" ".join)
# Anything printable goes into the front matter; the text keeps to what is plain markdown.
ANY = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" "),
    min_size=1,
    max_size=30,
).map(lambda text: f"x{text}".strip())
SLUGS = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,4})?", fullmatch=True)
BLOCKS = ("case", "worked", "claim", "try", "note", "details", "check")


@dataclass
class Made:
    """A text under way, with what reading it must find."""

    lines: list[str] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    claims: list[str] = field(default_factory=list)
    tab_sets: int = 0


def _piece(draw: st.DrawFn, made: Made, kind: str, inside: bool = False) -> None:
    words = draw(WORDS)
    if kind == "table":
        made.lines += ["| One | Two |", "|---|---:|", f"| {words} | 400 |"]
    elif kind == "list":
        made.lines += [f"- {words}", f"- **{words}**"]
    elif kind == "code":
        made.lines.append("The `a | b ](lesson:no)` of it.")
    elif kind == "fence":
        border = draw(st.sampled_from(["```", "~~~~", "```yaml"]))
        made.lines += ["", border, f"## {words} [no](term:no)", "/// case | no", "", "///"]
        made.lines.append(border.removesuffix("yaml"))
    elif kind == "figure":
        name = f"figures/{draw(SLUGS)}.svg"
        made.figures.append(name)
        made.lines.append(f'![{words.replace("“", "")}]({name} "Caption")')
    elif kind == "lesson":
        key = f"{draw(SLUGS)}/{draw(SLUGS)}"
        made.links.append(key)
        made.lines.append(f"See [{words}](lesson:{key}).")
    elif kind == "term":
        key = draw(SLUGS)
        made.terms.append(key)
        made.lines.append(f"A [{words}](term:{key}) here.")
    elif kind == "web":
        made.lines.append(f"Read [{words}](https://www.example.com/a?b=c).")
    elif kind == "deeper" and not inside:
        made.lines.append(f"### {words}")
    else:
        made.lines.append(f"The {words}, and *more*.")
    made.lines.append("")


PIECES = ("prose", "table", "list", "code", "fence", "figure", "lesson", "term", "web", "deeper")


def _block(draw: st.DrawFn, made: Made, kind: str) -> None:
    title = draw(WORDS)
    made.blocks.append(kind)
    if kind == "claim" and draw(st.booleans()):
        seed = f"S{draw(st.integers(0, 4))}-{draw(st.integers(1, 30))}"
        made.claims.append(seed)
        title = f"{seed}: {title}"
    made.lines.append(f"/// {kind} | {title}")
    if kind == "check":
        count = draw(st.integers(2, 5))
        key = draw(st.integers(0, count - 1))
        options = tuple(
            CheckOption(f"{n} {draw(WORDS)}", draw(WORDS), n == key) for n in range(count)
        )
        made.checks.append(Check(title, options))
        made.lines += [f"- [{'x' if o.key else ' '}] {o.text} :: {o.why}" for o in options]
    else:
        for _ in range(draw(st.integers(1, 2))):
            _piece(draw, made, draw(st.sampled_from(PIECES)), inside=True)
    made.lines += ["///", ""]


def _tabs(draw: st.DrawFn, made: Made) -> None:
    """A set of tabs; words before it keep it apart from the one above."""
    _piece(draw, made, "prose")
    for number in range(draw(st.integers(2, 6))):
        made.blocks.append("tab")
        made.lines.append(f"/// tab | {draw(WORDS)} {number}")
        _piece(draw, made, draw(st.sampled_from(PIECES)), inside=True)
        made.lines += ["///", ""]
    made.tab_sets += 1


@st.composite
def lessons(draw: st.DrawFn) -> tuple[dict[str, Any], Made]:
    """Front matter and text of a sound lesson."""
    made = Made()
    _piece(draw, made, "prose")
    for _ in range(draw(st.integers(3, 5))):
        title = draw(WORDS)
        made.sections.append(title)
        made.lines += [f"## {title}", ""]
        for _ in range(draw(st.integers(1, 3))):
            if draw(st.booleans()):
                kind = draw(st.sampled_from((*BLOCKS, "tab")))
                _tabs(draw, made) if kind == "tab" else _block(draw, made, kind)
            else:
                _piece(draw, made, draw(st.sampled_from(PIECES)))
    _block(draw, made, "check")  # every lesson asks something
    front: dict[str, Any] = {
        "id": "lesson",
        "title": draw(ANY),
        "summary": draw(ANY),
        "objective": draw(ANY),
        "competencies": draw(
            st.lists(st.sampled_from(["C1", "C4", "A2"]), min_size=1, unique=True)
        ),
        "level": draw(st.integers(1, 5)),
        "seeds": ["S1-4"],
        "minutes": draw(st.integers(1, 90)),
        "sources": [{"title": draw(ANY), "year": draw(st.integers(1900, 2026))}],
        "quiz": ["C1-Q01"],
    }
    if draw(st.booleans()):
        front["prerequisites"] = [f"{draw(SLUGS)}/{draw(SLUGS)}"]
    if draw(st.booleans()):
        front["review_by"] = draw(st.dates(dt.date(2026, 1, 1), dt.date(2035, 1, 1)))
    return front, made


def written(front: dict[str, Any], made: Made) -> str:
    """The lesson's file."""
    lines = [
        f"{name}: {value if isinstance(value, dt.date) else json.dumps(value, ensure_ascii=False)}"
        for name, value in front.items()
    ]
    return "\n".join(["---", *lines, "---", *made.lines]).rstrip("\n") + "\n"


def _same(front: dict[str, Any], made: Made, *, rendered: bool) -> None:
    text = written(front, made)
    lesson = parse_lesson(text, PATH)
    for name in ("id", "title", "summary", "objective", "level", "minutes"):
        assert getattr(lesson, name) == front[name]
    assert lesson.sources == tuple(Source(s["title"], s["year"], None) for s in front["sources"])
    assert lesson.competencies == tuple(front["competencies"])
    assert lesson.prerequisites == tuple(front.get("prerequisites", ()))
    assert lesson.review_by == front.get("review_by")
    assert (lesson.sections, lesson.blocks) == (tuple(made.sections), tuple(made.blocks))
    assert lesson.checks == tuple(made.checks)
    for name in ("figures", "links", "terms", "claims"):
        assert getattr(lesson, name) == tuple(dict.fromkeys(getattr(made, name)))
    # The form of the front matter gives every field back as it took it, and changes no byte.
    facts = facts_of(text, PATH)
    assert with_facts(text, PATH, facts, facts) == text
    changed = with_facts(text, PATH, facts, facts | {"minutes": "77"})
    assert with_facts(changed, PATH, facts_of(changed, PATH), facts) == text
    if rendered:
        found = render(lesson.body, {f"courses/made/{name}": SVG for name in lesson.figures})
        assert len(found.sections) == len(lesson.sections)  # quotes are set well in their titles
        assert found.html.count('class="ask"') == lesson.blocks.count("check")
        assert found.html.count('class="panes"') == made.tab_sets
        assert found.html.count('class="pane"') == lesson.blocks.count("tab")
        for kind in ("case", "worked", "claim", "try", "note"):
            assert found.html.count(f'class="call call--{kind}"') == lesson.blocks.count(kind)


@settings(max_examples=50, deadline=None)
@given(lessons())
def test_a_lesson_written_and_read_is_the_same(made: tuple[dict[str, Any], Made]) -> None:
    _same(*made, rendered=True)


@pytest.mark.proof
@settings(max_examples=10_000, deadline=None, database=None)
@given(lessons())
def test_ten_thousand_lessons(made: tuple[dict[str, Any], Made]) -> None:
    _same(*made, rendered=False)

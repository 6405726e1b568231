"""What the editor shows is what readers get, and what is read is what was written."""

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from domain.library.facts import facts_of, with_facts
from domain.library.lessons import LessonSource, parse_lesson
from models.library import Document, Published, Revision
from services.authoring import previewing
from services.session import reading

PATH = "courses/harbour/a-lesson.md"


def test_the_preview_of_every_lesson_is_what_is_published_byte_for_byte(app: Flask) -> None:
    with app.app_context(), reading() as session:
        rows = session.execute(
            select(Document.path, Revision.source, Revision.html)
            .join(Published, Published.document_id == Document.id)
            .join(Revision, Revision.id == Published.revision_id)
            .where(Document.kind == "lesson", Published.retired_at.is_(None))
        ).all()
        assert len(rows) > 50
        found = previewing.check_all(session, [(row.path, row.source) for row in rows])
    wrong = [
        row.path
        for row, checked in zip(rows, found, strict=True)
        if checked.html != row.html or not checked.sound or checked.source != row.source
    ]
    assert wrong == []


WORDS = st.text(
    st.characters(
        min_codepoint=0x20, max_codepoint=0x9FFF, exclude_categories=["Cc", "Cs", "Zl", "Zp"]
    ),
    min_size=1, max_size=30,
).map(lambda text: " ".join(text.split())).filter(bool)  # fmt: skip
PLAIN = st.from_regex(r"[A-Za-z][a-z ]{2,30}[a-z]", fullmatch=True)
CODES = st.lists(st.sampled_from([f"C{n}" for n in range(1, 8)]), min_size=1, unique=True)
ITEMS = st.lists(
    st.from_regex(r"C[1-7]-Q[0-9]{2}", fullmatch=True), min_size=1, max_size=4, unique=True
)
SEEDS = st.lists(
    st.from_regex(r"S[0-4]-[1-9]", fullmatch=True), min_size=1, max_size=4, unique=True
)


@st.composite
def lessons(draw: st.DrawFn) -> dict[str, object]:
    """What a lesson says, without its writing."""
    return {
        "title": draw(WORDS),
        "summary": draw(WORDS),
        "objective": draw(WORDS),
        "competencies": tuple(draw(CODES)),
        "level": draw(st.integers(1, 5)),
        "seeds": tuple(draw(SEEDS)),
        "minutes": draw(st.integers(1, 90)),
        "source": draw(WORDS),
        "year": draw(st.integers(1000, 2100)),
        "review_by": draw(st.none() | st.dates()),
        "quiz": tuple(draw(ITEMS)),
        "sections": tuple(draw(st.lists(PLAIN, min_size=3, max_size=6))),
        "question": draw(PLAIN),
        "right": draw(PLAIN),
        "wrong": draw(PLAIN),
        "why": draw(PLAIN),
    }


def written(lesson: dict[str, object]) -> str:
    """The file of a lesson, its front matter by the editor's own writer."""
    sections = "\n\n".join(f"## {title}\n\nWords." for title in lesson["sections"])  # type: ignore[attr-defined]
    body = (
        f"A first line.\n\n{sections}\n\n/// check | {lesson['question']}\n"
        f"- [ ] {lesson['wrong']} :: {lesson['why']}\n"
        f"- [x] {lesson['right']} :: {lesson['why']}\n///\n"
    )
    bare = f"---\nid: a-lesson\n---\n{body}"
    was = dict.fromkeys(facts_of(bare, PATH), "")
    given = {name: lesson[name] for name in ("title", "summary", "objective", "level", "minutes")}
    lists = {name: ", ".join(lesson[name]) for name in ("competencies", "seeds", "quiz")}  # type: ignore[arg-type]
    more = {
        "sources": f"{lesson['source']} | {lesson['year']}",
        "review_by": lesson["review_by"].isoformat() if lesson["review_by"] else "",  # type: ignore[attr-defined]
    }
    now = {name: str(value) for name, value in {**given, **lists, **more}.items()}
    return with_facts(bare, PATH, was, now)


def said(lesson: LessonSource) -> dict[str, object]:
    """What the parser read, in the form of `lessons`."""
    (check,) = lesson.checks
    wrong, right = check.options
    return {
        **{name: getattr(lesson, name) for name in (
            "title", "summary", "objective", "competencies", "level", "seeds", "minutes",
            "review_by", "quiz", "sections",
        )},
        "source": lesson.sources[0].title,
        "year": lesson.sources[0].year,
        "question": check.question,
        "right": right.text,
        "wrong": wrong.text,
        "why": right.why,
    }  # fmt: skip


def reads_what_was_written(lesson: dict[str, object]) -> None:
    assert said(parse_lesson(written(lesson), PATH)) == lesson


@settings(max_examples=50, deadline=None)
@given(lessons())
def test_a_written_lesson_is_read_as_it_was_meant(lesson: dict[str, object]) -> None:
    reads_what_was_written(lesson)


@pytest.mark.proof
@settings(max_examples=10_000, deadline=None)
@given(lessons())
def test_ten_thousand_written_lessons(lesson: dict[str, object]) -> None:
    reads_what_was_written(lesson)

"""The first text of a new lesson, translation or module: what its author overwrites."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence

from domain.library.facts import TRANSLATED, facts_of, with_facts
from domain.library.fields import SLUG
from domain.library.module_text import as_list

LONGEST_NAME = 60
# Words that stand in addresses where a module's name would.
RESERVED = frozenset({"figures", "glossary", "people", "search"})
_NOT_NAMED = re.compile(r"[^a-z0-9]+")

OUTLINE = """\
Say in two or three sentences what this lesson is about and whom it helps.

## First section

Explain one thing.

/// case | A story with people and numbers
Who, where, how much, and what happened.
///

## Second section

Explain the next thing.

/// check | A question about it?
- [ ] A wrong answer :: Why it is wrong.
- [x] The right answer :: Why it is right.
///

## Third section

/// try | Something to do at work today
One step that takes ten minutes.
///
"""


def name_for(title: str) -> str:
    """A name for addresses out of a title; empty where the title holds no Latin letters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return _NOT_NAMED.sub("-", plain).strip("-")[:LONGEST_NAME].strip("-")


def is_name(name: str) -> bool:
    """Whether a lesson or module may be called so."""
    fits = len(name) <= LONGEST_NAME and re.fullmatch(SLUG, name, re.ASCII) is not None
    return fits and name not in RESERVED


def lesson_source(path: str, name: str, facts: Mapping[str, str], text: str) -> str:
    """A lesson with these facts, as far as they are given, and a text or an outline to fill in."""
    empty = f"---\nid: {name}\n---\n"
    nothing = facts_of(empty, path)
    body = text.strip("\n") or OUTLINE.rstrip("\n")
    return with_facts(empty, path, nothing, nothing | dict(facts)) + body + "\n"


def translation_source(source: str, path: str, digits: str) -> str:
    """The English text once more, marked as what the translation is made from."""
    facts = facts_of(source, path)
    return with_facts(source, path, facts, facts | {TRANSLATED: digits})


def module_source(
    name: str,
    titles: Mapping[str, str],
    summaries: Mapping[str, str],
    order: int,
    competencies: Sequence[str],
) -> str:
    """A module without lessons, closed until its author opens it."""
    lines = [f"id: {name}"]
    for field, texts in (("title", titles), ("summary", summaries)):
        lines.append(f"{field}:")
        lines += [f"  {lang}: {_quoted(words)}" for lang, words in texts.items() if words]
    lines += [
        f"order: {order}",
        f"competencies: {as_list(competencies)}",
        "lessons: []",
        "state: closed",
    ]
    return "\n".join(lines) + "\n"


def _quoted(words: str) -> str:
    return json.dumps(" ".join(words.split()), ensure_ascii=False)

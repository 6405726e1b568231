"""What a good lesson has beyond its format. `content check` reports these; they refuse no draft.

A rule's name stands as the field of its problem: `path:line: lesson-length: has 640 words ...`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from domain.library.arithmetic import numbers_in
from domain.library.documents import Problem

FEWEST_WORDS, MOST_WORDS = 700, 1500
FEWEST_CHECKS, FEWEST_TERMS = 3, 3

_ADDRESS = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.([a-z]{2,})\b", re.IGNORECASE)
_INVENTED = {"example", "test", "invalid"}
_WORDS_TO_AVOID = (
    (re.compile(r"\bsalesm[ae]n\b", re.IGNORECASE), "say “salesperson”"),
    (re.compile(r"\bLorem ipsum\b|\bTODO\b|\bTBD\b"), "is not finished"),
)
_LONG_WORD = 7

Fault = tuple[int, str, str]
Meta = Mapping[str, Any]


def lesson_problems(path: str, source: str, meta: Meta) -> list[Problem]:
    """Every rule that a lesson breaks.

    source: the whole file. meta: the lesson's record as plain data, see domain/library/lessons.py.
    Lengths are those of English texts, so translations are only read for their words.
    """
    rules = _EVERY_LANGUAGE if meta["language"] != "en" else _EVERY_LANGUAGE + _SOURCE_ONLY
    faults = [fault for rule in rules for fault in rule(source, meta)]
    return [Problem(path, line, rule, message) for line, rule, message in sorted(faults)]


def readability(text: str) -> float:
    """LIX: words per sentence plus percent of words over six letters (Björnsson, 1968).

    Below 30 is very easy, 40 a normal text, 50 a difficult one, 60 and more a legal one.
    """
    words = re.findall(r"[A-Za-z]+(?:['’-][A-Za-z]+)*", text)
    sentences = len(re.findall(r"[.!?:]+(?=\s|$)", text)) or 1
    long_words = sum(len(word) >= _LONG_WORD for word in words)
    return len(words) / sentences + 100 * long_words / len(words) if words else 0.0


def _length(source: str, meta: Meta) -> Iterator[Fault]:
    if not FEWEST_WORDS <= (words := meta["words"]) <= MOST_WORDS:
        first = meta["body_first_line"]
        yield first, "lesson-length", f"has {words} words, not {FEWEST_WORDS} to {MOST_WORDS}"


def _parts(source: str, meta: Meta) -> Iterator[Fault]:
    first, blocks = meta["body_first_line"], meta["blocks"]
    if (checks := blocks.count("check")) < FEWEST_CHECKS:
        yield first, "lesson-checks", f"has {checks} questions in the text, not {FEWEST_CHECKS}"
    if "case" not in blocks and "worked" not in blocks:
        yield first, "lesson-case", "has neither a case nor a worked example"
    if "try" not in blocks:
        yield first, "lesson-task", "has no task for work: /// try | title"
    if (terms := len(meta["terms"])) < FEWEST_TERMS:
        message = f"links {terms} key terms to the glossary, not {FEWEST_TERMS}"
        yield first, "lesson-terms", message


def _sums(source: str, meta: Meta) -> Iterator[Fault]:
    """A number that was recomputed is the number that is read."""
    told = numbers_in("\n".join(source.splitlines()[meta["body_first_line"] - 1 :]))
    for equation in meta["sums"]:
        result = equation.rpartition("=")[2].strip().lstrip("-")
        if result not in told:
            line = _line_with(source, equation)
            yield line, "lesson-sums", f"“{equation}” gives {result}, which the text does not say"


def _addresses(source: str, meta: Meta) -> Iterator[Fault]:
    for number, line in enumerate(source.splitlines(), start=1):
        for found in _ADDRESS.finditer(line):
            if found[1].lower() not in _INVENTED:
                message = f"“{found[0]}” may be somebody's: invented addresses end in .example"
                yield number, "invented-addresses", message


def _words(source: str, meta: Meta) -> Iterator[Fault]:
    for number, line in enumerate(source.splitlines(), start=1):
        for pattern, message in _WORDS_TO_AVOID:
            if found := pattern.search(line):
                yield number, "words", f"“{found[0]}”: {message}"


def _line_with(source: str, words: str) -> int:
    lines = source.splitlines()
    return next((n for n, line in enumerate(lines, start=1) if words in line), 1)


_Rule = Callable[[str, Meta], Iterator[Fault]]
_EVERY_LANGUAGE: tuple[_Rule, ...] = (_addresses, _words)
_SOURCE_ONLY: tuple[_Rule, ...] = (_length, _parts, _sums)

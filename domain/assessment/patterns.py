"""Authors' patterns for answers in words: what is compared, and what is refused as a pattern.

An answer is compared in its plain form: width and ligatures folded (Unicode NFKC), no case, no
apostrophes, every other mark of punctuation one space, no space twice or at the ends. So
`F.O.B.,  Ningbo!` is `f o b ningbo`, and a pattern is written for that form. A pattern is a regular
expression of google-re2, which runs in linear time whatever an author writes; it must match the
whole answer.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

MOST_PATTERN = 200  # characters
_MEMORY = 64 * 1024  # bytes of a compiled pattern: `(\\w{1,200}){5}` is refused, a long list is not
_APOSTROPHES = frozenset("'\u2018\u2019\u02bc`\u00b4")


class BadPattern(ValueError):
    """A pattern that cannot be used; the message says why, in words for its author."""


def plain_form(text: str) -> str:
    """The form of an answer that patterns are compared with."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    spaced = (
        "" if c in _APOSTROPHES else " " if unicodedata.category(c)[0] in "PSZC" else c
        for c in folded
    )
    return " ".join("".join(spaced).split())


def check_pattern(pattern: str) -> None:
    """Raises BadPattern for a pattern that is empty, too long, too big or no pattern at all."""
    if not pattern.strip():
        raise BadPattern("must not be empty")
    if len(pattern) > MOST_PATTERN:
        raise BadPattern(f"is longer than {MOST_PATTERN} characters")
    _compiled(pattern)


def matches(patterns: Iterable[str], text: str) -> bool:
    """Whether any of the patterns matches all of the text in its plain form."""
    plain = plain_form(text)
    return any(_compiled(pattern).fullmatch(plain) for pattern in patterns)


@lru_cache(maxsize=1000)
def _compiled(pattern: str) -> Any:
    # 20 ms and a shared library: only a process that marks words loads it; it has no stubs.
    import re2  # type: ignore[import-untyped]

    options = re2.Options()
    options.max_mem = _MEMORY
    options.log_errors = False
    options.never_capture = True
    try:
        return re2.compile(pattern, options)
    except re2.error as fault:
        words = fault.args[0] if fault.args else ""
        told = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
        raise BadPattern(f"is not a usable pattern: {told}") from None

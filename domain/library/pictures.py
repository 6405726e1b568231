"""Pictures of the library that a text shows, by the key under which they are kept."""

import re
from collections.abc import Collection

from domain.library.documents import Problem

_SHOWN = re.compile(r"!\[[^\]\n]{0,1000}\]\(media:([^)\s]{0,200})")


def pictures_of(source: str) -> list[tuple[int, str]]:
    """(line from 1, key) of every picture that a text shows, in reading order."""
    return [
        (number, found[1])
        for number, line in enumerate(source.splitlines(), start=1)
        if "](media:" in line
        for found in _SHOWN.finditer(line)
    ]


def missing_pictures(path: str, source: str, known: Collection[str]) -> list[Problem]:
    """A problem for every picture that is not in the library."""
    return [
        Problem(path, line, None, f"there is no picture {key[:60]!r} in the library")
        for line, key in pictures_of(source)
        if key not in known
    ]

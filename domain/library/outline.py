"""The headings of a text that is being written, with their lines."""

import re

from domain.library.fences import Fences, lines_of
from domain.records import frozen

_HEADING = re.compile(r"^(#{2,4})\s+(.+?)\s*#*$")
_FRONT = re.compile(r"^---[ \t]*$")


@frozen
class Heading:
    """depth: 2 for a section, 3 and 4 below it; line: from 1, of the whole file."""

    depth: int
    title: str
    line: int


def headings(source: str) -> tuple[Heading, ...]:
    """The headings of a lesson's file; what stands in front matter or code is none."""
    found: list[Heading] = []
    fences = Fences()
    in_front = False
    for number, line in enumerate(lines_of(source), start=1):
        if _FRONT.match(line) and (number == 1 or in_front):
            in_front = number == 1
            continue
        if not in_front and not fences.take(line) and (heading := _HEADING.match(line)):
            found.append(Heading(len(heading[1]), heading[2], number))
    return tuple(found)

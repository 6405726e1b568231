"""Fenced code, in one place: the check, the outline and the renderer see the same lines as code.

A fence opens with three or more backticks or tildes, at most three blanks before them, and closes
with at least as many of the same alone on a line. One that is never closed reaches to the end.
"""

import re

_OPENS = re.compile(r"(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})(?P<rest>.*)")
_BREAK = re.compile(r"\r\n|\r|\n")


class Fences:
    """Fed with the lines of a text, one after the other."""

    def __init__(self) -> None:
        self.opened_at = 0
        self._number = 0
        self._fence = ""
        self._indent = 0

    @property
    def open(self) -> bool:
        """Whether the next line stands in a fence that is not closed yet."""
        return bool(self._fence)

    def take(self, line: str) -> bool:
        """Whether this line is code or the border of it."""
        self._number += 1
        found = _OPENS.fullmatch(line)
        if self._fence:
            if found and found["fence"].startswith(self._fence) and not found["rest"].strip():
                self._fence = ""
            return True
        # Backticks after the fence make it code within a line: ```a``` and words.
        if found and not (found["fence"][0] == "`" and "`" in found["rest"]):
            self._fence, self._indent = found["fence"], len(found["indent"])
            self.opened_at = self._number
            return True
        return False

    def content(self, line: str) -> str:
        """A line of code without the blanks that its fence was moved in by."""
        moved = len(line) - len(line.lstrip(" "))
        return line[min(moved, self._indent) :]


def lines_of(text: str) -> list[str]:
    """The lines of a text as browsers and the renderer count them."""
    lines = _BREAK.split(text)
    return lines[:-1] if lines[-1] == "" else lines

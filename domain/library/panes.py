"""Tabs of a lesson: `/// tab | Title` blocks that follow one another make one set."""

TAB = "tab"
MOST = 6  # more titles than this do not stand beside each other on any screen

Fault = tuple[int, str]


class TabSets:
    """Told of the tabs of a text in order, and of the end of each set; names what is wrong."""

    def __init__(self) -> None:
        self._set: list[tuple[int, str]] = []

    def add(self, line: int, title: str) -> None:
        """One more tab beside those before it."""
        self._set.append((line, title))

    def end(self) -> list[Fault]:
        """Something else follows; the faults of the set that ends here."""
        tabs, self._set = self._set, []
        if not tabs:
            return []
        faults = []
        if len(tabs) == 1:
            faults.append((tabs[0][0], "one tab alone is no choice: put another one after it"))
        if len(tabs) > MOST:
            faults.append((tabs[MOST][0], f"a set has up to {MOST} tabs, this one {len(tabs)}"))
        seen: set[str] = set()
        for line, title in tabs:
            if title in seen:
                faults.append((line, f"another tab of this set is called “{title[:40]}” too"))
            seen.add(title)
        return faults

"""How often one key may ask: counted in memory, by each web process for itself.

It guards against a program that runs wild and not against guessing (services/accounts/limiter.py
does that), so it needs no table and no write.
"""

from datetime import datetime

from services.errors import TooMany


class Flood:
    """Counts requests of each key in fixed windows; what has passed is forgotten."""

    def __init__(self, most: int, window_s: int) -> None:
        self.most, self.window_s = most, window_s
        self._window, self._counts = 0, dict[int, int]()

    def count(self, key_id: int, now: datetime) -> None:
        """Count one request; raises TooMany beyond the most of this window."""
        second = int(now.timestamp())
        if second // self.window_s != self._window:
            self._window, self._counts = second // self.window_s, {}
        self._counts[key_id] = self._counts.get(key_id, 0) + 1
        if self._counts[key_id] > self.most:
            raise TooMany(self.window_s - second % self.window_s)

    def forget(self) -> None:
        """Begin anew; for tests."""
        self._counts = {}

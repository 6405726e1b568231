"""Figures for Prometheus, gathered in memory and handed over once a second.

With several processes each figure is a write to a mapped file; that for every request costs more
than the page's own queries do.
"""

import threading
from bisect import bisect_left
from collections import defaultdict

from prometheus_client import Counter

REQUESTS = Counter(
    "threshold_requests_total", "Requests answered", ("method", "endpoint", "status")
)
SECONDS = Counter("threshold_request_seconds_total", "Time spent answering", ("endpoint",))
WITHIN = Counter(
    "threshold_requests_within_total", "Requests by the time they took", ("endpoint", "seconds")
)
STEPS = (0.01, 0.05, 0.25, 1.0, 5.0)
NAMES = (*map(str, STEPS), "more")
HAND_OVER_S = 1.0

_lock = threading.Lock()
_answered: dict[tuple[str, str, str], int] = defaultdict(int)
_within: dict[tuple[str, str], int] = defaultdict(int)
_seconds: dict[str, float] = defaultdict(float)


def note(method: str, endpoint: str, status: int, seconds: float) -> None:
    """Count one answer. method and endpoint come from closed lists, so that labels stay few."""
    with _lock:
        first = not _answered
        _answered[method, endpoint, str(status)] += 1
        _seconds[endpoint] += seconds
        _within[endpoint, NAMES[bisect_left(STEPS, seconds)]] += 1
    if first:
        timer = threading.Timer(HAND_OVER_S, hand_over)
        timer.daemon = True
        timer.start()


def hand_over() -> None:
    """Give what was gathered to Prometheus's own counters."""
    with _lock:
        answered, within, seconds = dict(_answered), dict(_within), dict(_seconds)
        for tally in (_answered, _within, _seconds):
            tally.clear()
    for labels, number in answered.items():
        REQUESTS.labels(*labels).inc(number)
    for (endpoint, step), number in within.items():
        WITHIN.labels(endpoint, step).inc(number)
    for endpoint, time in seconds.items():
        SECONDS.labels(endpoint).inc(time)

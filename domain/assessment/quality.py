"""The item quality loop: what a reviewer should look at, and in which order.

The first five are findings; hard and easy are advice, which alone would raise false alarms for one
good item in ten (see statistics/item_statistics.py for the limits).
"""

from collections.abc import Collection, Iterable

LEAST_SHOWN = 10  # answers below which no figure is shown
LEAST_JUDGED = 30  # answers below which no figure is held against a limit
RAPID_SHARE = 0.10  # of the answers: more says that people stopped reading
FLAGS = ("check-key", "dif", "weak", "idle-distractor", "rapid", "hard", "easy")
ADVICE = frozenset({"hard", "easy"})


def in_order(flags: Iterable[str]) -> tuple[str, ...]:
    """The same flags, the worst first."""
    return tuple(sorted(flags, key=FLAGS.index))


def rank(flags: Collection[str]) -> int:
    """0 for the worst flag that an item has, more for lesser ones; len(FLAGS) without any."""
    return min((FLAGS.index(flag) for flag in flags), default=len(FLAGS))


def has_finding(flags: Iterable[str]) -> bool:
    """Whether there is more than advice."""
    return not ADVICE.issuperset(flags)

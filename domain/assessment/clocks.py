"""The clock of an attempt: extra time, drops of the line, breaks, sections.

The server alone measures. A deadline moves only by seconds that are written down as a grant; a
section that is left early gives its unused time up.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from domain.assessment.attempts import is_late
from domain.records import frozen

BEAT_S = 10  # between two signs of life of a page
DROP_S = 20  # a gap from here on is a drop: one interval, and ten seconds without the next sign
MOST_DROPPED_S = 600  # that an attempt is credited for drops, in all
EXTRA_PERCENTS = (25, 50, 100)
MOST_EXTRA_MINUTES = 240


@frozen
class Span:
    """A section as planned or as it went. deadline: None without a clock; ended_at: when left."""

    number: int
    started_at: dt.datetime
    deadline: dt.datetime | None
    ended_at: dt.datetime | None


def extra_seconds(limit_s: int, percent: int, minutes: int) -> int:
    """What a percentage of the limit and some minutes come to. Raises ValueError below zero."""
    if limit_s < 0 or percent < 0 or minutes < 0:
        raise ValueError("extra time is not negative")
    return limit_s * percent // 100 + 60 * minutes


def dropped_seconds(signs: Iterable[dt.datetime]) -> int:
    """Whole seconds without a sign of life beyond the interval, over all gaps that are drops.

    signs: of life, in any order; fewer than two have no gap.
    """
    gaps = ((later - earlier).total_seconds() for earlier, later in pairwise(sorted(signs)))
    return sum(int(gap - BEAT_S) for gap in gaps if gap >= DROP_S)


def drop_credit(signs: Iterable[dt.datetime], credited_s: int, away_s: int = 0) -> int:
    """Seconds to credit for drops; credited_s: what the attempt was credited for them before.

    away_s: how long the page says it was out of sight meanwhile. It was silent then because the
    browser slowed it down, not for want of a line; what a page says only ever lowers the credit.
    """
    dropped = dropped_seconds(signs) - max(0, away_s)
    return max(0, min(dropped, MOST_DROPPED_S - credited_s))


def break_seconds(paused_at: dt.datetime, now: dt.datetime, minutes: int) -> int:
    """How long the clock stood still: the length of the break, at most its minutes, at least 1."""
    return max(1, min(int((now - paused_at).total_seconds()), 60 * minutes))


def is_break_over(paused_at: dt.datetime, now: dt.datetime, minutes: int) -> bool:
    """Whether the minutes of a break are used up."""
    return now >= paused_at + dt.timedelta(minutes=minutes)


def plan(
    started_at: dt.datetime, minutes: Sequence[int], deadline: dt.datetime | None
) -> tuple[Span, ...]:
    """Sections one after the other, which share the time until the deadline as their minutes say.

    minutes: of each section, as authored; a longer or shorter limit stretches or shrinks them all.
    """
    if deadline is None:
        return tuple(Span(n, started_at, None, None) for n in range(1, len(minutes) + 1))
    whole = (deadline - started_at).total_seconds()
    shares = [int(whole * part / sum(minutes)) for part in accumulate(minutes)]
    ends = [started_at + dt.timedelta(seconds=s) for s in shares[:-1]] + [deadline]
    return tuple(
        Span(n, start, end, None)
        for n, (start, end) in enumerate(zip([started_at, *ends], ends, strict=False), start=1)
    )


def current(spans: Sequence[Span], now: dt.datetime) -> Span | None:
    """The section that runs: the first that was not left and whose time is not over.

    None when there is none, or no section at all.
    """
    running = (s for s in spans if s.ended_at is None and (s.deadline is None or now < s.deadline))
    return next(running, None)


def is_open(span: Span, now: dt.datetime) -> bool:
    """Whether an answer to a question of the section is taken, with the grace of the clock."""
    return span.ended_at is None and span.started_at <= now and not is_late(now, span.deadline)


def moved(spans: Iterable[Span], seconds: int, since: dt.datetime) -> tuple[Span, ...]:
    """The sections after a grant: those that still run or are to come at `since` end later."""
    shift = dt.timedelta(seconds=seconds)
    return tuple(
        Span(
            span.number,
            span.started_at + shift if span.started_at > since else span.started_at,
            span.deadline + shift,
            None,
        )
        if span.ended_at is None and span.deadline is not None and span.deadline > since
        else span
        for span in spans
    )


def left(
    spans: Sequence[Span], number: int, now: dt.datetime
) -> tuple[tuple[Span, ...], dt.timedelta]:
    """The sections after one of them was left early, and the time that it gives up.

    Those that follow begin and end earlier. Raises ValueError when `number` is not the current one
    or the last one, which is left by handing in.
    """
    here = current(spans, now)
    if here is None or here.number != number or here.number == spans[-1].number:
        raise ValueError("only the current section can be left, and the last one by handing in")
    unused = here.deadline - now if here.deadline else dt.timedelta(0)
    return tuple(_after(span, number, unused, now) for span in spans), unused


def _after(span: Span, number: int, shift: dt.timedelta, now: dt.datetime) -> Span:
    if span.number < number:
        return span
    if span.number == number:
        return Span(span.number, span.started_at, span.deadline, now)
    if span.deadline is None:
        start = now if span.number == number + 1 else span.started_at
        return Span(span.number, start, None, None)
    return Span(span.number, span.started_at - shift, span.deadline - shift, None)

"""How somebody shared their time out over questions, without saying how much of it they had.

Seconds add up, and what is more than the position's limit would tell that somebody was given more.
Shares of a person's own time add up to 100 for everybody.
"""

from collections.abc import Sequence


def shares(seconds: Sequence[float | None]) -> tuple[float | None, ...]:
    """Per cent of all these seconds, in the same order; None where there are none.

    seconds: none negative; None where nothing was answered.
    """
    whole = sum(one for one in seconds if one is not None)
    return tuple(None if one is None or not whole else 100 * one / whole for one in seconds)

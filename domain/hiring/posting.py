"""How far a letter is, from the newest thing that happened to it."""

from datetime import datetime, timedelta
from enum import StrEnum

TRIED_FOR = timedelta(hours=2)  # the outbox has given up well before


class Standing(StrEnum):
    """WAITING: it goes out by itself. UNKNOWN: the server stopped while it was handed over."""

    WAITING = "waiting"
    SENT = "sent"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    FAILED = "failed"

    @property
    def may_go_again(self) -> bool:
        """Whether a person may send it once more: by itself it does not go out any more."""
        return self in (Standing.UNKNOWN, Standing.REFUSED, Standing.FAILED)


# Events of the journal, in the order in which they happen to a letter.
ASKED, HANDED, FAILED = "letter.asked", "letter.handed_over", "letter.failed"
UNKNOWN, REFUSED, SENT = "letter.unknown", "letter.refused", "letter.sent"
EVENTS = (ASKED, HANDED, FAILED, UNKNOWN, REFUSED, SENT)
GOES = (ASKED, FAILED)  # after these it goes out; after all others a person is needed
_LASTING = {UNKNOWN: Standing.UNKNOWN, REFUSED: Standing.REFUSED, SENT: Standing.SENT}


def standing(event: str, at: datetime, now: datetime) -> Standing:
    """Where a letter stands. event: the newest one about it; at: when it happened."""
    if event in (HANDED, FAILED) and now - at > TRIED_FOR:
        return Standing.FAILED if event == FAILED else Standing.UNKNOWN
    return _LASTING.get(event, Standing.WAITING)

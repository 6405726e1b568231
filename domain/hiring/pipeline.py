"""The pipeline of a position: its columns, and what a list of candidates can be narrowed to.

Filters come from an address that anybody may type: what makes no sense is left out.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from enum import StrEnum

from domain.hiring.applications import Stage
from domain.records import frozen


class Column(StrEnum):
    """Where an application stands on the board, from left to right."""

    INVITED = "invited"
    STARTED = "started"
    FINISHED = "finished"
    REVIEW = "review"
    DECISION = "decision"


NO_DECISION = "reopened"  # the outcome that takes an earlier decision back
DECIDED = ("advance", "offer", "hold", "reject", "withdrawn", "hired")
# Narrower than the column "invited": what became of an invitation that started nothing.
WAITING = ("open", "opened", "expired", "revoked")
SORTS = ("newest", "name", "finished", "deadline")
GATES = ("met", "not met", "not yet known")
LONGEST_SEARCH = 100


def column(stage: Stage, reviewed: bool, outcome: str | None) -> Column:
    """The column of an application. A decision comes first; review is for finished ones."""
    if outcome is not None and outcome != NO_DECISION:
        return Column.DECISION
    if stage is Stage.FINISHED:
        return Column.REVIEW if reviewed else Column.FINISHED
    return Column.STARTED if stage is Stage.STARTED else Column.INVITED


@frozen
class Filters:
    """What a list is narrowed to; empty words narrow nothing.

    column: of the board; invitation: one of WAITING; outcome: of the newest decision; gate: how
    the position's gates read, taken together; fit: points 0 to 100 that the 95 % band must reach;
    bounced: only addresses that were refused at delivery.
    """

    column: str = ""
    invitation: str = ""
    outcome: str = ""
    lang: str = ""
    gate: str = ""
    fit: int | None = None
    bounced: bool = False
    search: str = ""
    sort: str = SORTS[0]

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order is asked for."""
        return replace(self, sort=SORTS[0]) != Filters()

    @property
    def figures(self) -> bool:
        """Whether results must be looked at."""
        return bool(self.gate) or self.fit is not None

    def query(self) -> dict[str, str]:
        """The same as words of an address; what narrows nothing is left out."""
        raw = {("q" if key == "search" else key): value for key, value in asdict(self).items()}
        if raw["sort"] == SORTS[0]:
            del raw["sort"]
        return {
            key: "1" if value is True else str(value)
            for key, value in raw.items()
            if value not in ("", None, False)
        }


def parse_filters(raw: Mapping[str, str], languages: tuple[str, ...]) -> Filters:
    """Filters from the words of an address; a word that is not known is as if it were not there."""
    fit = raw.get("fit", "")
    search = "".join(c for c in raw.get("q", "") if c.isprintable()).strip()
    return Filters(
        column=_one_of(raw.get("column"), [str(word) for word in Column]),
        invitation=_one_of(raw.get("invitation"), WAITING),
        outcome=_one_of(raw.get("outcome"), DECIDED),
        lang=_one_of(raw.get("lang"), languages),
        gate=_one_of(raw.get("gate"), GATES),
        fit=min(int(fit), 100) if fit.isascii() and fit.isdecimal() and len(fit) < 7 else None,
        bounced=raw.get("bounced") == "1",
        search=search[:LONGEST_SEARCH],
        sort=_one_of(raw.get("sort"), SORTS) or SORTS[0],
    )


def _one_of(word: str | None, known: list[str] | tuple[str, ...]) -> str:
    return word if word is not None and word in known else ""


KEYS = frozenset(field.name for field in fields(Filters)) - {"search"} | {"q"}

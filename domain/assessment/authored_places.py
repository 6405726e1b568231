"""Reading items that ask for a place on a figure."""

import math

from domain.assessment.authored_parts import (
    MOST_TEXT,
    MOST_WHY,
    Core,
    lettered,
    one_key,
    refuse_repeats,
)
from domain.assessment.items import Area, Hotspot, Item
from domain.library.fields import SLUG, Fields

MOST_AREAS = 8
_NUMBERS = {"circle": 3, "rect": 4}


def hotspot(fields: Fields, core: Core) -> Item:
    """The rest of an item that asks for a place. Faults are noted in `fields`."""
    figure = fields.text("figure", most=60, pattern=SLUG)
    areas = tuple(
        _area(entry, letter)
        for letter, entry in lettered(fields.children("areas", least=3, most=MOST_AREAS))
    )
    refuse_repeats(fields, "areas", [area.text for area in areas])
    one_key(fields, "areas", [area.key for area in areas])
    return Hotspot(**core, figure=figure, areas=areas)


def _area(entry: Fields, letter: str) -> Area:
    shape = "rect" if entry.has("rect") else "circle"
    given = entry.raw(shape)
    at: tuple[float, ...] = (0.0,) * _NUMBERS[shape]
    if (
        isinstance(given, list)
        and len(given) == _NUMBERS[shape]
        and all(type(n) in (int, float) and math.isfinite(n) and n >= 0 for n in given)
        and min(given[2:]) > 0
    ):
        at = tuple(float(number) for number in given)
    elif given is not None:
        entry.problem(shape, f"must list {_NUMBERS[shape]} numbers in the figure's units")
    return Area(
        letter=letter,
        text=entry.text("label", most=MOST_TEXT),
        why=entry.text("why", most=MOST_WHY),
        key=entry.flag("key"),
        shape=shape,
        at=at,
    )

"""Reading a numeric item: plain numbers, or parameters with sums over them."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from domain.assessment.authored_parts import MOST_WHY
from domain.assessment.drawing import ANSWER, MOST_VALUES, PLACE, drawn, sample_of_draws
from domain.assessment.items import Item, Numeric, Slip
from domain.library.arithmetic import MOST_CHARACTERS, NAME, BadSum, parse
from domain.library.fields import Fields

MOST_PARAMETERS = 8
MOST_SLIPS = 8
MOST_DECIMALS = 12

_Values = dict[str, tuple[str, ...]]


def numeric(fields: Fields, core: Mapping[str, Any]) -> Item:
    """The rest of a numeric item. Faults are noted in `fields`."""
    item = _varying(fields, core) if fields.has("parameters") else _plain(fields, core)
    for position, slip in enumerate(item.slips, start=1):
        if not item.parameters and abs(slip.value - item.answer) <= item.tolerance:
            fields.problem(f"slips[{position}]", "would be marked right: it is within tolerance")
    return item


def _plain(fields: Fields, core: Mapping[str, Any]) -> Numeric:
    slips = tuple(
        Slip(entry.decimal("value"), entry.text("why", most=MOST_WHY)) for entry in _slips(fields)
    )
    return Numeric(**core, **_common(fields), answer=fields.decimal("answer"), slips=slips)


def _common(fields: Fields) -> dict[str, Any]:
    return {
        "tolerance": fields.decimal("tolerance", least=Decimal(0)),
        "unit": fields.text("unit", most=40, empty=True),
        "decimals": fields.integer("decimals", 0, 6),
        "why": fields.text("why", most=MOST_WHY),
    }


def _slips(fields: Fields) -> tuple[Fields, ...]:
    return fields.children("slips", least=0, most=MOST_SLIPS) if fields.has("slips") else ()


def _varying(fields: Fields, core: Mapping[str, Any]) -> Numeric:
    parameters = _parameters(fields)
    slips = tuple(
        Slip(Decimal(0), entry.text("why", most=MOST_WHY), _sum(entry, "value", parameters))
        for entry in _slips(fields)
    )
    item = Numeric(
        **core,
        **_common(fields),
        answer=Decimal(0),
        slips=slips,
        parameters=parameters,
        formula=_sum(fields, "answer", parameters),
    )
    _check_places(fields, item)
    if not fields.problems:
        _check_draws(fields, item)
    return item


def _parameters(fields: Fields) -> _Values:
    inner = fields.child("parameters")
    found: _Values = {}
    for name in inner.names():
        if not re.fullmatch(NAME, name) or name == ANSWER:
            inner.problem(name, "must be a short word in lower case, and not “answer”")
            continue
        found[name] = _values(inner, name)
    if not 1 <= len(found) <= MOST_PARAMETERS:
        fields.problem("parameters", f"must name 1 to {MOST_PARAMETERS} numbers that vary")
    return dict(sorted(found.items()))


def _values(inner: Fields, name: str) -> tuple[str, ...]:
    """The values as texts: those of a list, or from, to and step spelled out."""
    given = inner.raw(name)
    if isinstance(given, list):
        if not 2 <= len(given) <= MOST_VALUES or not all(_is_number(entry) for entry in given):
            inner.problem(name, f"must list 2 to {MOST_VALUES} numbers")
            return ("0",)
        places = _places([Decimal(str(entry)) for entry in given], inner, name)
        return tuple(f"{Decimal(str(entry)):.{places}f}" for entry in given)
    part = inner.child(name)
    low, high, step = (part.decimal(word) for word in ("from", "to", "step"))
    if step <= 0 or high <= low or (high - low) / step >= MOST_VALUES:
        inner.problem(name, f"must go up from `from` to `to` in 1 to {MOST_VALUES - 1} steps")
        return ("0",)
    places = _places([low, high, step], inner, name)
    count = int((high - low) / step) + 1
    return tuple(f"{low + step * number:.{places}f}" for number in range(count))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _places(values: Iterable[Decimal], inner: Fields, name: str) -> int:
    """How many decimals all of them need: 7 for 1.0e-7."""
    places = 0
    for value in values:
        exponent = value.as_tuple().exponent
        places = max(places, -exponent if isinstance(exponent, int) else 0)
    if places > MOST_DECIMALS:
        inner.problem(name, f"must have at most {MOST_DECIMALS} decimals")
    return min(places, MOST_DECIMALS)


def _sum(fields: Fields, name: str, parameters: _Values) -> str:
    """A sum over the parameters, or a plain number."""
    value = fields.raw(name)
    text = (
        f"{Decimal(str(value)):f}" if _is_number(value) else fields.text(name, most=MOST_CHARACTERS)
    )
    try:
        parse(text or "0", parameters)
    except BadSum as fault:
        fields.problem(name, str(fault))
    return text


def _check_places(fields: Fields, item: Numeric) -> None:
    """Every parameter is told in the stem, and no text asks for a number that nobody draws."""
    told = set(PLACE.findall(item.stem))
    for name in item.parameters:
        if name not in told:
            fields.problem("stem", f"must name the parameter {{{name}}}")
    for name in sorted(told - set(item.parameters)):
        fields.problem("stem", f"{{{name}}} is not a parameter")
    whys = [("why", item.why)]
    whys += [(f"slips[{place}]", slip.why) for place, slip in enumerate(item.slips, start=1)]
    for field, text in whys:
        for name in sorted(set(PLACE.findall(text)) - {*item.parameters, ANSWER}):
            fields.problem(field, f"{{{name}}} is not a parameter")


def _check_draws(fields: Fields, item: Numeric) -> None:
    """Every draw has an answer, and no slip would be marked right in any of them."""
    for values in sample_of_draws(item):
        told = ", ".join(f"{n} = {v}" for n, v in zip(item.parameters, values, strict=True))
        try:
            question = drawn(item, values)
        except (BadSum, ArithmeticError) as fault:
            fields.problem("answer", f"with {told}: {fault}")
            return
        assert isinstance(question, Numeric)
        for position, slip in enumerate(question.slips, start=1):
            if abs(slip.value - question.answer) <= item.tolerance:
                where = f"slips[{position}]"
                fields.problem(where, f"would be marked right with {told}: it is within tolerance")
                return

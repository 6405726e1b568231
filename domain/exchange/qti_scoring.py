"""Response processing of QTI, carried out for one answer: what mark would it get there?

Items that state their rule themselves, instead of naming a template, often say right and wrong
there only. What an item's own program does beyond these operators is `Unknown`, by name.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

from domain.exchange.qti_tree import attribute, direct, first, tag
from domain.exchange.questions import number
from domain.exchange.xml_text import Element, text_of

Value = Any  # None (NULL), a truth, a number, or a tuple of texts
Given = tuple[str, ...]
MOST_STEPS = 20_000


class Unknown(ValueError):
    """The rule does something that is not carried out here; the message is its operator."""


class _Exit(Exception):
    pass


def score(item: Element, response: str, given: Given) -> float:
    """The mark that an answer gets. Raises Unknown."""
    return _Run(item, response, given).score()


def worth(item: Element, response: str, candidates: Iterable[str]) -> dict[str, float]:
    """Each single answer's mark. Raises Unknown."""
    return {one: score(item, response, (one,)) for one in candidates}


class _Run:
    def __init__(self, item: Element, response: str, given: Given) -> None:
        self.item, self.response, self.given = item, response, given
        self.steps = 0
        self.outcomes: dict[str, Value] = {}
        for element in direct(item, "outcomeDeclaration"):
            default = first(element, "value")
            value: Value = (text_of(default),) if default is not None else None
            if value is None and attribute(element, "baseType") in ("float", "integer"):
                value = 0.0
            self.outcomes[attribute(element, "identifier")] = value
        self.declared = next(
            e for e in direct(item, "responseDeclaration") if attribute(e, "identifier") == response
        )

    def score(self) -> float:
        processing = first(self.item, "responseProcessing")
        if processing is None:
            raise Unknown("no rule")
        with suppress(_Exit):
            self._carry_out(processing)
        if "SCORE" not in self.outcomes:
            raise Unknown("no SCORE")
        return self._number(self.outcomes["SCORE"]) or 0.0

    def _carry_out(self, holder: Iterable[Element]) -> None:
        for step in holder:
            self._count()
            match tag(step):
                case "responseCondition":
                    self._condition(step)
                case "setOutcomeValue":
                    self._set(step)
                case "responseProcessingFragment":
                    self._carry_out(step)
                case "exitResponse":
                    raise _Exit
                case other:
                    raise Unknown(other)

    def _condition(self, step: Element) -> None:
        for branch in step:
            steps = list(branch)
            if tag(branch) != "responseElse":
                if not steps:
                    raise Unknown(tag(branch))
                if self._value(steps[0]) is not True:
                    continue
                steps = steps[1:]
            self._carry_out(steps)
            return

    def _set(self, step: Element) -> None:
        name = attribute(step, "identifier")
        try:
            value = self._value(step[0]) if len(step) else None
        except Unknown as unknown:
            if name == "SCORE":
                raise
            value = unknown  # of no account, as long as nothing rests on it
        self.outcomes[name] = value

    def _value(self, step: Element) -> Value:
        self._count()
        read = _OPERATORS.get(tag(step))
        if read is None:
            raise Unknown(tag(step))
        return read(self, step)

    def _count(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Unknown("a rule without end")

    def _parts(self, step: Element) -> list[Value]:
        return [self._value(part) for part in step]

    def _numbers(self, step: Element) -> list[float] | None:
        found = [self._number(part) for part in self._parts(step)]
        return None if None in found else [n for n in found if n is not None]

    def _number(self, value: Value) -> float | None:
        if isinstance(value, bool) or value is None or value == ():
            return None
        if isinstance(value, tuple):
            written = number(str(value[0])) if len(value) == 1 else ""
            if not written:
                raise Unknown("a sum of words")
            return float(written)
        return float(value)

    def _variable(self, step: Element) -> Value:
        name = attribute(step, "identifier")
        if name == self.response:
            return self.given or None
        value = self.outcomes.get(name, Unknown(f"the variable {name[:40]}"))
        if isinstance(value, Unknown):
            raise value
        return value

    def _correct(self, step: Element) -> Value:
        if attribute(step, "identifier") != self.response:
            raise Unknown("another response")
        holder = first(self.declared, "correctResponse")
        values = tuple(" ".join(text_of(v).split()) for v in direct(holder, "value"))
        return values or None

    def _same(self, step: Element) -> bool | None:
        one, other = self._two(step)
        if one is None or other is None:
            return None
        if isinstance(one, tuple) and isinstance(other, tuple):
            if attribute(self.declared, "cardinality") == "ordered":
                return one == other
            numbers = [number(text) for text in (*one, *other)]
            if len(one) == len(other) == 1 and all(numbers):
                return float(numbers[0]) == float(numbers[1])
            return sorted(one) == sorted(other)
        if isinstance(one, bool) or isinstance(other, bool):
            return _truth(one) is _truth(other)
        return self._number(one) == self._number(other)

    def _two(self, step: Element) -> tuple[Value, Value]:
        parts = self._parts(step)
        if len(parts) != 2:
            raise Unknown(tag(step))
        return parts[0], parts[1]

    def _string_match(self, step: Element) -> bool | None:
        one, other = self._two(step)
        if attribute(step, "substring") == "true":
            raise Unknown("stringMatch of a part")
        if not one or not other:
            return None
        first_, second = str(one[0]), str(other[0])
        if attribute(step, "caseSensitive") == "false":
            return first_.casefold() == second.casefold()
        return first_ == second

    def _equal(self, step: Element) -> bool | None:
        found = self._numbers(step)
        if found is None or len(found) != 2:
            return None
        mode = attribute(step, "toleranceMode") or "exact"
        given = [float(number(part) or "nan") for part in attribute(step, "tolerance").split()]
        if mode == "exact":
            return found[0] == found[1]
        if not given or any(part != part for part in given):
            raise Unknown("equal")
        low, high = given[0], given[-1]
        if mode == "relative":
            low, high = abs(found[1]) * low / 100, abs(found[1]) * high / 100
        return found[1] - low <= found[0] <= found[1] + high

    def _member(self, step: Element) -> bool | None:
        one, many = self._two(step)
        if one is None or many is None:
            return None
        return one[0] in many

    def _contains(self, step: Element) -> bool | None:
        many, some = self._two(step)
        if many is None or some is None:
            return None
        return all(one in many for one in some)

    def _all(self, step: Element) -> bool:
        return all(part is True for part in self._parts(step))

    def _any(self, step: Element) -> bool:
        return any(part is True for part in self._parts(step))

    def _not(self, step: Element) -> bool | None:
        part = self._parts(step)[0] if len(step) else None
        return None if part is None else part is not True

    def _several(self, step: Element) -> Value:
        found: tuple[str, ...] = ()
        for part in self._parts(step):
            if part is not None:
                found += part if isinstance(part, tuple) else (str(part),)
        return found or None

    def _product(self, step: Element) -> float | None:
        found = self._numbers(step)
        if found is None:
            return None
        whole = 1.0
        for one in found:
            whole *= one
        return whole

    def _sum(self, step: Element) -> float | None:
        found = self._numbers(step)
        return None if found is None else sum(found)

    def _compared(self, step: Element) -> bool | None:
        found = self._numbers(step)
        if found is None or len(found) != 2:
            return None
        return _COMPARED[tag(step)](found[0], found[1])

    def _mapped(self, step: Element) -> float:
        holder = first(self.declared, "mapping")
        if holder is None or attribute(step, "identifier") != self.response:
            raise Unknown("mapResponse")
        default = _float(attribute(holder, "defaultValue"), 0.0)
        total = 0.0
        for one in dict.fromkeys(self.given):
            total += next((w for key, w in _entries(holder) if key(one)), default)
        low, high = attribute(holder, "lowerBound"), attribute(holder, "upperBound")
        total = max(total, _float(low, total))
        return min(total, _float(high, total))


def _entries(holder: Element) -> list[tuple[Callable[[str], bool], float]]:
    found = []
    for entry in direct(holder, "mapEntry"):
        key = " ".join(attribute(entry, "mapKey").split())
        exact = attribute(entry, "caseSensitive") != "false"
        same = key.__eq__ if exact else _caseless(key)
        found.append((same, _float(attribute(entry, "mappedValue"), 0.0)))
    return found


def _caseless(key: str) -> Callable[[str], bool]:
    return lambda text: text.casefold() == key.casefold()


def _float(text: str, otherwise: float) -> float:
    written = number(text)
    return float(written) if written else otherwise


def _truth(value: Value) -> bool:
    return value is True or (isinstance(value, tuple) and value[0].lower() == "true")


_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "gt": lambda a, b: a > b,
    "gte": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "lte": lambda a, b: a <= b,
}
_OPERATORS: Mapping[str, Callable[[_Run, Element], Value]] = {
    "variable": _Run._variable,
    "correct": _Run._correct,
    "baseValue": lambda run, step: (" ".join(text_of(step).split()),),
    "null": lambda run, step: None,
    "match": _Run._same,
    "stringMatch": _Run._string_match,
    "equal": _Run._equal,
    "member": _Run._member,
    "contains": _Run._contains,
    "isNull": lambda run, step: run._parts(step)[0] in (None, ()),
    "and": _Run._all,
    "or": _Run._any,
    "not": _Run._not,
    "multiple": _Run._several,
    "ordered": _Run._several,
    "sum": _Run._sum,
    "product": _Run._product,
    "gt": _Run._compared,
    "gte": _Run._compared,
    "lt": _Run._compared,
    "lte": _Run._compared,
    "mapResponse": _Run._mapped,
}

"""From an item of ours, as the fields of its YAML, to a question that other houses understand."""

from collections.abc import Mapping
from typing import Any

from domain.exchange.questions import Answer, PictureFile, Question, number
from domain.exchange.tags import tags_of


def question_of(
    fields: Mapping[str, Any], pictures: tuple[PictureFile, ...] = ()
) -> Question | None:
    """An item's fields as a question; None for kinds that only a sheet can carry."""
    kind = str(fields.get("kind"))
    if kind not in _QUESTIONS or fields.get("parameters") or fields.get("ask", "best") != "best":
        return None
    answers, more = _QUESTIONS[kind](fields)
    return Question(
        "single" if kind == "sjt" else kind,
        "",
        str(fields.get("stem", "")).strip(),
        name=str(fields.get("id", "")),
        answers=tuple(answers),
        tags=tags_of(fields),
        hints=tuple(str(hint.get("text", "")) for hint in fields.get("hints") or []),
        pictures=pictures,
        **more,
    )


def _option_answers(fields: Mapping[str, Any]) -> tuple[list[Answer], dict[str, Any]]:
    options = fields.get("options") or []
    several = fields.get("kind") == "multiple"
    count = max(1, sum(bool(option.get("key")) for option in options)) if several else 1
    worth = round(1 / count, 7)
    return [
        Answer(
            str(o.get("text", "")),
            worth if o.get("key") else -worth if several else 0.0,
            str(o.get("why", "")),
        )
        for o in options
    ], {}


def _action_answers(fields: Mapping[str, Any]) -> tuple[list[Answer], dict[str, Any]]:
    return [
        Answer(str(a.get("text", "")), round(int(a.get("score", 0)) / 3, 7), str(a.get("why", "")))
        for a in fields.get("actions") or []
    ], {}


def _truth_answers(fields: Mapping[str, Any]) -> tuple[list[Answer], dict[str, Any]]:
    truth = bool(fields.get("answer"))
    said = Answer(str(truth), 1.0, str(fields.get("why", "")))
    return [said, Answer(str(not truth), 0.0)], {"truth": truth}


def _short_answers(fields: Mapping[str, Any]) -> tuple[list[Answer], dict[str, Any]]:
    examples = fields.get("examples") or {}
    right = list(
        dict.fromkeys([str(fields.get("shown", "")), *map(str, examples.get("right", []))])
    )
    answers = [
        Answer(text, 1.0, str(fields.get("why", "")) if place == 0 else "")
        for place, text in enumerate(right)
    ]
    return answers, {}


def _number_answers(fields: Mapping[str, Any]) -> tuple[list[Answer], dict[str, Any]]:
    value = number(str(fields.get("answer", 0))) or "0"
    tolerance = number(str(fields.get("tolerance", 0))) or "0"
    first = Answer(value, 1.0, str(fields.get("why", "")), value=value, tolerance=tolerance)
    slips = [
        Answer(slip, 0.0, str(s.get("why", "")), value=slip, tolerance="0")
        for s in fields.get("slips") or []
        if (slip := number(str(s.get("value", ""))))
    ]
    return [first, *slips], {"unit": str(fields.get("unit", ""))}


def _pair_answers(fields: Mapping[str, Any]) -> tuple[list[Answer], dict[str, Any]]:
    pairs = [
        Answer(str(p.get("left", "")), 1.0, str(p.get("why", "")), str(p.get("right", "")))
        for p in fields.get("pairs") or []
    ]
    extra = [
        Answer("", 0.0, str(e.get("why", "")), str(e.get("right", "")))
        for e in fields.get("extra") or []
    ]
    return pairs + extra, {}


def _step_answers(fields: Mapping[str, Any]) -> tuple[list[Answer], dict[str, Any]]:
    steps = fields.get("steps") or []
    return [Answer(str(s.get("text", "")), 1.0, str(s.get("why", ""))) for s in steps], {}


def _open_answers(fields: Mapping[str, Any]) -> tuple[list[Answer], dict[str, Any]]:
    return [Answer("", 1.0, str(fields.get("why", "")))], {}


def _area_answers(fields: Mapping[str, Any]) -> tuple[list[Answer], dict[str, Any]]:
    answers = []
    for area in fields.get("areas") or []:
        shape = "rect" if "rect" in area else "circle"
        at = tuple(float(n) for n in area.get(shape, []))
        share = 1.0 if area.get("key") else 0.0
        answers.append(
            Answer(str(area.get("label", "")), share, str(area.get("why", "")), shape=shape, at=at)
        )
    return answers, {"figure": str(fields.get("figure", ""))}


_QUESTIONS = {
    "single": _option_answers,
    "multiple": _option_answers,
    "sjt": _action_answers,
    "truefalse": _truth_answers,
    "short": _short_answers,
    "numeric": _number_answers,
    "matching": _pair_answers,
    "ordering": _step_answers,
    "open": _open_answers,
    "hotspot": _area_answers,
}

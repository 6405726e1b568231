"""From a question of another house to an item of ours, as the fields of its YAML.

An imported question lacks most of what an item says about itself. What the trainer chose for the
whole file fills that; what is missing still (a reason, a third choice) keeps the item a draft.
"""

import re
from collections.abc import Mapping
from typing import Any

from domain.assessment.patterns import plain_form
from domain.exchange.questions import Answer, Question, keys, number
from domain.exchange.tables import weights
from domain.exchange.tags import TAGS
from domain.records import frozen

_ORDER = (*TAGS[:11], "evidence", "ask", "parameters", "figure", "columns", "stem")
_LETTERS = re.compile(r"[^\W_]+")
_UNSOUND = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")


@frozen
class Defaults:
    """What a trainer says about all questions of a file at once."""

    competency: str
    subtopic: str
    lesson: str
    seeds: tuple[str, ...]
    source: str
    pool: str = "practice"
    cognitive: str = "A"
    difficulty: int = 3


def fields_of(question: Question, defaults: Defaults) -> dict[str, Any]:
    """The fields of an item, in the order in which authors write them; the id is the caller's."""
    tagged = _tagged(question.tags)
    found: dict[str, Any] = {
        "id": "",
        "kind": question.kind,
        "pool": defaults.pool,
        "competencies": {defaults.competency: 1.0},
        "subtopic": defaults.subtopic,
        "cognitive": defaults.cognitive,
        "difficulty": defaults.difficulty,
        "seeds": list(defaults.seeds),
        "lesson": defaults.lesson,
        "source": defaults.source,
    }
    found |= tagged
    if question.given:
        found |= question.given
    else:
        found["stem"] = question.stem
        found |= _PARTS[question.kind](question, tagged)
        if question.hints and found["pool"] == "practice":
            found["hints"] = [{"text": hint, "cost": 0.2} for hint in question.hints[:5]]
    first = {name: found.pop(name) for name in _ORDER if name in found}
    whole: dict[str, Any] = _sound({**first, **found})
    return whole


def _tagged(tags: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {name: tags[name] for name in TAGS if tags.get(name)}
    if "competencies" in found:
        try:
            found["competencies"] = weights(found["competencies"])
        except ValueError:
            del found["competencies"]
    if found.get("kind") != "sjt":
        found.pop("kind", None)
    if "seeds" in found:
        found["seeds"] = found["seeds"].split()
    for name in ("difficulty", "decimals"):
        if name in found:
            found[name] = int(found[name]) if found[name].isdecimal() else 3
    if "evidence" in found:
        found["evidence"] = found["evidence"] == "true"
    return found


def _options(question: Question, tagged: Mapping[str, Any]) -> dict[str, Any]:
    if tagged.get("kind") == "sjt":
        actions = [
            {"text": a.text, "score": round(a.share * 3), "why": a.why} for a in question.answers
        ]
        return {"kind": "sjt", "actions": actions}
    found = [_option(answer) for answer in question.answers]
    several = sum(1 for _ in keys(question)) > 1
    kind = question.kind
    if kind == "multiple" and not several:
        kind = "single"
    if kind == "single" and several:
        best = max(answer.share for answer in question.answers)
        found = [
            _option(answer, key=answer.share == best and answer.share > 0)
            for answer in question.answers
        ]
    return {"kind": kind, "options": found}


def _option(answer: Answer, key: bool | None = None) -> dict[str, Any]:
    is_key = answer.share > 0 if key is None else key
    marked = {"key": True} if is_key else {}
    return {"text": answer.text, **marked, "why": answer.why}


def _true_false(question: Question, tagged: Mapping[str, Any]) -> dict[str, Any]:
    right = next((a.why for a in question.answers if a.share > 0), "")
    why = right or question.why or _any_why(question)
    return {"answer": bool(question.truth), "why": why, "reasons": []}


def _any_why(question: Question) -> str:
    """What is said after a wrong answer is better than no reason; an author reads it anyway."""
    return next((a.why for a in question.answers if a.why), "")


def _short(question: Question, tagged: Mapping[str, Any]) -> dict[str, Any]:
    right = [answer for answer in question.answers if answer.share > 0]
    wrong = [a for a in question.answers if a.share <= 0 and _LETTERS.search(a.text)]
    accepted = [text for a in right if (text := pattern_of(a.text))]
    examples = list(dict.fromkeys(a.text.replace("*", "") for a in right))
    found: dict[str, Any] = {
        "accept": list(dict.fromkeys(accepted)),
        "shown": examples[0] if examples else "",
        "why": next((a.why for a in right if a.why), "") or question.why or _any_why(question),
    }
    if wrong:
        found["near"] = [{"pattern": pattern_of(a.text), "why": a.why} for a in wrong]
    # A pattern must be seen to refuse something; this is the plainest thing that it must refuse.
    found["examples"] = {
        "right": examples,
        "wrong": [a.text.replace("*", "") for a in wrong] or ["none of these words"],
    }
    return found


def pattern_of(text: str) -> str:
    """A pattern that accepts this answer and no other; `*` stands for anything."""
    parts = [plain_form(part) for part in text.split("*")]
    return ".*".join(re.sub(r"([\\.^$|?*+()\[\]{}])", r"\\\1", part) for part in parts)


def _numeric(question: Question, tagged: Mapping[str, Any]) -> dict[str, Any]:
    right = max((answer for answer in question.answers if answer.value), key=lambda a: a.share)
    slips = [
        {"value": _plain(answer.value), "why": answer.why}
        for answer in question.answers
        if answer.value and answer is not right and answer.share <= 0
    ]
    decimals = len(right.value.partition(".")[2])
    found: dict[str, Any] = {
        "answer": _plain(right.value),
        "tolerance": _plain(right.tolerance or "0"),
        "unit": tagged.get("unit", question.unit),
        "decimals": tagged.get("decimals", min(6, decimals)),
        "why": right.why or question.why or _any_why(question),
    }
    return found | ({"slips": slips} if slips else {})


def _plain(text: str) -> int | float:
    written = number(text) or "0"
    return float(written) if "." in written else int(written)


def _matching(question: Question, tagged: Mapping[str, Any]) -> dict[str, Any]:
    pairs = [a for a in question.answers if a.text]
    extra = [a for a in question.answers if not a.text]
    found: dict[str, Any] = {
        "pairs": [{"left": a.text, "right": a.goes_with, "why": a.why} for a in pairs]
    }
    if extra:
        found["extra"] = [{"right": a.goes_with, "why": a.why} for a in extra]
    return found


def _ordering(question: Question, tagged: Mapping[str, Any]) -> dict[str, Any]:
    return {"steps": [{"text": a.text, "why": a.why} for a in question.answers]}


def _open(question: Question, tagged: Mapping[str, Any]) -> dict[str, Any]:
    said = next((a.why for a in question.answers), "")
    return {"rubric": [], "words": {"least": 30, "most": 200}, "why": said or question.why}


def _hotspot(question: Question, tagged: Mapping[str, Any]) -> dict[str, Any]:
    areas = [
        {
            "label": a.text,
            a.shape: [_number(n) for n in a.at],
            **({"key": True} if a.share > 0 else {}),
            "why": a.why,
        }
        for a in question.answers
    ]
    return {"figure": question.figure, "areas": areas}


def _number(value: float) -> int | float:
    return int(value) if value == int(value) else value


_PARTS = {
    "single": _options,
    "multiple": _options,
    "truefalse": _true_false,
    "short": _short,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "open": _open,
    "hotspot": _hotspot,
}


def _sound(value: Any) -> Any:
    """Without characters that no document may hold; line ends are LF."""
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        return _UNSOUND.sub("", text)
    if isinstance(value, dict):
        return {str(name): _sound(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_sound(entry) for entry in value]
    return value

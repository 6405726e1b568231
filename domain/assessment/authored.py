"""From an authored item (YAML) to a compiled one, with every fault named by field and line."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import TypedDict

from domain.assessment import items
from domain.assessment.authored_judgements import judgement, likert
from domain.assessment.authored_numbers import numeric
from domain.assessment.authored_parts import (
    MOST_STEM,
    MOST_TEXT,
    MOST_WHY,
    one_key,
    options,
    refuse_repeats,
)
from domain.assessment.authored_places import hotspot
from domain.assessment.authored_words import open_answer, short, table
from domain.assessment.items import LETTERS, Hint, Item, Likert
from domain.library.documents import load_yaml
from domain.library.fields import COMPETENCY, ITEM_ID, LESSON_REF, SEED, SLUG, Fields

MOST_HINTS = 5


def parse_item(source: str, path: str) -> Item:
    """Compile one item.

    path: `.../items/<competency>/<id>.yaml`; compared with the id, never opened.
    Raises DocumentError with all faults, each naming its field and line.
    """
    fields = Fields(load_yaml(source, path))
    kind = fields.one_of("kind", items.KINDS)
    core = _core(fields, kind)
    _check_place(fields, core, PurePosixPath(path))
    if not kind:
        # What the other fields should be depends on the kind, so they cannot be judged yet.
        fields.names()
        fields.finish()
    item = _PARTS[kind](fields, core)
    fields.finish()
    return item


class _Core(TypedDict):
    id: str
    pool: str
    competencies: dict[str, float]
    subtopic: str
    cognitive: str
    difficulty: int
    seeds: tuple[str, ...]
    lesson: str
    source: str
    review_by: dt.date | None
    stem: str
    evidence: bool
    hints: tuple[Hint, ...]


def _core(fields: Fields, kind: str) -> _Core:
    return {
        "id": fields.text("id", most=20, pattern=ITEM_ID),
        "pool": fields.one_of("pool", items.POOLS),
        "competencies": _weights(fields, measured=kind != Likert.kind),
        "subtopic": fields.text("subtopic", most=40, pattern=SLUG),
        "cognitive": fields.one_of("cognitive", items.COGNITIVE_LEVELS),
        "difficulty": fields.integer("difficulty", 1, 5),
        "seeds": fields.texts("seeds", SEED),
        "lesson": fields.text("lesson", most=120, pattern=LESSON_REF),
        "source": fields.text("source", most=600),
        "review_by": fields.date("review_by"),
        "stem": fields.text("stem", most=MOST_STEM),
        "evidence": fields.flag("evidence"),
        "hints": _hints(fields),
    }


def _weights(fields: Fields, *, measured: bool) -> dict[str, float]:
    """Competency to weight. measured: false for a kind that is no evidence, whose weights are 0."""
    inner = fields.child("competencies")
    weights: dict[str, float] = {}
    for code in inner.names():
        if not re.fullmatch(COMPETENCY, code):
            inner.problem(code, "is not a competency")
            continue
        weights[code] = inner.number(code, 0, 1)
        if measured and weights[code] == 0:
            inner.problem(code, "must weigh more than 0")
        if not measured and weights[code] != 0:
            inner.problem(code, "must be 0: a self-description measures nothing")
    if fields.has("competencies") and not inner.names():
        fields.problem("competencies", "must name at least one competency")
    return weights


def _check_place(fields: Fields, core: _Core, path: PurePosixPath) -> None:
    """The id repeats the file's name, and the folder is the item's first competency."""
    if core["id"] and core["id"] != path.stem:
        fields.problem("id", f"must equal the file's name, “{path.stem}”")
    folder = path.parent.name
    if core["id"] and core["id"].partition("-")[0] != folder:
        fields.problem("id", f"does not belong in the folder “{folder}”")
    if core["competencies"] and folder not in core["competencies"]:
        fields.problem("competencies", f"must include the folder's competency, “{folder}”")


def _hints(fields: Fields) -> tuple[Hint, ...]:
    """Hints in their order; all of them together cost the whole evidence at most."""
    if not fields.has("hints"):
        return ()
    hints = tuple(
        Hint(entry.text("text", most=MOST_TEXT), entry.number("cost", 0, 1))
        for entry in fields.children("hints", least=1, most=MOST_HINTS)
    )
    # The margin lets ten tenths be one in spite of binary rounding.
    if sum(hint.cost for hint in hints) > 1 + 1e-9:
        fields.problem("hints", "must not cost more than 1 together")
    if fields.has("pool") and fields.raw("pool") != "practice":
        fields.problem("hints", "are for practice items only")
    return hints


def _single(fields: Fields, core: _Core) -> Item:
    found = options(fields, "options")
    one_key(fields, "options", [option.key for option in found])
    return items.SingleChoice(**core, options=found)


def _true_false(fields: Fields, core: _Core) -> Item:
    if not fields.has("answer"):
        fields.problem("answer", "is missing")
    item = items.TrueFalse(
        **core,
        answer=fields.flag("answer"),
        why=fields.text("why", most=MOST_WHY),
        reasons=options(fields, "reasons"),
    )
    one_key(fields, "reasons", [reason.key for reason in item.reasons])
    return item


def _multiple(fields: Fields, core: _Core) -> Item:
    found = options(fields, "options")
    keys = sum(option.key for option in found)
    if found and keys < 2:
        fields.problem("options", f"must have two or more keys, has {keys}")
    if found and keys == len(found):
        fields.problem("options", "must have at least one wrong option")
    return items.MultipleChoice(**core, options=found)


def _ordering(fields: Fields, core: _Core) -> Item:
    entries = [
        (entry.text("text", most=MOST_TEXT), entry.text("why", most=MOST_WHY))
        for entry in fields.children("steps", least=3, most=8)
    ]
    texts = [text for text, _ in entries]
    refuse_repeats(fields, "steps", texts)
    letter = _blind_labels(texts, LETTERS)
    steps = tuple(items.Step(letter[text], text, why) for text, why in entries)
    return items.Ordering(**core, steps=steps)


def _matching(fields: Fields, core: _Core) -> Item:
    pairs = [
        (
            entry.text("left", most=MOST_TEXT),
            entry.text("right", most=MOST_TEXT),
            entry.text("why", most=MOST_WHY),
        )
        for entry in fields.children("pairs", least=3, most=8)
    ]
    extras: list[tuple[str, str]] = []
    if fields.has("extra"):
        for entry in fields.children("extra", least=1, most=6):
            extras.append((entry.text("right", most=MOST_TEXT), entry.text("why", most=MOST_WHY)))
    refuse_repeats(fields, "pairs", [left for left, _, _ in pairs])
    paired = {right for _, right, _ in pairs}
    for position, (right, _) in enumerate(extras, start=1):
        if right and right in paired:
            fields.problem(f"extra[{position}]", "is also the right side of a pair")
    refuse_repeats(fields, "extra", [right for right, _ in extras])
    if len(paired) + len(extras) < 2:
        fields.problem("pairs", "must offer two or more different right sides")

    reasons = dict.fromkeys(paired, "") | dict(extras)
    label = _blind_labels(list(reasons), [str(number) for number in range(1, len(reasons) + 1)])
    rights = tuple(items.Right(label[text], text, reasons[text]) for text in label)
    lefts = tuple(
        items.Left(letter, left, why, label[right])
        for letter, (left, right, why) in zip(LETTERS, pairs, strict=False)
    )
    return items.Matching(**core, lefts=lefts, rights=rights)


_PARTS: dict[str, Callable[[Fields, _Core], Item]] = {
    "single": _single,
    "multiple": _multiple,
    "ordering": _ordering,
    "matching": _matching,
    "numeric": numeric,
    "sjt": judgement,
    "truefalse": _true_false,
    "short": short,
    "table": table,
    "hotspot": hotspot,
    "likert": likert,
    "open": open_answer,
}


def _blind_labels(texts: list[str], labels: Sequence[str]) -> dict[str, str]:
    """Label texts in alphabetical order, as the authored order is the key and labels are seen."""
    return dict(zip(sorted(set(texts)), labels, strict=False))

"""From an authored item (YAML) to a compiled one, with every fault named by field and line."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import TypedDict

from domain.assessment import items
from domain.assessment.authored_numbers import MOST_WHY, numeric
from domain.assessment.items import LETTERS, Item
from domain.library.documents import load_yaml
from domain.library.fields import COMPETENCY, ITEM_ID, LESSON_REF, SEED, SLUG, Fields

MOST_STEM = 4000
MOST_TEXT = 600


def parse_item(source: str, path: str) -> Item:
    """Compile one item.

    path: `.../items/<competency>/<id>.yaml`; compared with the id, never opened.
    Raises DocumentError with all faults, each naming its field and line.
    """
    fields = Fields(load_yaml(source, path))
    kind = fields.one_of("kind", items.KINDS)
    core = _core(fields)
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


def _core(fields: Fields) -> _Core:
    return {
        "id": fields.text("id", most=20, pattern=ITEM_ID),
        "pool": fields.one_of("pool", items.POOLS),
        "competencies": _weights(fields),
        "subtopic": fields.text("subtopic", most=40, pattern=SLUG),
        "cognitive": fields.one_of("cognitive", items.COGNITIVE_LEVELS),
        "difficulty": fields.integer("difficulty", 1, 5),
        "seeds": fields.texts("seeds", SEED),
        "lesson": fields.text("lesson", most=120, pattern=LESSON_REF),
        "source": fields.text("source", most=600),
        "review_by": fields.date("review_by"),
        "stem": fields.text("stem", most=MOST_STEM),
        "evidence": fields.flag("evidence"),
    }


def _weights(fields: Fields) -> dict[str, float]:
    inner = fields.child("competencies")
    weights: dict[str, float] = {}
    for code in inner.names():
        if not re.fullmatch(COMPETENCY, code):
            inner.problem(code, "is not a competency")
            continue
        weights[code] = inner.number(code, 0, 1)
        if weights[code] == 0:
            inner.problem(code, "must weigh more than 0")
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


def _options(fields: Fields) -> tuple[items.Option, ...]:
    options = tuple(
        items.Option(
            letter=letter,
            text=entry.text("text", most=MOST_TEXT),
            why=entry.text("why", most=MOST_WHY),
            key=entry.flag("key"),
        )
        for letter, entry in _lettered(fields.children("options", least=3, most=8))
    )
    _refuse_repeats(fields, "options", [option.text for option in options])
    return options


def _single(fields: Fields, core: _Core) -> Item:
    options = _options(fields)
    keys = sum(option.key for option in options)
    if options and keys != 1:
        fields.problem("options", f"must have exactly one key, has {keys}")
    return items.SingleChoice(**core, options=options)


def _multiple(fields: Fields, core: _Core) -> Item:
    options = _options(fields)
    keys = sum(option.key for option in options)
    if options and keys < 2:
        fields.problem("options", f"must have two or more keys, has {keys}")
    if options and keys == len(options):
        fields.problem("options", "must have at least one wrong option")
    return items.MultipleChoice(**core, options=options)


def _ordering(fields: Fields, core: _Core) -> Item:
    entries = [
        (entry.text("text", most=MOST_TEXT), entry.text("why", most=MOST_WHY))
        for entry in fields.children("steps", least=3, most=8)
    ]
    texts = [text for text, _ in entries]
    _refuse_repeats(fields, "steps", texts)
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
    _refuse_repeats(fields, "pairs", [left for left, _, _ in pairs])
    paired = {right for _, right, _ in pairs}
    for position, (right, _) in enumerate(extras, start=1):
        if right and right in paired:
            fields.problem(f"extra[{position}]", "is also the right side of a pair")
    _refuse_repeats(fields, "extra", [right for right, _ in extras])
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


def _judgement(fields: Fields, core: _Core) -> Item:
    actions = tuple(
        items.Action(
            letter=letter,
            text=entry.text("text", most=MOST_TEXT),
            why=entry.text("why", most=MOST_WHY),
            score=entry.integer("score", 0, items.BEST_ACTION),
        )
        for letter, entry in _lettered(fields.children("actions", least=4, most=4))
    )
    best = sum(action.score == items.BEST_ACTION for action in actions)
    if actions and best != 1:
        fields.problem("actions", f"must have exactly one action with score 3, has {best}")
    _refuse_repeats(fields, "actions", [action.text for action in actions])
    return items.Judgement(**core, actions=actions)


_PARTS: dict[str, Callable[[Fields, _Core], Item]] = {
    "single": _single,
    "multiple": _multiple,
    "ordering": _ordering,
    "matching": _matching,
    "numeric": numeric,
    "sjt": _judgement,
}


def _lettered(entries: Sequence[Fields]) -> list[tuple[str, Fields]]:
    return list(zip(LETTERS, entries, strict=False))


def _blind_labels(texts: list[str], labels: Sequence[str]) -> dict[str, str]:
    """Label texts in alphabetical order, as the authored order is the key and labels are seen."""
    return dict(zip(sorted(set(texts)), labels, strict=False))


def _refuse_repeats(fields: Fields, name: str, texts: list[str]) -> None:
    for position, text in enumerate(texts):
        if text and text in texts[:position]:
            fields.problem(f"{name}[{position + 1}]", "repeats an earlier text")

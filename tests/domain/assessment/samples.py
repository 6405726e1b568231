"""Items and documents that the tests of this street share."""

import datetime as dt
from typing import Any

import yaml
from hypothesis import strategies as st

from domain.assessment.authored import parse_item
from domain.assessment.items import Item

KIND_PARTS: dict[str, dict[str, Any]] = {
    "single": {
        "options": [
            {"text": "The seller's", "why": "Cost is not risk."},
            {"text": "The buyer's", "why": "On board.", "key": True},
            {"text": "The carrier's", "why": "A separate claim."},
            {"text": "The bank's", "why": "Banks pay."},
        ]
    },
    "multiple": {
        "options": [
            {"text": "Drawing", "why": "Cost.", "key": True},
            {"text": "Yearly quantity", "why": "Price.", "key": True},
            {"text": "Are you serious?", "why": "An insult."},
            {"text": "How is price?", "why": "Unclear."},
        ]
    },
    "ordering": {
        "steps": [
            {"text": "thank", "why": "first"},
            {"text": "facts", "why": "second"},
            {"text": "contain", "why": "third"},
            {"text": "agree", "why": "last"},
        ]
    },
    "matching": {
        "pairs": [
            {"left": "seller unloads", "right": "DPU", "why": "unloading"},
            {"left": "forwarder collects", "right": "FCA", "why": "carrier"},
            {"left": "seller pays duty", "right": "DDP", "why": "duty"},
        ],
        "extra": [{"right": "EXW", "why": "EXW leaves clearance to the buyer."}],
    },
    "numeric": {
        "answer": 3.6,
        "tolerance": 0.005,
        "unit": "USD",
        "decimals": 2,
        "why": "3.59 / 0.9967",
        "slips": [{"value": 3.59, "why": "Insurance was forgotten."}],
    },
    "sjt": {
        "actions": [
            {"text": "hide it", "score": 0, "why": "worse"},
            {"text": "tell today with a fix", "score": 3, "why": "trust"},
            {"text": "tell if asked", "score": 1, "why": "late"},
            {"text": "blame a colleague", "score": 0, "why": "untrue"},
        ]
    },
    "truefalse": {
        "answer": False,
        "why": "FOB has no duty to insure.",
        "reasons": [
            {"text": "the carrier insures", "why": "It does not."},
            {"text": "the voyage is the buyer's risk", "why": "A5.", "key": True},
            {"text": "the bank insures", "why": "Banks pay."},
        ],
    },
    "short": {
        "accept": ["lead times?", "lt"],
        "near": [{"pattern": "delivery times?", "why": "That ends at arrival."}],
        "shown": "lead time",
        "why": "From order to readiness.",
        "examples": {"right": ["Lead-time!", "LT"], "wrong": ["delivery time", "leadtime"]},
    },
    "table": {
        "columns": ["Line", "Pieces", "Term"],
        "rows": [
            {
                "label": "first",
                "cells": [
                    {"text": "400"},
                    {"accept": ["f ?o ?b"], "shown": "FOB", "why": "On board."},
                ],
            },
            {
                "label": "second",
                "cells": [
                    {"answer": 1280, "tolerance": 0.5, "decimals": 1, "why": "400 x 3.2"},
                    {"text": "CIF"},
                ],
            },
        ],
    },
    "hotspot": {
        "figure": "sea-route",
        "areas": [
            {"label": "gate", "circle": [20, 20, 15], "why": "EXW"},
            {"label": "on board", "rect": [40, 5, 30, 20], "why": "FOB", "key": True},
            {"label": "warehouse", "circle": [80, 20, 10], "why": "DAP"},
        ],
    },
    "likert": {
        "competencies": {"C2": 0},
        "statements": [
            {"text": "I keep my word", "facet": "promises", "pair": "word", "why": "kept"},
            {
                "text": "I forget my word",
                "facet": "promises",
                "pair": "word",
                "reversed": True,
                "why": "the opposite",
            },
            {"text": "I ask first", "facet": "asking", "why": "questions"},
        ],
    },
    "open": {
        "rubric": [
            {"criterion": "facts", "points": 2, "levels": ["none", "some", "all"]},
            {"criterion": "tone", "points": 1, "levels": ["rude", "kind"]},
        ],
        "words": {"least": 3, "most": 50},
        "why": "It names the fact and stays kind.",
    },
}
# Judgement items that ask for more than the best action.
JUDGED: dict[str, dict[str, Any]] = {
    "best-worst": {
        "ask": "best-worst",
        "actions": [
            {"text": "hide it", "score": 0, "why": "worse"},
            {"text": "tell today with a fix", "score": 3, "why": "trust"},
            {"text": "tell if asked", "score": 1, "why": "late"},
            {"text": "tell tomorrow", "score": 2, "why": "a day late"},
        ],
    },
    "rate": {"ask": "rate", "actions": KIND_PARTS["sjt"]["actions"]},
}


def document(kind: str = "single", **changes: Any) -> dict[str, Any]:
    """A sound authored item; a change to None takes the field out."""
    fields: dict[str, Any] = {
        "id": "C2-P01",
        "kind": kind,
        "pool": "practice",
        "competencies": {"C2": 1.0},
        "subtopic": "incoterms",
        "cognitive": "A",
        "difficulty": 2,
        "seeds": ["S1-5"],
        "lesson": "trade-practice/who-pays-who-risks",
        "source": "ICC, Incoterms 2020 (2019)",
        "review_by": dt.date(2027, 5, 31),
        "stem": "Whose risk is the loss?",
        **KIND_PARTS[kind],
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True  # documents have none, and lists of the samples are used twice


def source(fields: dict[str, Any]) -> str:
    return str(yaml.dump(fields, Dumper=_Dumper, allow_unicode=True, sort_keys=False))


def item(kind: str = "single", **changes: Any) -> Item:
    fields = document(kind, **changes)
    return parse_item(source(fields), path_of(fields["id"]))


def path_of(item_id: str) -> str:
    return f"content/items/{item_id.partition('-')[0]}/{item_id}.yaml"


def judged(ask: str, **changes: Any) -> Item:
    """A judgement item that asks for the best and the worst, or for a rating of each."""
    return item("sjt", **{**JUDGED[ask], **changes})


_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" "),
    min_size=1,
    max_size=30,
).map(lambda text: f"x{text.strip()}")
_distinct = st.lists(_texts, min_size=8, max_size=8, unique_by=str.strip)


def items() -> st.SearchStrategy[Item]:
    """Sound items of every kind, with any printable text in them."""
    return documents().map(lambda fields: parse_item(source(fields), path_of(fields["id"])))


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of sound items of every kind, as authors write them."""
    kind = draw(st.sampled_from(sorted(KIND_PARTS)))
    texts, count = draw(_distinct), draw(st.integers(3, 6))
    parts: dict[str, Any]
    if kind in ("single", "multiple"):
        low, high = (1, 1) if kind == "single" else (2, count - 1)
        keys = draw(st.sets(st.integers(0, count - 1), min_size=low, max_size=high))
        parts = {
            "options": [
                {"text": texts[i], "why": texts[-1], "key": i in keys} for i in range(count)
            ]
        }
    elif kind == "ordering":
        parts = {"steps": [{"text": texts[i], "why": texts[-1]} for i in range(count)]}
    elif kind == "matching":
        rights = draw(st.lists(st.sampled_from(texts[:6]), min_size=count, max_size=count))
        rights[0], rights[1] = texts[0], texts[1]
        parts = {
            "pairs": [
                {"left": texts[i], "right": rights[i], "why": texts[-1]} for i in range(count)
            ],
            "extra": [{"right": texts[7], "why": texts[6]}],
        }
    elif kind == "numeric":
        answer = draw(st.decimals(-(10**6), 10**6, places=3))
        parts = {
            "answer": float(answer),
            "tolerance": 0.01,
            "unit": draw(st.sampled_from(["", "USD", "小时"])),
            "decimals": draw(st.integers(0, 3)),
            "why": texts[0],
            "slips": [{"value": float(answer) + 1, "why": texts[1]}],
        }
    elif kind == "sjt":
        parts = _judgement(draw, texts)
    else:
        parts = _more(draw, kind, texts, count)
    if draw(st.booleans()):
        parts["hints"] = [{"text": texts[0], "cost": 0.25}, {"text": texts[1], "cost": 0.75}]
    weight = 0 if kind == "likert" else draw(st.sampled_from([0.2, 0.5, 1]))
    weights = {"C2": 1 if weight else 0, "C5": weight}
    parts |= {"stem": texts[2], "competencies": weights, "review_by": None}
    return document(kind, **parts)


def _judgement(draw: st.DrawFn, texts: list[str]) -> dict[str, Any]:
    ask = draw(st.sampled_from(["best", "best-worst", "rate"]))
    scores = draw(st.permutations([0, 1, 2, 3]))
    actions = [{"text": texts[i], "score": scores[i], "why": texts[-1]} for i in range(4)]
    return {"ask": ask, "actions": actions}


def _more(draw: st.DrawFn, kind: str, texts: list[str], count: int) -> dict[str, Any]:
    key = draw(st.integers(0, count - 1))
    match kind:
        case "truefalse":
            options = [{"text": texts[i], "why": texts[-1], "key": i == key} for i in range(count)]
            return {"answer": draw(st.booleans()), "why": texts[0], "reasons": options}
        case "short":
            right = draw(st.text("abc ", min_size=1, max_size=8).map(lambda t: f"a{t}".strip()))
            examples = {"right": [right], "wrong": ["zz"]}
            near = [{"pattern": "z+", "why": texts[1]}]
            return {
                "accept": [" ".join(right.split())],
                "near": near,
                "shown": right.upper(),
                "why": texts[0],
                "examples": examples,
            }
        case "table":
            answer = draw(st.decimals(-(10**6), 10**6, places=2))
            number = {"answer": float(answer), "tolerance": 0.01, "decimals": 2, "why": texts[0]}
            word = {"accept": ["fob"], "shown": "FOB", "why": texts[1]}
            cells = [number, word, {"text": texts[3]}]
            rows = [{"label": texts[i], "cells": draw(st.permutations(cells))} for i in range(3)]
            return {"columns": [f"{n}" for n in range(4)], "rows": rows}
        case "hotspot":
            areas: list[dict[str, Any]] = [
                {"label": texts[i], "why": texts[-1], "key": i == key} for i in range(count)
            ]
            for place, area in enumerate(areas):
                area |= {"circle": [place, 3.5, 1]} if place % 2 else {"rect": [place, 0, 5, 0.5]}
            return {"figure": "sea-route", "areas": areas}
        case "likert":
            flags = draw(st.lists(st.booleans(), min_size=count, max_size=count))
            free = [
                {"text": texts[i], "why": texts[-1], "facet": texts[i % 2], "reversed": flags[i]}
                for i in range(2, count)
            ]
            pair: dict[str, Any] = {"why": texts[-1], "facet": texts[0], "pair": texts[1]}
            ends = [{"text": texts[0], **pair}, {"text": texts[1], "reversed": True, **pair}]
            return {"statements": ends + free}
    points = draw(st.integers(1, 5))
    levels = [f"{n}: {texts[0]}" for n in range(points + 1)]
    rubric = [{"criterion": texts[i], "points": points, "levels": levels} for i in range(count)]
    return {"rubric": rubric, "words": {"least": 1, "most": 9}, "why": texts[0]}

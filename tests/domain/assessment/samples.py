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


def source(fields: dict[str, Any]) -> str:
    return yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)


def item(kind: str = "single", **changes: Any) -> Item:
    fields = document(kind, **changes)
    return parse_item(source(fields), path_of(fields["id"]))


def path_of(item_id: str) -> str:
    return f"content/items/{item_id.partition('-')[0]}/{item_id}.yaml"


_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" "),
    min_size=1,
    max_size=30,
).map(lambda text: f"x{text.strip()}")
_distinct = st.lists(_texts, min_size=8, max_size=8, unique_by=str.strip)


@st.composite
def items(draw: st.DrawFn) -> Item:
    """Sound items of every kind, with any printable text in them."""
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
    else:
        best = draw(st.integers(0, 3))
        scores = [3 if i == best else draw(st.integers(0, 2)) for i in range(4)]
        parts = {
            "actions": [{"text": texts[i], "score": scores[i], "why": texts[-1]} for i in range(4)]
        }
    weight = draw(st.sampled_from([0.2, 0.5, 1]))
    return item(kind, **parts, stem=texts[2], competencies={"C2": 1, "C5": weight}, review_by=None)

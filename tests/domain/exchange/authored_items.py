"""Strategies for items of every kind, as the fields of their files."""

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from domain.assessment.items import KINDS

WORDS = [
    "buyer",
    "FOB “Ningbo”",
    "40 HQ",
    "it's: late",
    "- dash",
    "# sign",
    "质量",
    "yes",
    "null",
    "3.10",
    "{a",
    "x | y",
]
say = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
lines = st.lists(say, min_size=1, max_size=3).map("\n".join)
SEEDS = ["S1-4", "S0-9", "S3-12"]
Fields = dict[str, Any]


def distinct(one: st.SearchStrategy[Any], least: int, most: int) -> st.SearchStrategy[list[Any]]:
    return st.lists(one, min_size=least, max_size=most, unique=True)


def _options(draw: Any, keys: int | None) -> list[Fields]:
    texts = draw(distinct(lines, 3, 8))
    right = keys if keys is not None else draw(st.integers(2, len(texts) - 1))
    chosen = draw(st.permutations(range(len(texts))))[:right]
    return [
        {"text": text, **({"key": True} if n in chosen else {}), "why": draw(lines)}
        for n, text in enumerate(texts)
    ]


def _numeric(draw: Any) -> Fields:
    answer = draw(
        st.one_of(st.integers(-9999, 9999), st.sampled_from([0.5, -3.25, 1e-7, 12345.678]))
    )
    slips = [{"value": answer + n + 10, "why": draw(say)} for n in range(draw(st.integers(0, 3)))]
    found = {
        "answer": answer, "tolerance": draw(st.sampled_from([0, 1, 0.05])),
        "unit": draw(st.sampled_from(["", "USD", "m³"])), "decimals": draw(st.integers(0, 6)),
        "why": draw(lines),
    }  # fmt: skip
    return found | ({"slips": slips} if slips else {})


def _varying(draw: Any) -> Fields:
    freight = draw(st.lists(st.integers(1, 99), min_size=2, max_size=5, unique=True))
    return {
        "parameters": {"fob": {"from": 3.2, "to": 4, "step": 0.02}, "freight": freight},
        "stem": "FOB is {fob}, the freight {freight}.\n",
        "answer": "(fob + freight) / 2", "tolerance": 0, "unit": "USD", "decimals": 2,
        "why": "({fob} + {freight}) / 2 = {answer}.",
        "slips": [{"value": "fob + freight + 1", "why": "x"}, {"value": 500, "why": "y"}],
    }  # fmt: skip


def _table(draw: Any) -> Fields:
    columns = draw(distinct(say, 2, 4))
    labels = draw(distinct(say, 1, 4))
    cell = st.one_of(
        st.builds(lambda t: {"text": t}, say),
        st.builds(
            lambda a, w: {"answer": a, "tolerance": 0, "decimals": 1, "why": w},
            st.integers(0, 99),
            say,
        ),
        st.builds(lambda w: {"accept": ["fob", "free on board"], "shown": "FOB", "why": w}, say),
    )
    rows = [{"label": label, "cells": [draw(cell) for _ in columns[1:]]} for label in labels]
    rows[0]["cells"][0] = {"answer": 1, "tolerance": 0.5, "decimals": 0, "why": "One."}
    return {"columns": columns, "rows": rows}


def _places(draw: Any) -> list[Fields]:
    number = st.one_of(st.integers(1, 300), st.sampled_from([0.5, 12.25]))
    found = []
    for n, label in enumerate(draw(distinct(say, 3, 8))):
        shape, count = draw(st.sampled_from([("circle", 3), ("rect", 4)]))
        key = {"key": True} if n == 1 else {}
        at = [draw(number) for _ in range(count)]
        found.append({"label": label, shape: at, **key, "why": draw(say)})
    return found


def _parts(draw: Any, kind: str) -> Fields:
    match kind:
        case "single":
            return {"options": _options(draw, 1)}
        case "multiple":
            return {"options": _options(draw, None)}
        case "truefalse":
            return {"answer": draw(st.booleans()), "why": draw(lines), "reasons": _options(draw, 1)}
        case "ordering":
            return {"steps": [{"text": t, "why": draw(say)} for t in draw(distinct(lines, 3, 8))]}
        case "matching":
            lefts, rights = draw(distinct(say, 3, 8)), draw(distinct(say, 4, 10))
            pairs = [
                {"left": left, "right": rights[n % (len(rights) - 1)], "why": draw(say)}
                for n, left in enumerate(lefts)
            ]
            extra = [{"right": rights[-1], "why": draw(say)}] if draw(st.booleans()) else []
            return {"pairs": pairs} | ({"extra": extra} if extra else {})
        case "numeric":
            return _varying(draw) if draw(st.booleans()) else _numeric(draw)
        case "sjt":
            scores = draw(st.permutations([0, 1, 2, 3]))
            texts = draw(distinct(say, 4, 4))
            actions = [
                {"text": t, "score": s, "why": draw(say)}
                for t, s in zip(texts, scores, strict=True)
            ]
            ask = draw(st.sampled_from(["", "best", "best-worst", "rate"]))
            return ({"ask": ask} if ask else {}) | {"actions": actions}
        case "short":
            near = [{"pattern": "cif", "why": draw(say)}] if draw(st.booleans()) else []
            found = {
                "accept": ["fob( .*)?", "free on board"], "shown": "FOB", "why": draw(lines),
                "examples": {"right": ["FOB", "free on board"], "wrong": ["CIF", "c: if"]},
            }  # fmt: skip
            return found | ({"near": near} if near else {})
        case "table":
            return _table(draw)
        case "hotspot":
            return {"figure": "sea-route", "areas": _places(draw)}
        case "likert":
            texts = draw(distinct(say, 2, 6))
            found = [{"text": t, "facet": "One", "why": draw(say)} for t in texts]
            found[0] |= {"pair": "day"}
            found[1] |= {"pair": "day", "reversed": True}
            return {"statements": found}
        case _:
            rubric = [
                {"criterion": c, "points": n, "levels": [f"{p} of {c}" for p in range(n + 1)]}
                for c in draw(distinct(say, 1, 4))
                for n in [draw(st.integers(1, 5))]
            ]
            least = draw(st.integers(1, 500))
            return {
                "words": {"least": least, "most": least * 2},
                "why": draw(lines),
                "rubric": rubric,
            }


@st.composite
def authored_items(draw: Any, kinds: tuple[str, ...] = KINDS) -> Fields:
    """The fields of one item that the checker finds nothing at."""
    kind = draw(st.sampled_from(kinds))
    pool = draw(st.sampled_from(["practice", "secure"]))
    weight = 0 if kind == "likert" else 1.0
    other = {"A1": 0 if kind == "likert" else draw(st.sampled_from([0.25, 0.3, 1 / 3]))}
    core = {
        "id": "C2-T01", "kind": kind, "pool": pool,
        "competencies": {"C2": weight} | (other if draw(st.booleans()) else {}),
        "subtopic": "incoterms", "cognitive": draw(st.sampled_from("KAN")),
        "difficulty": draw(st.integers(1, 5)),
        "seeds": draw(distinct(st.sampled_from(SEEDS), 1, 3)),
        **({"evidence": True} if draw(st.booleans()) else {}),
        "lesson": "trade-practice/who-pays-who-risks", "source": draw(say),
        **({"review_by": draw(st.dates(dt.date(2026, 1, 1)))} if draw(st.booleans()) else {}),
        "stem": draw(lines) + "\n",
    }  # fmt: skip
    hints = [
        {"text": draw(lines), "cost": c} for c in draw(st.sampled_from([[], [0.1], [0.2, 0.07]]))
    ]
    more = {"hints": hints} if hints and pool == "practice" else {}
    return core | _parts(draw, kind) | more

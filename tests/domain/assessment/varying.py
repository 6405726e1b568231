"""A sound item whose numbers vary, and ways to write others."""

from typing import Any

from hypothesis import strategies as st

from domain.assessment.authored import parse_item
from domain.assessment.items import Numeric
from tests.domain.assessment.samples import document, path_of, source

PRICE: dict[str, Any] = {
    "parameters": {
        "fob": {"from": 3.20, "to": 4.00, "step": 0.05},
        "freight": [0.12, 0.15, 0.18],
        "pieces": {"from": 1000, "to": 12000, "step": 500},
    },
    "stem": "FOB is USD {fob}, freight USD {freight}, for {pieces} pieces. CIF per piece?",
    "answer": "(fob + freight) / (1 - 1.1 * 0.003)",
    "tolerance": 0.005,
    "decimals": 2,
    "why": "({fob} + {freight}) ÷ 0.9967 = {answer}, whatever the {pieces} pieces.",
    "slips": [
        {"value": "fob", "why": "{fob} leaves out the freight of {freight}, not {answer}."},
        {"value": "(fob + freight) * pieces", "why": "That is the price of all {pieces}."},
    ],
}


def varying(**changes: Any) -> dict[str, Any]:
    """The authored fields of such an item."""
    return document("numeric", **{**PRICE, **changes})


def varying_item(**changes: Any) -> Numeric:
    item = parse_item(source(varying(**changes)), path_of("C2-P01"))
    assert isinstance(item, Numeric)
    return item


@st.composite
def varying_items(draw: st.DrawFn) -> Numeric:
    """Sound items over one to four parameters, listed or in steps."""
    names = ["fob", "cost", "rate", "pieces_2"][: draw(st.integers(1, 4))]
    parameters: dict[str, Any] = {}
    for name in names:
        low, step = draw(st.integers(1, 500)), draw(st.integers(1, 50))
        scale = draw(st.sampled_from([1, 10, 100]))
        if draw(st.booleans()):
            count = draw(st.integers(2, 6))
            parameters[name] = [(low + step * place) / scale for place in range(count)]
        else:
            high = low + step * draw(st.integers(1, 12))
            parameters[name] = {"from": low / scale, "to": high / scale, "step": step / scale}
    return varying_item(
        parameters=parameters,
        stem=" and ".join(f"{name} is {{{name}}}" for name in names),
        answer=f"{' + '.join(names)} + 7",
        tolerance=0,
        decimals=draw(st.integers(2, 4)),
        why="{answer}",
        slips=[{"value": f"{' + '.join(names)} + 9", "why": "{answer} is two less."}],
    )

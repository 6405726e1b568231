"""Figures of items: found beside the items, joined at compiling, refused with field and line."""

import pytest

from domain.assessment.compiled import from_dict
from domain.assessment.items import Hotspot
from domain.library.documents import DocumentError
from services.library.compiling import compile_one, identify
from tests.domain.assessment.samples import document, path_of, source

PATH = "items/figures/sea-route.svg"
SVG = '<svg class="chart" viewBox="0 0 100 40" role="img" aria-label="a way"><text>x</text></svg>\n'
ITEM = path_of("C2-P01").removeprefix("content/")


def test_a_figure_of_items_has_a_place_of_its_own() -> None:
    assert identify(PATH) == ("figure", "figures/sea-route.svg", "en")
    assert compile_one(PATH, SVG, {}).source == SVG
    with pytest.raises(DocumentError):
        compile_one(PATH, SVG.replace("<text>", "<script>"), {})
    with pytest.raises(DocumentError):
        identify("items/figures/Sea.svg")


def test_an_item_keeps_its_figure_in_its_revision() -> None:
    item = from_dict(compile_one(ITEM, source(document("hotspot")), {PATH: SVG}).meta)
    assert isinstance(item, Hotspot)
    assert item.svg == SVG.strip()


@pytest.mark.parametrize(
    ("figures", "field"),
    [
        ({}, "figure"),
        ({PATH: SVG.replace("<text>", '<text fill="red">')}, "figure"),
        ({PATH: SVG.replace("100 40", "60 40")}, "areas"),
    ],
)
def test_a_figure_that_is_missing_faulty_or_too_small_is_named(
    figures: dict[str, str], field: str
) -> None:
    text = source(document("hotspot"))
    with pytest.raises(DocumentError) as caught:
        compile_one(ITEM, text, figures)
    (problem,) = caught.value.problems
    assert problem.field == field
    assert text.splitlines()[(problem.line or 0) - 1].startswith(f"{field}:")

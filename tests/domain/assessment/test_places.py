"""Places on a figure: on it, numbered as shown, and nothing but numbers put into the drawing."""

import random
import re
from xml.etree import ElementTree

import pytest

from domain.assessment.items import Hotspot, Item
from domain.assessment.places import drawn_on, numbered
from domain.assessment.presentation import option_order
from domain.library.figures import check_figure
from tests.domain.assessment.samples import KIND_PARTS, item

SVG = '<svg class="chart" viewBox="0 0 100 40" role="img" aria-label="a way"><text>x</text></svg>\n'


def hotspot(**area: object) -> Hotspot:
    areas = [dict(entry) for entry in KIND_PARTS["hotspot"]["areas"]]
    areas[0].update(area)
    found: Item = item("hotspot", areas=areas)
    assert isinstance(found, Hotspot)
    return found


def test_the_drawing_keeps_its_own_and_gets_a_number_for_each_area() -> None:
    question = drawn_on(hotspot(), SVG)
    order = option_order(question, random.Random(5))
    svg = numbered(question, order)
    assert svg.startswith(SVG.strip().removesuffix("</svg>"))
    root = ElementTree.fromstring(svg)
    shown = [(g.get("data-letter"), "".join(g.itertext())) for g in root.iter("g")]
    assert shown == [(letter, str(n)) for n, letter in enumerate(order, start=1)]
    assert 'rect class="spot__area" x="40" y="5" width="30" height="20"' in svg


def test_no_area_is_told_from_another_by_its_look() -> None:
    """A class or a colour of its own would give the key away."""
    svg = numbered(drawn_on(hotspot(), SVG), "abc")
    assert len(set(re.findall(r'class="spot[^"]*"', svg))) == 4
    assert svg.count("spot__pin") == svg.count("spot__area") == 3


def test_what_is_put_in_passes_as_part_of_a_figure() -> None:
    svg = numbered(drawn_on(hotspot(), SVG), "abc").replace(" data-letter=", " class=")
    assert check_figure(re.sub('class="."', "", svg), "x.svg") == []


@pytest.mark.parametrize("circle", [[95, 20, 10], [20, 38, 5], [4, 20, 5], [20, 3, 5]])
def test_an_area_off_the_figure_is_refused(circle: list[int]) -> None:
    with pytest.raises(ValueError, match="gate"):
        drawn_on(hotspot(circle=circle), SVG)


@pytest.mark.parametrize("box", ["0 0 100", "a b c d", ""])
def test_a_figure_without_units_is_refused(box: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|convert"):
        drawn_on(hotspot(), SVG.replace("0 0 100 40", box))


def test_without_its_drawing_nothing_is_shown() -> None:
    assert numbered(hotspot(), "abc") == ""

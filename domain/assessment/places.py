"""Joining an item that asks for a place with its figure, and numbering the places on it."""

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree

from domain.assessment.items import Area, Hotspot

PIN = 11  # radius of a number's disc, in units of the figure
_END = "</svg>"


def drawn_on(item: Hotspot, svg: str) -> Hotspot:
    """The item with its figure, which domain/library/figures.py has let pass.

    Raises ValueError for an area that is not on the figure.
    """
    left, top, width, height = view_box(svg)
    for area in item.areas:
        x, y = area.at[:2]
        if area.shape == "circle":
            low, high = (x - area.at[2], y - area.at[2]), (x + area.at[2], y + area.at[2])
        else:
            low, high = (x, y), (x + area.at[2], y + area.at[3])
        if low[0] < left or low[1] < top or high[0] > left + width or high[1] > top + height:
            raise ValueError(f"the area “{area.text}” is not on the figure")
    return replace(item, svg=svg.strip())


def view_box(svg: str) -> tuple[float, float, float, float]:
    """x, y, width and height of a figure's units; raises ValueError where it has none."""
    found = (ElementTree.fromstring(svg).get("viewBox") or "").replace(",", " ").split()
    left, top, width, height = (float(number) for number in found)
    return left, top, width, height


def numbered(item: Hotspot, letters: Sequence[str]) -> str:
    """The figure with its areas drawn over it, numbered from 1 in the order of the letters.

    Safe to show: the figure was checked when it was compiled, and only numbers are put in.
    """
    if not item.svg:
        return ""
    areas = {area.letter: area for area in item.areas}
    spots = "".join(_spot(areas[letter], n) for n, letter in enumerate(letters, start=1))
    return item.svg.removesuffix(_END) + spots + _END


def _spot(area: Area, number: int) -> str:
    x, y, size = area.at[:3]
    if area.shape == "circle":
        shape = f'<circle class="spot__area" cx="{x:g}" cy="{y:g}" r="{size:g}"/>'
    else:
        height = area.at[3]
        shape = (
            f'<rect class="spot__area" x="{x:g}" y="{y:g}" width="{size:g}" height="{height:g}"/>'
        )
        x, y = x + PIN, y + PIN
    return (
        f'<g class="spot" data-letter="{area.letter}">{shape}'
        f'<circle class="spot__pin" cx="{x:g}" cy="{y:g}" r="{PIN}"/>'
        f'<text class="spot__n t-m" x="{x:g}" y="{y + 4:g}">{number}</text></g>'
    )

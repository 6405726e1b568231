"""Places on a picture: hotspotInteraction and selectPointInteraction."""

from typing import Any

from domain.exchange.gift_answers import Refused
from domain.exchange.qti_marking import shares
from domain.exchange.qti_tree import attribute, direct, first
from domain.exchange.questions import Answer, Question, number
from domain.exchange.xml_text import Element


def hotspot(interaction: Element, context: Any) -> Question:
    """Areas to choose from. context: qti_items.Context."""
    worth = shares(context.declared, context.rule, several=False)
    answers = []
    for place, choice in enumerate(direct(interaction, "hotspotChoice"), start=1):
        key = attribute(choice, "identifier")
        label = attribute(choice, "hotspotLabel") or f"Area {place}"
        shape, at = _shape(attribute(choice, "shape"), attribute(choice, "coords"), context)
        answers.append(
            Answer(label, worth.get(key, 0.0), context.feedback(choice), shape=shape, at=at)
        )
    return _question(interaction, answers, context)


def points(interaction: Element, context: Any) -> Question:
    """A point anywhere; the areas that are worth something are the places here."""
    answers = []
    for place, area in enumerate(context.declared.areas, start=1):
        shape, at = _shape(area.shape, area.coords, context)
        share = 1.0 if area.worth > 0 else 0.0
        answers.append(Answer(f"Area {place}", share, shape=shape, at=at))
    context.note("any point could be chosen there; here people choose among areas: add wrong ones")
    return _question(interaction, answers, context)


def _question(interaction: Element, answers: list[Answer], context: Any) -> Question:
    if not answers or all(answer.share <= 0 for answer in answers):
        raise Refused("hotspot", "marks no place as right")
    ground = first(interaction, "object", "img")
    href = ""
    if ground is not None:
        href = attribute(ground, "data") or attribute(ground, "src")
    figure = href.rpartition("/")[2]
    if figure.lower().endswith(".svg"):
        return Question("hotspot", "", "", answers=tuple(answers), figure=figure[:-4])
    name = context.picture(href) if href else None
    if name is None:
        raise Refused("hotspot", "its picture is not in the package")
    context.note(
        "a place is asked for on a drawing here: draw the picture as a figure of the items"
    )
    return Question("hotspot", "", "", answers=tuple(answers), figure=name.rpartition(".")[0])


def _shape(shape: str, coords: str, context: Any) -> tuple[str, tuple[float, ...]]:
    """Circle (x, y, radius) or rect (x, y, width, height)."""
    given = [float(number(part) or "nan") for part in coords.replace(",", " ").split()[:400]]
    if not given or any(part != part for part in given):
        raise Refused("hotspot", f"has an area whose place cannot be read: “{coords[:40]}”")
    if shape == "circle" and len(given) == 3:
        return "circle", tuple(given)
    if shape == "ellipse" and len(given) == 4:
        context.note("an ellipse became a circle: look where it stands")
        return "circle", (given[0], given[1], max(given[2:]))
    if shape == "rect" and len(given) == 4:
        left, top, right, bottom = given
        return "rect", (min(left, right), min(top, bottom), abs(right - left), abs(bottom - top))
    if shape == "poly" and len(given) >= 6:
        context.note("a shape of many corners became the rectangle around it: look where it stands")
        xs, ys = given[0::2], given[1::2]
        return "rect", (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))
    raise Refused("hotspot", f"has an area of the shape “{shape[:20]}”, which is not known here")

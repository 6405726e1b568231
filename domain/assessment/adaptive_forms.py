"""Forms of adaptive tests: no list of items, but competencies and when to stop on each."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from domain.assessment.forms import Breaks, breaks_of
from domain.library.documents import load_yaml
from domain.library.fields import COMPETENCY, SLUG, Fields
from domain.records import frozen

ADAPTIVE = "adaptive"
PREFIX = f"{ADAPTIVE}-"
HIRING = "hiring"
MOST = 60  # questions that one competency may ask for


@frozen
class AdaptiveForm:
    """Questions on one competency, chosen one by one; see domain/assessment/adaptive.py.

    title: language to text; minutes: what it takes, not a limit; least, most: numbers of questions;
    se: in logits, where it may stop. items: none, since every form has the field; navigation: the
    next question rests on the answers before it, so there is no way back.
    """

    id: str
    title: Mapping[str, str]
    purpose: str
    pool: str
    minutes: int
    competency: str
    least: int
    most: int
    se: float
    items: tuple[str, ...] = ()
    navigation: str = "forward"


@frozen
class AdaptiveHiringForm:
    """The same for candidates: secure questions, one competency after the other, with a clock.

    minutes: the time limit of the whole; least, most, se: of each competency.
    """

    id: str
    title: Mapping[str, str]
    purpose: str
    pool: str
    minutes: int
    competencies: tuple[str, ...]
    least: int
    most: int
    se: float
    breaks: Breaks | None
    items: tuple[str, ...] = ()
    navigation: str = "forward"


def is_adaptive(key: str) -> bool:
    """Whether a form of this id is an adaptive one; the id says it, as it does for units."""
    return key.startswith(PREFIX)


def codes_of(form: Mapping[str, Any]) -> tuple[str, ...]:
    """The competencies of a compiled adaptive form, in the order in which they are tested."""
    return tuple(form.get("competencies") or (form["competency"],))


def parse_adaptive_form(source: str, path: str) -> AdaptiveForm | AdaptiveHiringForm:
    """Read `.../forms/adaptive-<...>.yaml`. Raises DocumentError with all faults."""
    fields = Fields(load_yaml(source, path))
    purpose = fields.one_of("purpose", (ADAPTIVE, HIRING))
    form = _hiring(fields) if purpose == HIRING else _practice(fields)
    stem = PurePosixPath(path).stem
    if form.id and form.id != stem:
        fields.problem("id", f"must equal the file's name, “{stem}”")
    if form.most < form.least:
        fields.problem("most", "must not be below least")
    fields.finish()
    return form


def _practice(fields: Fields) -> AdaptiveForm:
    return AdaptiveForm(
        id=fields.text("id", most=80, pattern=SLUG),
        title=fields.localised("title", most=120),
        purpose=ADAPTIVE,
        pool=fields.one_of("pool", ("practice",)),
        minutes=fields.integer("minutes", 1, 600),
        competency=fields.text("competency", most=2, pattern=COMPETENCY),
        least=fields.integer("least", 1, MOST),
        most=fields.integer("most", 1, MOST),
        se=fields.number("se", 0.1, 0.9),
    )


def _hiring(fields: Fields) -> AdaptiveHiringForm:
    return AdaptiveHiringForm(
        id=fields.text("id", most=80, pattern=SLUG),
        title=fields.localised("title", most=120),
        purpose=HIRING,
        pool=fields.one_of("pool", ("secure",)),
        minutes=fields.integer("minutes", 1, 600),
        competencies=fields.texts("competencies", COMPETENCY, most=12),
        least=fields.integer("least", 1, MOST),
        most=fields.integer("most", 1, MOST),
        se=fields.number("se", 0.1, 0.9),
        breaks=breaks_of(fields),
    )

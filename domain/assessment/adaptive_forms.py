"""Forms of adaptive tests: no list of items, but a competency and when to stop."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from domain.library.documents import load_yaml
from domain.library.fields import COMPETENCY, SLUG, Fields
from domain.records import frozen

ADAPTIVE = "adaptive"
PREFIX = f"{ADAPTIVE}-"
MOST = 60  # questions that one sitting may ask for


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


def is_adaptive(key: str) -> bool:
    """Whether a form of this id is an adaptive one; the id says it, as it does for units."""
    return key.startswith(PREFIX)


def parse_adaptive_form(source: str, path: str) -> AdaptiveForm:
    """Read `.../forms/adaptive-<...>.yaml`. Raises DocumentError with all faults."""
    fields = Fields(load_yaml(source, path))
    form = AdaptiveForm(
        id=fields.text("id", most=80, pattern=SLUG),
        title=fields.localised("title", most=120),
        purpose=fields.one_of("purpose", (ADAPTIVE,)),
        pool=fields.one_of("pool", ("practice",)),
        minutes=fields.integer("minutes", 1, 600),
        competency=fields.text("competency", most=2, pattern=COMPETENCY),
        least=fields.integer("least", 1, MOST),
        most=fields.integer("most", 1, MOST),
        se=fields.number("se", 0.1, 0.9),
    )
    stem = PurePosixPath(path).stem
    if form.id and form.id != stem:
        fields.problem("id", f"must equal the file's name, “{stem}”")
    if form.most < form.least:
        fields.problem("most", "must not be below least")
    fields.finish()
    return form

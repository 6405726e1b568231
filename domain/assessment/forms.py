"""Fixed forms: an ordered list of items with a purpose and a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from domain.assessment.items import POOLS
from domain.library.courses import UNIT
from domain.library.documents import load_yaml
from domain.library.fields import ITEM_ID, SLUG, Fields

# placement: first profile; narrow: more items on one practice; unit: closes a module; practice: to
# get used to the kinds of question; hiring: candidates only.
PURPOSES = ("placement", "narrow", "unit", "practice", "hiring")


@dataclass(frozen=True)
class Form:
    """title: language to text; minutes: the time limit; items: ids in the order of delivery."""

    id: str
    title: Mapping[str, str]
    purpose: str
    pool: str
    minutes: int
    items: tuple[str, ...]


def parse_form(source: str, path: str) -> Form:
    """Read `.../forms/<id>.yaml`. Raises DocumentError with all faults."""
    fields = Fields(load_yaml(source, path))
    form = Form(
        id=fields.text("id", most=80, pattern=SLUG),
        title=fields.localised("title", most=120),
        purpose=fields.one_of("purpose", PURPOSES),
        pool=fields.one_of("pool", POOLS),
        minutes=fields.integer("minutes", 1, 600),
        items=fields.texts("items", ITEM_ID, most=200),
    )
    stem = PurePosixPath(path).stem
    if form.id and form.id != stem:
        fields.problem("id", f"must equal the file's name, “{stem}”")
    if (form.purpose == "unit") != form.id.startswith(UNIT):
        fields.problem("id", "a module's quiz, and only it, is named unit-<module>")
    if form.pool and form.purpose and (form.pool == "secure") != (form.purpose == "hiring"):
        fields.problem("pool", "hiring forms, and only they, draw on the secure pool")
    fields.finish()
    return form

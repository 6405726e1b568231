"""Fixed forms: an ordered list of items with a purpose, a time, and rules of their delivery."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from domain.assessment.items import POOLS
from domain.library.courses import UNIT
from domain.library.documents import load_yaml
from domain.library.fields import ITEM_ID, SLUG, Fields
from domain.records import frozen

# placement: first profile; narrow: more items on one practice; unit: closes a module; practice: to
# get used to the kinds of question; exam: with a clock; retest: another exam after the first;
# hiring: candidates only.
PURPOSES = ("placement", "narrow", "unit", "practice", "exam", "retest", "hiring")
TIMED = ("exam", "retest", "hiring")  # for the others `minutes` is what it takes, not a limit
# free: back and forth; forward: a question that was left is not shown again.
NAVIGATION = ("free", "forward")
# end: reasons after handing in; each: at once after each answer, which is then locked.
FEEDBACK = ("end", "each")
MOST_SECTIONS = 12


@frozen
class Section:
    """A part with a clock of its own. items: those of the form, in its order."""

    title: Mapping[str, str]
    items: tuple[str, ...]
    minutes: int
    navigation: str


@frozen
class Breaks:
    """How many times the clock may stand still, and for how long each time."""

    count: int
    minutes: int


@frozen
class Form:
    """title: language to text; minutes: the time limit; items: ids in the order of delivery."""

    id: str
    title: Mapping[str, str]
    purpose: str
    pool: str
    minutes: int
    items: tuple[str, ...]
    navigation: str = "free"
    feedback: str = "end"
    sections: tuple[Section, ...] = ()
    breaks: Breaks | None = None


def parse_form(source: str, path: str) -> Form:
    """Read `.../forms/<id>.yaml`. Raises DocumentError with all faults."""
    fields = Fields(load_yaml(source, path))
    sections = _sections(fields)
    form = Form(
        id=fields.text("id", most=80, pattern=SLUG),
        title=fields.localised("title", most=120),
        purpose=fields.one_of("purpose", PURPOSES),
        pool=fields.one_of("pool", POOLS),
        minutes=fields.integer("minutes", 1, 600),
        items=_items(fields, sections),
        navigation=_word(fields, "navigation", NAVIGATION),
        feedback=_word(fields, "feedback", FEEDBACK),
        sections=sections,
        breaks=breaks_of(fields),
    )
    _check(fields, form, PurePosixPath(path).stem)
    fields.finish()
    return form


def _word(fields: Fields, name: str, allowed: Sequence[str]) -> str:
    """One of the words; the first where the field is left out."""
    return fields.one_of(name, allowed) if fields.has(name) else allowed[0]


def _sections(fields: Fields) -> tuple[Section, ...]:
    if not fields.has("sections"):
        return ()
    return tuple(
        Section(
            title=entry.localised("title", most=120),
            items=entry.texts("items", ITEM_ID, most=200),
            minutes=entry.integer("minutes", 1, 600),
            navigation=_word(entry, "navigation", NAVIGATION),
        )
        for entry in fields.children("sections", least=2, most=MOST_SECTIONS)
    )


def _items(fields: Fields, sections: Sequence[Section]) -> tuple[str, ...]:
    """The form's items or, where it has sections, those of its sections together."""
    if not sections:
        return fields.texts("items", ITEM_ID, most=200)
    if fields.has("items"):
        fields.problem("items", "stand in the sections of a form that has them")
    together = [item for section in sections for item in section.items]
    for item, times in Counter(together).items():
        if times > 1:
            fields.problem("sections", f"“{item}” is listed {times} times")
    return tuple(together)


def breaks_of(fields: Fields) -> Breaks | None:
    """The breaks of a form with a clock; None where it has none."""
    if not fields.has("breaks"):
        return None
    inner = fields.child("breaks")
    return Breaks(inner.integer("count", 1, 5), inner.integer("minutes", 1, 60))


def _check(fields: Fields, form: Form, stem: str) -> None:
    """What only shows when fields are seen together."""
    if form.id and form.id != stem:
        fields.problem("id", f"must equal the file's name, “{stem}”")
    if (form.purpose == "unit") != form.id.startswith(UNIT):
        fields.problem("id", "a module's quiz, and only it, is named unit-<module>")
    if form.pool and form.purpose and (form.pool == "secure") != (form.purpose == "hiring"):
        fields.problem("pool", "hiring forms, and only they, draw on the secure pool")
    if form.feedback == "each" and form.purpose != "practice":
        fields.problem("feedback", "reasons at once are for practice forms only")
    if form.purpose not in TIMED:
        for name in ("sections", "breaks"):
            if fields.has(name):
                fields.problem(name, f"are for forms with a clock: {', '.join(TIMED)}")
    if form.sections and form.minutes != (total := sum(s.minutes for s in form.sections)):
        fields.problem("minutes", f"must be the sum of the sections' minutes, {total}")
    if form.sections and form.navigation != NAVIGATION[0]:
        fields.problem("navigation", "is said by each section of a form that has them")

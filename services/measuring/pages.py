"""What answers say about one item and one form, as trainers see it. Computes no statistic."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.choices import choices_of
from domain.assessment.compiled import from_dict
from domain.assessment.form_report import CURVE_THETAS
from domain.assessment.information import summed_information
from domain.assessment.item_models import ItemModel, author_model, expected_mark
from domain.assessment.items import COGNITIVE_LEVELS, Item, is_measured
from domain.assessment.quality import LEAST_JUDGED, LEAST_SHOWN
from domain.records import frozen
from models.measuring import ItemParameters
from services.actor import Actor
from services.competencies.presenting import localised
from services.errors import NotFound
from services.library import catalogue
from services.library.catalogue import Framework
from services.measuring import access
from services.measuring.newest import Figures, figures

A_LOGIT = 4  # steps of CURVE_THETAS


@frozen
class ChoiceLine:
    """A choice with the share of people who took it and its correlation with the rest score."""

    letter: str
    text: str
    key: bool
    share: float | None
    correlation: float | None


@frozen
class DifLine:
    """A comparison of two groups; see GroupDif. told: whether both are large enough for figures."""

    name: str
    reference: int
    focal: int
    told: bool
    acted_on: bool
    dif_class: str | None
    size: float | None


@frozen
class Curve:
    """The model of an item: expected share of its points and information at each of `thetas`.

    calibrated: from answers; else from its author's difficulty. errors: of a, the thresholds and c,
    empty for the author's.
    """

    thetas: tuple[float, ...]
    share: tuple[float, ...]
    information: tuple[float, ...]
    a: float
    thresholds: tuple[float, ...]
    c: float
    calibrated: bool
    name: str
    answers: int
    errors: Mapping[str, Any]


@frozen
class ItemTold:
    """What answers say about one item.

    answers: 0 where no statistics were worked out yet; observed: (theta, share, people) of people
    by rising ability. flags: see domain/assessment/quality.py. curve: None where the item earns no
    points. Shares from 0 to 1, times in seconds.
    """

    key: str
    answers: int
    computed_at: datetime | None
    exposure: float | None
    facility: float | None
    rest_correlation: float | None
    discrimination: float | None
    efficiency: float | None
    median_seconds: float | None
    rapid_share: float | None
    choices: tuple[ChoiceLine, ...]
    observed: tuple[tuple[float, float, int], ...]
    dif: tuple[DifLine, ...]
    flags: tuple[str, ...]
    curve: Curve | None
    least_shown: int = LEAST_SHOWN
    least_judged: int = LEAST_JUDGED

    @property
    def is_told(self) -> bool:
        return self.answers >= LEAST_SHOWN


def item_told(session: Session, actor: Actor, key: str) -> ItemTold:
    """The section about one published item; raises NotFound. A constant number of statements."""
    access.trainer(actor)
    framework = catalogue.framework(session)
    published = catalogue.published(session, "item", [key])
    if not published:
        raise NotFound
    item = from_dict(published[0].meta)
    found = figures(session, "item", [key]).get(key)
    curve = _curve(session, published[0].id, item, framework) if is_measured(item) else None
    return _told(item, found, curve)


def _told(item: Item, found: Figures | None, curve: Curve | None) -> ItemTold:
    data = found.data if found else {}
    return ItemTold(
        key=item.id,
        answers=found.answers if found else 0,
        computed_at=found.computed_at if found else None,
        exposure=data.get("exposure"),
        facility=data.get("facility"),
        rest_correlation=data.get("rest_correlation"),
        discrimination=data.get("discrimination"),
        efficiency=data.get("efficiency"),
        median_seconds=data.get("median_seconds"),
        rapid_share=data.get("rapid_share"),
        choices=_choices(item, data.get("choices", ())),
        observed=tuple((t, share, people) for t, share, people in data.get("observed", ())),
        dif=tuple(dif_line(line) for line in data.get("dif", ())),
        flags=tuple(data.get("flags", ())),
        curve=curve,
    )


def _choices(item: Item, kept: Sequence[Mapping[str, Any]]) -> tuple[ChoiceLine, ...]:
    """The item's choices with their figures; none where it was changed since they were kept."""
    of_letter = {line["letter"]: line for line in kept}
    choices = choices_of(item)
    if {(c.letter, c.key) for c in choices} != {(k["letter"], k["key"]) for k in kept}:
        return ()
    return tuple(
        ChoiceLine(
            c.letter,
            c.text,
            c.key,
            of_letter[c.letter]["share"],
            of_letter[c.letter]["correlation"],
        )
        for c in choices
    )


def dif_line(kept: Mapping[str, Any]) -> DifLine:
    """A comparison as it was kept."""
    return DifLine(
        kept["name"],
        kept["reference"],
        kept["focal"],
        kept["use"] != "hidden",
        kept["use"] == "acted on",
        kept["dif_class"],
        kept["size"],
    )


def _curve(session: Session, revision_id: int, item: Item, framework: Framework) -> Curve:
    row = session.execute(
        select(ItemParameters.model, ItemParameters.answers, ItemParameters.errors).where(
            ItemParameters.run_id == framework.calibration_id,
            ItemParameters.revision_id == revision_id,
            ItemParameters.competency == item.home,
        )
    ).one_or_none()
    live = framework.models.get((revision_id, item.home))
    calibrated = row is not None and live is not None and live.max_mark == item.max_mark
    model = live if live is not None and calibrated else author_model(item, framework.standard)
    return Curve(
        thetas=CURVE_THETAS,
        share=tuple(expected_mark(model, theta) / model.max_mark for theta in CURVE_THETAS),
        information=summed_information([(model, 1.0)], CURVE_THETAS),
        a=model.a,
        thresholds=model.thresholds,
        c=model.c,
        calibrated=calibrated,
        name=row.model if row is not None and calibrated else "author",
        answers=row.answers if row is not None and calibrated else 0,
        errors=row.errors if row is not None and calibrated else {},
    )


@frozen
class Part:
    """The items of a form on one competency. subtopics: how many of `all_subtopics` they touch.

    cognitive: K, A, N -> how many ask for that; b: mean difficulty in logits.
    """

    code: str
    name: str
    items: int
    marks: int
    subtopics: int
    all_subtopics: int
    cognitive: Mapping[str, int]
    b: float
    alpha: float | None
    omega: float | None


@frozen
class FormPage:
    """A form with what its attempts say.

    people: who sat all of it as it is now. counts: people per tenth of the score. score, error: the
    expected sum of marks and its standard error in points at each of `thetas`; error_of_mean: SD
    sqrt(1 - alpha). items: how many questions; weakest: keys of flagged ones.
    """

    key: str
    title: str
    purpose: str
    people: int
    computed_at: datetime | None
    items: int
    most: int
    alpha: float | None
    omega: float | None
    mean: float | None
    deviation: float | None
    error_of_mean: float | None
    counts: tuple[int, ...]
    thetas: tuple[float, ...]
    score: tuple[float, ...]
    error: tuple[float, ...]
    theta_error: tuple[float, ...]
    parts: tuple[Part, ...]
    least_shown: int = LEAST_SHOWN

    @property
    def is_told(self) -> bool:
        return self.people >= LEAST_SHOWN

    @property
    def curve(self) -> list[tuple[float, float, float]]:
        """(theta, expected sum, its error) at whole logits, for a table."""
        return list(zip(self.thetas, self.score, self.error, strict=False))[::A_LOGIT]


def form_page(session: Session, actor: Actor, key: str, lang: str) -> FormPage:
    """The statistics of a published form; raises NotFound. A constant number of statements."""
    access.trainer(actor)
    framework = catalogue.framework(session)
    form = catalogue.form(session, key)
    known = catalogue.published(session, "item", form.meta.get("items", ()))
    items = [(text.id, from_dict(text.meta)) for text in known]
    found = figures(session, "form", [key]).get(key)
    data: Mapping[str, Any] = found.data if found else {}
    curve = data.get("curve") or {}
    return FormPage(
        key=key,
        title=localised(form.meta["title"], lang),
        purpose=form.meta["purpose"],
        people=found.answers if found else 0,
        computed_at=found.computed_at if found else None,
        items=len(items),
        most=sum(item.max_mark for _, item in items),
        alpha=data.get("alpha"),
        omega=data.get("omega"),
        mean=data.get("mean"),
        deviation=data.get("deviation"),
        error_of_mean=data.get("error"),
        counts=tuple(data.get("counts", ())),
        thetas=CURVE_THETAS,
        score=tuple(curve.get("score", ())),
        error=tuple(curve.get("error", ())),
        theta_error=tuple(curve.get("theta_error", ())),
        parts=_parts(items, data.get("groups", {}), framework, lang),
    )


def _parts(
    items: Sequence[tuple[int, Item]],
    groups: Mapping[str, Mapping[str, Any]],
    framework: Framework,
    lang: str,
) -> tuple[Part, ...]:
    of_code: dict[str, list[tuple[int, Item]]] = {}
    for revision_id, item in items:
        of_code.setdefault(item.home, []).append((revision_id, item))
    return tuple(
        _part(code, of_code[code], groups.get(code, {}), framework, lang)
        for code in framework.competencies
        if code in of_code
    )


def _part(
    code: str,
    items: Sequence[tuple[int, Item]],
    group: Mapping[str, Any],
    framework: Framework,
    lang: str,
) -> Part:
    competency = framework.competencies[code]
    cognitive = Counter(item.cognitive for _, item in items)
    hardness = [
        _difficulty(framework.models.get((number, code)) or author_model(item, framework.standard))
        for number, item in items
        if is_measured(item)
    ]
    return Part(
        code=code,
        name=localised(competency.name, lang),
        items=len(items),
        marks=sum(item.max_mark for _, item in items),
        subtopics=len({item.subtopic for _, item in items}),
        all_subtopics=len(competency.subtopics),
        cognitive={level: cognitive[level] for level in COGNITIVE_LEVELS},
        b=sum(hardness) / len(hardness) if hardness else 0.0,
        alpha=group.get("alpha"),
        omega=group.get("omega"),
    )


def _difficulty(model: ItemModel) -> float:
    return sum(model.thresholds) / len(model.thresholds)

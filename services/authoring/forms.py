"""Forms as trainers see them: what each will tell, and new ones assembled from a blueprint."""

import random
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.adaptive_forms import ADAPTIVE, codes_of, is_adaptive
from domain.assessment.adaptive_outlook import Outlook, outlook
from domain.assessment.assembly import BankItem, Blueprint, Shortage, Unfillable, assemble
from domain.assessment.form_curves import Curves, curves
from domain.assessment.form_report import FormReport, form_report, level_middles
from domain.assessment.items import POOLS
from domain.records import frozen
from models.library import ItemFacts, Published
from services.actor import Actor
from services.assessment import retest
from services.assessment.adaptive_bank import HiringOffer, offers, parts_at
from services.assessment.adaptive_pool import basis_of_library, candidates, plan_of
from services.assessment.pinned import Pinned, pinned_all
from services.authoring import access
from services.competencies.presenting import localised
from services.errors import Invalid
from services.library import catalogue
from services.library.catalogue import Framework, RevisionText

MOST_ITEMS = 20  # on each competency of a new form
OUTLOOK_SEED = 1  # the same page tomorrow, as long as the bank is the same


@frozen
class Part:
    """A competency within a form, with its curves; names: what subtopics are called."""

    code: str
    name: str
    report: FormReport
    curves: Curves
    names: Mapping[str, str]


@frozen
class FormLine:
    """A form in the list. b, alpha: means over its competencies; None for an adaptive form."""

    key: str
    titles: Mapping[str, str]
    purpose: str
    pool: str
    items: int
    minutes: int
    b: float | None
    alpha: float | None
    curves: Curves | None


@frozen
class Leg:
    """One competency of the adaptive form for hiring: whether the bank is large enough for it, and
    what to expect of its calibrated questions; None without any.
    """

    offer: HiringOffer
    outlook: Outlook | None


@frozen
class FormPage:
    """One form. parts: of a fixed one. outlook, calibrated, bank, hiring: of an adaptive one: what
    to expect of the bank as it is, how many of its questions are calibrated, and whether hiring
    may use it. legs: of the adaptive one for hiring.
    """

    key: str
    titles: Mapping[str, str]
    meta: Mapping[str, Any]
    parts: tuple[Part, ...]
    outlook: Outlook | None = None
    bank: int = 0
    calibrated: int = 0
    hiring: HiringOffer | None = None
    legs: tuple[Leg, ...] = ()


def forms_page(session: Session, actor: Actor) -> tuple[FormLine, ...]:
    """Every published form, by key; a constant number of statements. For trainers."""
    access.author(actor)
    framework = catalogue.framework(session)
    forms = catalogue.published(session, "form")
    banks = _items_of(session, forms)
    return tuple(_line(form, banks, framework) for form in forms)


def form_page(session: Session, actor: Actor, key: str, lang: str) -> FormPage:
    """One form with its curves, its coverage and its error; raises NotFound. For trainers."""
    access.author(actor)
    framework = catalogue.framework(session)
    form = catalogue.form(session, key)
    if is_adaptive(form.key):
        practice = form.meta["purpose"] == ADAPTIVE
        return (_adaptive if practice else _adaptive_hiring)(session, form, framework)
    found = _by_competency(form, _items_of(session, [form]), framework)
    return FormPage(key, form.meta["title"], form.meta, _parts(found, framework, lang))


def _line(form: RevisionText, banks: Mapping[str, Pinned], framework: Framework) -> FormLine:
    meta = form.meta
    adaptive_form = is_adaptive(form.key)
    parts = () if adaptive_form else _parts(_by_competency(form, banks, framework), framework, "en")
    return FormLine(
        form.key,
        meta["title"],
        meta["purpose"],
        meta["pool"],
        meta["most"] * len(codes_of(meta)) if adaptive_form else len(meta["items"]),
        meta["minutes"],
        fmean(part.report.b for part in parts) if parts else None,
        fmean(part.report.alpha for part in parts) if parts else None,
        _mean_curves([part.report for part in parts], framework) if parts else None,
    )


def _items_of(session: Session, forms: Sequence[RevisionText]) -> dict[str, Pinned]:
    """Item id -> its published question, for all forms in two statements."""
    keys = sorted({key for form in forms for key in form.meta["items"]})
    texts = catalogue.published(session, "item", keys)
    pinned = pinned_all(session, [text.id for text in texts])
    return {text.key: pinned[text.id] for text in texts}


def _by_competency(
    form: RevisionText, banks: Mapping[str, Pinned], framework: Framework
) -> dict[str, list[BankItem]]:
    found = [banks[key] for key in form.meta["items"] if key in banks]
    return retest.by_competency({q.revision_id: q for q in found}, framework)


def _parts(
    found: Mapping[str, Sequence[BankItem]], framework: Framework, lang: str
) -> tuple[Part, ...]:
    """Reports by competency; all drawings share the scale of information."""
    middles = level_middles(framework.standard)
    reports = {
        code: form_report(items, _blueprint(code, len(items), framework), framework.standard)
        for code, items in sorted(found.items())
    }
    top = max((report.peak for report in reports.values()), default=1.0)
    return tuple(
        Part(
            code,
            localised(framework.competencies[code].short, lang),
            report,
            curves(report.information, report.se, middles, top),
            {s.id: localised(s.name, lang) for s in framework.competencies[code].subtopics},
        )
        for code, report in reports.items()
    )


def _mean_curves(reports: Sequence[FormReport], framework: Framework) -> Curves:
    """Of a form on several competencies: what it tells about one of them, on average."""
    told = [fmean(column) for column in zip(*(r.information for r in reports), strict=True)]
    se = [fmean(column) for column in zip(*(r.se for r in reports), strict=True)]
    return curves(told, se, level_middles(framework.standard))


def _blueprint(code: str, items: int, framework: Framework, b: float = 0.0) -> Blueprint:
    competency = framework.competencies[code]
    subtopics = {subtopic.id: subtopic.share for subtopic in competency.subtopics}
    return Blueprint(items, subtopics, competency.cognitive, b)


def _adaptive(session: Session, form: RevisionText, framework: Framework) -> FormPage:
    code = form.meta["competency"]
    pinned = pinned_all(session, _published(session, code, form.meta["pool"]))
    pool = candidates(pinned, code, framework)
    plan = plan_of(form.meta, code, framework)
    chance = random.Random(OUTLOOK_SEED)
    return FormPage(
        form.key,
        form.meta["title"],
        form.meta,
        (),
        outlook(pool, plan, framework.standard, chance) if pool else None,
        len(pool),
        sum(candidate.calibrated for candidate in pool),
        offers(session, [code])[0],
    )


def _adaptive_hiring(session: Session, form: RevisionText, framework: Framework) -> FormPage:
    parts = parts_at(session, form.meta, basis_of_library(session))
    told = offers(session, [part.code for part in parts])
    chance = random.Random(OUTLOOK_SEED)
    legs = tuple(
        Leg(offer, outlook(part.pool, part.plan, framework.standard, chance) if part.pool else None)
        for part, offer in zip(parts, told, strict=True)
    )
    return FormPage(form.key, form.meta["title"], form.meta, (), legs=legs)


def _published(session: Session, code: str, pool: str) -> list[int]:
    return list(
        session.scalars(
            select(Published.revision_id)
            .join(ItemFacts, ItemFacts.revision_id == Published.revision_id)
            .where(
                ItemFacts.competency == code,
                ItemFacts.pool == pool,
                Published.retired_at.is_(None),
            )
            .order_by(Published.revision_id)
        )
    )


@frozen
class Wanted:
    """What a new form is to hold. items: on each competency; b: mean difficulty, in logits."""

    competencies: tuple[str, ...] = ()
    items: int = 6
    pool: str = "practice"
    b: float = 0.0
    seed: int = 1

    def check(self, known: Sequence[str]) -> None:
        """Raises Invalid for what no form of ours asks for."""
        wrong = {
            "competencies": not set(self.competencies) <= set(known),
            "items": not 1 <= self.items <= MOST_ITEMS,
            "pool": self.pool not in POOLS,
            "b": not -2 <= self.b <= 2,
            "seed": not 0 <= self.seed < 2**31,
        }
        if faults := {name: "is out of range" for name, is_wrong in wrong.items() if is_wrong}:
            raise Invalid(fields=faults)


@frozen
class Refusal:
    """A competency whose bank cannot fill the blueprint: cells that lack questions, or misses."""

    code: str
    shortages: tuple[Shortage, ...]
    misses: tuple[str, ...]


@frozen
class NewForm:
    """A draft. source: its YAML, to be copied into `content/forms/`; empty where it was refused.

    names: competency -> its short name, to choose from.
    """

    wanted: Wanted
    names: Mapping[str, str]
    parts: tuple[Part, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    source: str = ""


def new_form(session: Session, actor: Actor, wanted: Wanted, lang: str) -> NewForm:
    """Assemble a draft with its report; nothing is kept. Raises Invalid. For trainers."""
    access.author(actor)
    framework = catalogue.framework(session)
    names = {code: localised(c.short, lang) for code, c in framework.competencies.items()}
    wanted.check(tuple(names))
    chance = random.Random(wanted.seed)
    made: dict[str, list[BankItem]] = {}
    refusals = []
    for code in wanted.competencies:
        bank = _bank(session, code, wanted.pool, framework)
        try:
            blueprint = _blueprint(code, wanted.items, framework, wanted.b)
            made[code] = assemble(bank, blueprint, 1, chance)[0]
        except Unfillable as error:
            refusals.append(Refusal(code, error.shortages, error.misses))
    source = "" if refusals or not made else _source(made, wanted)
    return NewForm(wanted, names, _parts(made, framework, lang), tuple(refusals), source)


def _bank(session: Session, code: str, pool: str, framework: Framework) -> list[BankItem]:
    pinned = pinned_all(session, _published(session, code, pool))
    return retest.by_competency(pinned, framework).get(code, [])


def _source(made: Mapping[str, Sequence[BankItem]], wanted: Wanted) -> str:
    """A form's document: its questions take turns, one on each competency."""
    keys = [items[place].key for place in range(wanted.items) for items in made.values()]
    purpose = "hiring" if wanted.pool == "secure" else "exam"
    fields = {
        "id": f"new-form-{wanted.seed}",
        "title": {"en": "New form", "zh_Hans": "新试卷"},
        "purpose": purpose,
        "pool": wanted.pool,
        "minutes": max(10, round(1.5 * len(keys))),
        "items": keys,
    }
    return yaml.safe_dump(fields, allow_unicode=True, sort_keys=False)

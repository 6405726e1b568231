"""How the assessment of a position may be put together.

An adaptive test asks each person other questions. With few calibrated ones it asks almost the same
of everybody and claims an order that nobody has measured, so a position may choose it only where
every practice that it tests has a bank that is large enough. That is asked when it is chosen, and
again whenever somebody is invited.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from domain.assessment.adaptive_forms import HIRING, codes_of, is_adaptive
from domain.records import frozen
from services.assessment.adaptive_bank import HiringOffer, offers
from services.errors import Invalid
from services.library import catalogue
from services.library.catalogue import RevisionText

FORM, ADAPTIVE = "form", "adaptive"


@frozen
class AdaptivePlan:
    """The adaptive form that hiring has. minutes: planned by its authors; least, most: questions in
    all; offers: for each practice whether the bank is large enough.
    """

    key: str
    minutes: int
    least: int
    most: int
    offers: tuple[HiringOffer, ...]

    @property
    def lacking(self) -> tuple[HiringOffer, ...]:
        return tuple(offer for offer in self.offers if not offer.is_offered)


def adaptive_plan(session: Session) -> AdaptivePlan | None:
    """The published adaptive form for hiring, the first by key; None where there is none."""
    found = (form for form in catalogue.published(session, "form") if is_adaptive(form.key))
    form = next((form for form in found if form.meta["purpose"] == HIRING), None)
    return _plan(session, form) if form else None


def _plan(session: Session, form: RevisionText) -> AdaptivePlan:
    codes, meta = codes_of(form.meta), form.meta
    return AdaptivePlan(
        form.key,
        meta["minutes"],
        len(codes) * meta["least"],
        len(codes) * meta["most"],
        offers(session, codes),
    )


def fault(plan: AdaptivePlan | None) -> str | None:
    """Why the plan cannot be chosen now: each practice that lacks questions, as has/needs."""
    if plan is None:
        return "no adaptive form is published"
    return f"too few calibrated questions: {_told(plan.lacking)}" if plan.lacking else None


def _told(lacking: Iterable[HiringOffer]) -> str:
    return ", ".join(f"{one.competency} {one.calibrated}/{one.needed}" for one in lacking)


def require_bank(session: Session, form_key: str) -> None:
    """Raise Invalid where a position is adaptive and the bank has become too small for it."""
    if not is_adaptive(form_key):
        return
    if found := fault(_plan(session, catalogue.form(session, form_key))):
        raise Invalid(fields={"plan": found})

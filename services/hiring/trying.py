"""One practice question to try before the assessment. Nothing of it is kept."""

import random

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.compiled import from_dict
from domain.assessment.items import SingleChoice
from domain.assessment.marking import Feedback, feedback
from domain.assessment.presentation import option_order
from domain.assessment.responses import ResponseError, parse_response
from domain.records import frozen
from models.library import ItemFacts, Published
from services.errors import Invalid, NotFound
from services.library import catalogue

SEED = 7  # everybody gets the same question in the same order


@frozen
class TryOption:
    """An option as shown. chosen, why: only after an answer."""

    letter: str
    text: str
    chosen: bool
    right: bool
    why: str


@frozen
class TryPage:
    """The practice question; `answered` with the reasons for every option."""

    html: str
    options: tuple[TryOption, ...]
    answered: bool
    right: bool


def try_page(session: Session, letter: str | None) -> TryPage:
    """The question, and with a letter the reasons too; raises Invalid for a letter it has not."""
    item, html = _question(session)
    reasons: dict[str, Feedback] = {}
    if letter is not None:
        try:
            response = parse_response(item, {"choice": letter})
        except ResponseError as error:
            raise Invalid(fields={"choice": error.message}) from None
        reasons = {line.label: line for line in feedback(item, response)}
    texts = {option.letter: option.text for option in item.options}
    options = tuple(
        _option(shown, texts[shown], letter, reasons.get(shown))
        for shown in option_order(item, random.Random(SEED))
    )
    chosen_right = any(option.chosen and option.right for option in options)
    return TryPage(html, options, bool(letter), chosen_right)


def _option(shown: str, text: str, letter: str | None, line: Feedback | None) -> TryOption:
    if line is None or not letter:
        return TryOption(shown, text, False, False, "")
    return TryOption(shown, text, shown == letter, bool(line.expected), line.why)


def _question(session: Session) -> tuple[SingleChoice, str]:
    """The easiest published practice question with one right option; raises NotFound."""
    revision_id = session.scalar(
        select(ItemFacts.revision_id)
        .join(Published, Published.revision_id == ItemFacts.revision_id)
        .where(
            ItemFacts.pool == "practice",
            ItemFacts.kind == SingleChoice.kind,
            Published.retired_at.is_(None),
        )
        .order_by(ItemFacts.difficulty, ItemFacts.competency.desc(), ItemFacts.document_id)
        .limit(1)
    )
    if revision_id is None:
        raise NotFound
    text = catalogue.revisions(session, [revision_id])[revision_id]
    item = from_dict(text.meta)
    assert isinstance(item, SingleChoice)  # asked for by its kind
    return item, text.html

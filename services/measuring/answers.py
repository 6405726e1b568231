"""Answers as tables, read from the ledger in a stream. Loads numpy: for commands and benches only.

A table holds one competency, people in rows and items in columns: each person's first meeting with
each item, as far as it was answered and still counts.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.choices import ClosedChoice, choices_of, is_answer, taken
from domain.assessment.compiled import from_dict
from domain.assessment.item_models import ItemModel, spread_thresholds
from domain.assessment.statistics.answer_report import AnswerTable
from domain.assessment.statistics.tables import UNSEEN, Marks
from domain.records import frozen
from models.assessment import Answer, Attempt, AttemptItem, HeldDecision
from models.competencies import Evidence
from models.library import Document, ItemFacts, Revision
from services.assessment.scoring import ENDED, SOURCE, UNSCORED
from services.library.catalogue import SOURCE_LANG, Framework

AT_ONCE = 2000  # rows of a stream in memory
NOT_KNOWN = -1
# Name of a comparison -> what an attempt's language and purpose make of it: 1 focal, 0 reference.
GROUPS: Mapping[str, Callable[[str, str], int]] = {
    "language": lambda lang, purpose: 0 if lang == SOURCE_LANG else 1,
    "candidate": lambda lang, purpose: 1 if purpose == "hiring" else 0,
}


@frozen
class BankItem:
    """An item as its newest revision has it.

    alike: its revisions that have the same choices, so that letters mean the same.
    """

    document_id: int
    revision_id: int
    key: str
    model: ItemModel
    choices: tuple[ClosedChoice, ...]
    alike: frozenset[int]


def items_of(session: Session, code: str, framework: Framework) -> tuple[BankItem, ...]:
    """Every item at home in a competency that earns points, with its live or author's model."""
    rows = session.execute(
        select(
            ItemFacts.document_id,
            ItemFacts.revision_id,
            Document.key,
            ItemFacts.max_mark,
            ItemFacts.difficulty,
            Revision.meta,
        )
        .join(Revision, Revision.id == ItemFacts.revision_id)
        .join(Document, Document.id == ItemFacts.document_id)
        .where(ItemFacts.competency == code, ItemFacts.max_mark > 0)
        .order_by(Document.key, ItemFacts.revision_id)
    )
    versions: dict[int, list[Any]] = {}
    for row in rows:
        versions.setdefault(row.document_id, []).append(row)
    return tuple(_bank_item(code, known, framework) for known in versions.values())


def _bank_item(code: str, versions: Sequence[Any], framework: Framework) -> BankItem:
    newest = versions[-1]
    choices = choices_of(from_dict(newest.meta))
    alike = [row for row in versions if choices_of(from_dict(row.meta)) == choices]
    return BankItem(
        newest.document_id,
        newest.revision_id,
        newest.key,
        model_for(newest, code, framework),
        choices,
        frozenset(row.revision_id for row in alike),
    )


def model_for(facts: Any, code: str, framework: Framework) -> ItemModel:
    """The live model of a revision; its author's difficulty until there is one that fits."""
    live = framework.models.get((facts.revision_id, code))
    if live and live.max_mark == facts.max_mark:
        return live
    standard = framework.standard
    b = standard.b_of_difficulty[facts.difficulty - 1]
    return ItemModel(
        standard.discrimination, spread_thresholds(b, facts.max_mark, standard.threshold_spread)
    )


def answer_table(
    session: Session, code: str, items: Sequence[BankItem], subjects: Collection[str] | None = None
) -> AnswerTable:
    """The answers to these items of one competency, people in rows.

    subjects: a row for each, in this order; else one for everybody who met an item, by subject.
    """
    of_code = (Evidence.competency == code, Evidence.source_kind == SOURCE)
    if subjects is None:
        subjects = sorted(session.scalars(select(Evidence.subject).where(*of_code).distinct()))
    row_of = {subject: row for row, subject in enumerate(subjects)}
    shape = (len(row_of), len(items))
    table = AnswerTable(
        np.full(shape, UNSEEN, np.int16),
        np.full(shape, np.nan),
        np.full(shape, NOT_KNOWN, np.int32),
        {name: np.full(shape, NOT_KNOWN, np.int8) for name in GROUPS},
    )
    cells = _fill_marks(session, of_code, items, row_of, table)
    answered = _fill_answers(session, code, items, cells, table)
    table.marks[~answered] = UNSEEN
    return table


def _fill_marks(
    session: Session,
    of_code: Sequence[Any],
    items: Sequence[BankItem],
    row_of: Mapping[str, int],
    table: AnswerTable,
) -> dict[int, tuple[int, int]]:
    """Put in the marks that count; where in the table each source stands."""
    column_of = {item.document_id: (n, item.model.max_mark) for n, item in enumerate(items)}
    source = np.zeros(table.marks.shape, np.int64)
    rows = session.execute(
        select(
            Evidence.subject,
            Evidence.source_id,
            Evidence.mark,
            Evidence.max_mark,
            Evidence.weight,
            ItemFacts.document_id,
            Attempt.lang,
            Attempt.purpose,
        )
        .join(ItemFacts, ItemFacts.revision_id == Evidence.item_revision_id)
        .join(AttemptItem, AttemptItem.id == Evidence.source_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(*of_code)
        .order_by(Evidence.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in rows:
        column, highest = column_of.get(row.document_id, (NOT_KNOWN, 0))
        if column < 0 or row.max_mark != highest or row.subject not in row_of:
            continue
        cell = row_of[row.subject], column
        if row.weight > 0:
            table.marks[cell], source[cell] = row.mark, row.source_id
            for name, group_of in GROUPS.items():
                table.groups[name][cell] = group_of(row.lang, row.purpose)
        elif source[cell] == row.source_id:  # struck out since
            table.marks[cell], source[cell] = UNSEEN, 0
    return {int(source[r, c]): (int(r), int(c)) for r, c in zip(*np.nonzero(source), strict=True)}


def _fill_answers(
    session: Session,
    code: str,
    items: Sequence[BankItem],
    cells: Mapping[int, tuple[int, int]],
    table: AnswerTable,
) -> Any:
    """Put in times and choices of the answers that count; P x I, True where something was said."""
    said = np.zeros(table.marks.shape, np.bool_)
    rows = session.execute(
        select(AttemptItem.id, AttemptItem.revision_id, Answer.response, Answer.elapsed_ms)
        .join(ItemFacts, ItemFacts.revision_id == AttemptItem.revision_id)
        .join(
            Answer,
            (Answer.attempt_id == AttemptItem.attempt_id)
            & (Answer.position == AttemptItem.position),
        )
        .outerjoin(HeldDecision, HeldDecision.answer_id == Answer.id)
        .where(
            ItemFacts.competency == code, Answer.held.is_(None) | HeldDecision.accepted.is_(True)
        )
        .order_by(Answer.attempt_id, Answer.position, Answer.lease, Answer.sequence)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in rows:  # the last one of a place is the one that counts
        cell = cells.get(row.id)
        if cell is None:
            continue
        said[cell] = is_answer(row.response)
        # A page without script counts no time: 0 says nothing.
        table.seconds[cell] = row.elapsed_ms / 1000 if row.elapsed_ms else np.nan
        item = items[cell[1]]
        if item.choices and row.revision_id in item.alike:
            table.chosen[cell] = _mask(item.choices, taken(row.response))
    table.chosen[~said] = NOT_KNOWN
    table.seconds[~said] = np.nan
    return said


def _mask(choices: Sequence[ClosedChoice], letters: frozenset[str]) -> int:
    return sum(1 << n for n, choice in enumerate(choices) if choice.letter in letters)


@frozen
class FormTable:
    """Marks of everybody who sat the whole form as it is now: attempts x items, none missing."""

    marks: Marks
    highest: tuple[int, ...]
    groups: tuple[str, ...]
    models: tuple[ItemModel, ...]


def form_table(session: Session, key: str, items: Sequence[str], framework: Framework) -> FormTable:
    """The marks of a form's ended attempts; a question without an answer earned nothing there.

    items: keys of the items of the form as it is published. An attempt that asked others, or one of
    whose marks is still to come, is left out.
    """
    facts = _form_facts(session, items)
    column_of = {row.document_id: n for n, row in enumerate(facts)}
    sat = (
        Attempt.form_key == key,
        Attempt.state.in_(ENDED),
        Attempt.purpose != UNSCORED,
    )
    attempts = list(session.scalars(select(Attempt.id).where(*sat).order_by(Attempt.id)))
    row_of = {number: row for row, number in enumerate(attempts)}
    marks = np.full((len(attempts), len(facts)), UNSEEN, np.int16)
    rows = session.execute(
        select(AttemptItem.attempt_id, ItemFacts.document_id, Evidence.mark, Evidence.max_mark)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(
            Evidence,
            (Evidence.source_id == AttemptItem.id)
            & (Evidence.source_kind == SOURCE)
            & (Evidence.competency == AttemptItem.competency),
        )
        .join(ItemFacts, ItemFacts.revision_id == AttemptItem.revision_id)
        .where(*sat)
        .order_by(Evidence.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for row in rows:
        column = column_of.get(row.document_id)
        if column is not None and row.max_mark == facts[column].max_mark:
            marks[row_of[row.attempt_id], column] = row.mark
    return FormTable(
        marks[(marks != UNSEEN).all(axis=1)] if facts else marks,
        tuple(row.max_mark for row in facts),
        tuple(row.competency for row in facts),
        tuple(model_for(row, row.competency, framework) for row in facts),
    )


def _form_facts(session: Session, items: Sequence[str]) -> list[Any]:
    """The newest facts of each measured item, in the order of the form."""
    rows = session.execute(
        select(
            Document.key,
            ItemFacts.document_id,
            ItemFacts.revision_id,
            ItemFacts.competency,
            ItemFacts.max_mark,
            ItemFacts.difficulty,
        )
        .join(Document, Document.id == ItemFacts.document_id)
        .where(Document.key.in_(items), ItemFacts.max_mark > 0)
        .order_by(ItemFacts.revision_id)
    )
    newest = {row.key: row for row in rows}
    return [newest[key] for key in items if key in newest]

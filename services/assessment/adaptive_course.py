"""How far an adaptive attempt has come, and what follows: read from what was pinned at its start.

Everything is a function of the attempt's seed, of its basis (see adaptive_pool) and of its answers,
so that the same test can be laid out again.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assessment.adaptive import Candidate, Given
from domain.assessment.adaptive_forms import ADAPTIVE
from domain.assessment.adaptive_parts import Part, following
from domain.assessment.drawing import drawn
from domain.assessment.marking import mark
from domain.assessment.responses import parse_response
from domain.competencies.framework import Standard
from domain.records import frozen
from models.accounts import Person
from models.assessment import Attempt, AttemptItem
from services.assessment.adaptive_bank import bank_at, parts_at
from services.assessment.adaptive_pool import basis_of, framework_at, practice_part
from services.assessment.pinned import pinned_all
from services.assessment.responding import counted_answers
from services.library import catalogue


@frozen
class Course:
    """An adaptive attempt as far as it has come. here: the part that runs, counted from 0.

    asked: its questions, as rows of position, revision_id, option_order and competency.
    """

    seed: int
    standard: Standard
    parts: tuple[Part, ...]
    asked: Sequence[Any]

    @property
    def here(self) -> int:
        return self.number_of(self.asked[-1].competency) if self.asked else 0

    def number_of(self, code: str) -> int:
        """The part of a competency."""
        return next(n for n, part in enumerate(self.parts) if part.code == code)


def course_of(session: Session, attempt_id: int) -> Course:
    """What an adaptive attempt rests on, with the questions so far; as many statements for all."""
    row = session.execute(
        select(Attempt.seed, Attempt.purpose, Attempt.form_revision_id, Person.subject)
        .join(Person, Person.id == Attempt.person_id)
        .where(Attempt.id == attempt_id)
    ).one()
    basis = basis_of(session, attempt_id)
    form = catalogue.revisions(session, [row.form_revision_id])[row.form_revision_id].meta
    if row.purpose == ADAPTIVE:
        framework = framework_at(session, basis)
        parts: tuple[Part, ...] = (practice_part(session, row.subject, form, framework, basis),)
        standard = framework.standard
    else:
        parts, standard = parts_at(session, form, basis), bank_at(session, basis).standard
    asked = session.execute(
        select(
            AttemptItem.position,
            AttemptItem.revision_id,
            AttemptItem.option_order,
            AttemptItem.competency,
        )
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(AttemptItem.position)
    ).all()
    return Course(row.seed, standard, parts, asked)


def next_question(session: Session, attempt_id: int, course: Course) -> Candidate | None:
    """What is asked after the questions so far; None where the test ends here."""
    here = course.parts[course.here]
    rows = [row for row in course.asked if row.competency == here.code]
    given = _given(session, attempt_id, here, rows)
    found = following(course.parts, course.here, given, course.seed, course.standard)
    return found[1] if found else None


def _given(session: Session, attempt_id: int, part: Part, rows: Sequence[Any]) -> list[Given]:
    """The questions of a part with their marks, by the pinned key.

    A key that is found to be wrong later mends the marks, not the choices that were made by then.
    """
    by_revision = {candidate.key: candidate for candidate in part.pool}
    pinned = pinned_all(session, [row.revision_id for row in rows])
    answers = counted_answers(session, attempt_id)
    found = []
    for row in rows:
        item = drawn(pinned[row.revision_id].item, tuple(row.option_order))
        answer = answers.get(row.position)
        response = parse_response(item, answer.response) if answer else None
        found.append(Given(by_revision[row.revision_id], mark(item, response).points))
    return found


def replay(session: Session, attempt_id: int) -> list[tuple[int, int | None]]:
    """(asked, chosen again) by revision for each question: equal as long as nothing was tampered.

    chosen again: from the seed, the pools as of the start and the answers before it.
    """
    course = course_of(session, attempt_id)
    found: list[tuple[int, int | None]] = []
    here, done = 0, list[Given]()
    for number, part in enumerate(course.parts):
        rows = [row for row in course.asked if row.competency == part.code]
        for given in _given(session, attempt_id, part, rows):
            chosen = following(course.parts, here, done, course.seed, course.standard)
            found.append((given.candidate.key, chosen[1].key if chosen else None))
            here, done = number, [*done, given] if here == number else [given]
    return found

"""Contested questions as trainers see them: grouped, with reasons and figures, without names."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import FreeText
from models.assessment import Attempt, AttemptItem
from models.library import Document, Revision
from models.marking import Contest
from models.measuring import Work
from services.actor import Actor
from services.assessment.keys import fixes, led_to
from services.assessment.scoring import ENDED
from services.errors import NotFound
from services.marking.fixing import RESCORE, mendings
from services.measuring.newest import Figures, figures
from services.roles import trainer


@frozen
class Reason:
    """Why somebody holds a question to be wrong, in their words; empty once they were erased."""

    body: str
    opened_at: datetime


@frozen
class Mending:
    """A newer published revision. fitting: answers to the contested one mean the same in it."""

    revision_id: int
    number: int
    fitting: bool


@frozen
class ContestedQuestion:
    """Open contests of one question. revision_id: by which its answers are marked now.

    attempts: ended ones that a decision would touch. figures: None before any were worked out.
    struck: it counts for nothing already.
    """

    revision_id: int
    number: int
    key: str
    title: str
    html: str
    reasons: tuple[Reason, ...]
    attempts: int
    figures: Figures | None
    mendings: tuple[Mending, ...]
    struck: bool


@frozen
class Rescoring:
    """A job that scores attempts again. about: the key of the question."""

    about: str
    done: int
    total: int


@frozen
class ContestsPage:
    """Every question with open contests, most contested first; jobs that are not done."""

    questions: tuple[ContestedQuestion, ...]
    jobs: tuple[Rescoring, ...]

    @property
    def contests(self) -> int:
        return sum(len(question.reasons) for question in self.questions)


def contests_page(session: Session, actor: Actor) -> ContestsPage:
    """All open contests; the figures and the jobs with them."""
    trainer(actor)
    rows = session.execute(
        select(Contest.revision_id, Contest.opened_at, FreeText.body)
        .outerjoin(FreeText, FreeText.id == Contest.text_id)
        .where(Contest.state == "open")
        .order_by(Contest.id)
    ).all()
    ends = _ends(session, {row.revision_id for row in rows})
    reasons: dict[int, list[Reason]] = defaultdict(list)
    for row in rows:
        reasons[ends[row.revision_id][0]].append(Reason(row.body or "", row.opened_at))
    struck = {end for end, is_struck in ends.values() if is_struck}
    questions = [_question(session, end, said, end in struck) for end, said in reasons.items()]
    ordered = sorted(questions, key=lambda question: (-len(question.reasons), question.key))
    return ContestsPage(tuple(ordered), _jobs(session))


def contested_question(session: Session, actor: Actor, revision_id: int) -> ContestedQuestion:
    """One question with open contests; raises NotFound."""
    page = contests_page(session, actor)
    for question in page.questions:
        if question.revision_id == revision_id:
            return question
    raise NotFound


def _ends(session: Session, revision_ids: Iterable[int]) -> dict[int, tuple[int, bool]]:
    """Pinned revision -> by which its answers are marked now, and whether it was struck out."""
    numbers = set(revision_ids)
    fixed = fixes(session, numbers) if numbers else {}
    return {
        number: (fixed[number].rule_id, fixed[number].struck)
        if number in fixed
        else (number, False)
        for number in numbers
    }


def _question(
    session: Session, revision_id: int, reasons: list[Reason], struck: bool
) -> ContestedQuestion:
    row = session.execute(
        select(Revision.number, Document.key, Revision.title, Revision.html)
        .join(Document, Document.id == Revision.document_id)
        .where(Revision.id == revision_id)
    ).one()
    newer = [] if struck else mendings(session, revision_id)
    return ContestedQuestion(
        revision_id,
        row.number,
        row.key,
        row.title,
        row.html,
        tuple(reasons),
        _attempts(session, revision_id),
        figures(session, "item", [row.key]).get(row.key),
        tuple(Mending(*line) for line in newer),
        struck,
    )


def _attempts(session: Session, revision_id: int) -> int:
    found = (
        select(func.count(Attempt.id.distinct()))
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .where(AttemptItem.revision_id.in_(led_to(session, revision_id)), Attempt.state.in_(ENDED))
    )
    return session.scalar(found) or 0


def _jobs(session: Session) -> tuple[Rescoring, ...]:
    rows = session.execute(
        select(Work.about, Work.done, Work.total)
        .where(Work.task == RESCORE, Work.state.in_(("waiting", "running")))
        .order_by(Work.id)
    )
    return tuple(Rescoring(row.about, row.done, row.total) for row in rows)

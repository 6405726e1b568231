"""What people do around the answers of a timed attempt, each a transaction of its own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.assessment.clocks import Span
from models.assessment import Answer, Attempt, AttemptGrant
from models.library import Document, Published, Revision
from services.assessment import attempt_pages, beats, breaks, delivery, sections
from services.assessment.attempt_pages import AttemptPage
from services.assessment.beats import Beat
from services.assessment.delivery import SaveCommand
from services.session import reading, writing
from tests.conftest import Cast
from tests.services.assessment.sitting import Sitting, right_payload, sit

T = TypeVar("T")
MINUTE = 60
EXAM = "exam-1"
EXAM_S = 36 * MINUTE
PARTS_S = (14 * MINUTE, 12 * MINUTE, 10 * MINUTE)


def exam(cast: Cast, name: str = "lin") -> Sitting:
    """The exam of three parts with one break of ten minutes; the third has no way back."""
    return sit(cast, name, purpose="exam", form_key=EXAM, limit_s=EXAM_S)


def helped_exam(cast: Cast, name: str, now: datetime) -> Sitting:
    """A running exam with hints and reasons at once too; question 1 is answered."""
    rewrite(cast, "form", EXAM, feedback="each")
    rewrite(cast, "item", "C2-Q22", hints=[{"text": "Think of the quay.", "cost": 0.25}])
    sitting = sit(cast, name, purpose="exam", form_key=EXAM, limit_s=EXAM_S, now=now)
    sitting.save(1, right_payload(sitting.asked()[0].item))
    return sitting


def offline_answer(cast: Cast, name: str, purpose: str, form_key: str, now: datetime) -> int:
    """The id of an answer that came after the end, and was given before it."""
    begun = now - timedelta(seconds=700)
    sitting = sit(cast, name, purpose=purpose, form_key=form_key, limit_s=600, now=begun)
    command = SaveCommand(1, 1, 1, right_payload(sitting.asked()[0].item), 4000, age_ms=200_000)
    actor, attempt_id = sitting.actor, sitting.attempt_id
    write(sitting, lambda s: delivery.save_answer(s, actor, attempt_id, command, now))
    newest = select(func.max(Answer.id))
    return int(read(sitting, lambda s: s.scalar(newest)) or 0)


def write(sitting: Sitting, deed: Callable[[Session], T]) -> T:
    with sitting.app.app_context(), writing() as session:
        return deed(session)


def read(sitting: Sitting, question: Callable[[Session], T]) -> T:
    with sitting.app.app_context(), reading() as session:
        return question(session)


def page(sitting: Sitting) -> AttemptPage:
    return read(
        sitting,
        lambda s: attempt_pages.attempt_page(s, sitting.actor, sitting.attempt_id, sitting.now),
    )


def beat(sitting: Sitting, lease: int | None = None, away_s: int = 0) -> Beat:
    return write(
        sitting,
        lambda s: beats.beat(
            s, sitting.actor, sitting.attempt_id, lease or sitting.lease, sitting.now, away_s
        ),
    )


def rest(sitting: Sitting) -> None:
    write(sitting, lambda s: breaks.start(s, sitting.actor, sitting.attempt_id, sitting.now))


def back(sitting: Sitting) -> None:
    write(sitting, lambda s: breaks.end(s, sitting.actor, sitting.attempt_id, sitting.now))


def go_on(sitting: Sitting, number: int) -> None:
    write(
        sitting, lambda s: sections.go_on(s, sitting.actor, sitting.attempt_id, number, sitting.now)
    )


def attempt(sitting: Sitting) -> Any:
    """State, deadline, ended_at and paused_at as they are kept."""
    columns = (Attempt.state, Attempt.deadline, Attempt.ended_at, Attempt.paused_at)
    found = select(*columns).where(Attempt.id == sitting.attempt_id)
    return read(sitting, lambda s: s.execute(found).one())


def grants(sitting: Sitting) -> list[tuple[str, int]]:
    rows = select(AttemptGrant.kind, AttemptGrant.seconds).order_by(AttemptGrant.id)
    return [(row.kind, row.seconds) for row in read(sitting, lambda s: s.execute(rows).all())]


def spans(sitting: Sitting) -> tuple[Span, ...]:
    return read(sitting, lambda s: sections.spans_of(s, sitting.attempt_id))


def rewrite(cast: Cast, kind: str, key: str, **changes: Any) -> None:
    """Change what a published document was compiled to, before anybody has read it."""
    with cast.app.app_context(), writing() as session:
        revision_id, meta = session.execute(
            select(Revision.id, Revision.meta)
            .join(Published, Published.revision_id == Revision.id)
            .join(Document, Document.id == Revision.document_id)
            .where(Document.kind == kind, Document.key == key)
        ).one()
        session.execute(
            update(Revision).where(Revision.id == revision_id).values(meta={**meta, **changes})
        )

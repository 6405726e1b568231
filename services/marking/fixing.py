"""Deciding about contested questions: dismissing, mending a wrong key, striking a question out.

Upholding writes a `key_fix` and scores again every ended attempt that pinned the wrong revision,
whoever contested it. An attempt that is running is scored by the fix when it ends.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState
from domain.assessment.mending import fits
from models.accounts import FreeText
from models.assessment import Attempt, AttemptItem
from models.library import Document, Publication, Revision
from models.marking import Contest, KeyFix
from models.measuring import Work
from services import journal, outbox
from services.actor import SYSTEM, Actor
from services.assessment.access import GREATEST_ID
from services.assessment.inserting import InsertOnce
from services.assessment.keys import led_to
from services.assessment.pinned import known
from services.assessment.scoring import ENDED, UNSCORED, score_again
from services.errors import Conflict, Invalid, NotFound
from services.marking import texts
from services.roles import trainer

LEAST_ANSWER, MOST_ANSWER = 10, 2000
AT_ONCE = 20  # attempts that are scored again while the trainer waits; more become a job
ANSWER = "contest_answer"
RESCORE = "marking.rescore"
_insert_fix = InsertOnce(
    KeyFix,
    KeyFix.__table__.c.revision_id,
    ("revision_id", "fixed_revision_id", "fixed_by", "reason_id", "fixed_at"),
)


class Outcome(StrEnum):
    """What becomes of contests: dismissed, or upheld by a mended key or by striking out."""

    DISMISS = "dismiss"
    MEND = "mend"
    STRIKE = "strike"


def decide(
    session: Session,
    actor: Actor,
    revision_id: int,
    outcome: Outcome,
    mending_id: int | None,
    answer: str,
    now: datetime,
) -> None:
    """Decide all open contests of a question at once; the answer goes to everybody who contested.

    revision_id: by which answers are marked now. mending_id: by which they shall be, for MEND.
    Raises Forbidden, NotFound, Invalid naming `answer` or `mending`, and Conflict where somebody
    else has decided already. The same decision sent twice is one decision.
    """
    decider_id = trainer(actor)
    _hold(session, revision_id)
    led = led_to(session, revision_id)
    body = texts.cleaned(answer, "answer", LEAST_ANSWER, MOST_ANSWER)
    contests = _contests(session, led)
    waiting = [row.id for row in contests if row.state == "open"]
    if not contests:
        raise NotFound
    if not waiting:
        if (contests[-1].decided_by, contests[-1].body) == (decider_id, body):
            return
        raise Conflict
    answer_id = texts.keep(session, decider_id, ANSWER, revision_id, body, now)
    state = "dismissed" if outcome is Outcome.DISMISS else "upheld"
    session.execute(
        update(Contest)
        .where(Contest.id.in_(waiting), Contest.state == "open")
        .values(state=state, decided_by=decider_id, answer_id=answer_id, decided_at=now)
    )
    changed: list[int] = []
    if outcome is not Outcome.DISMISS:
        fixed_id = _mending(session, revision_id, mending_id) if outcome is Outcome.MEND else None
        changed = _fix(session, decider_id, revision_id, fixed_id, led, answer_id, now)
    for contest_id in waiting:
        outbox.ask(session, "mail.contest", now, contest_id=contest_id)
    for contest_id in waiting:
        journal.append(session, actor, f"contest.{state}", "contest", contest_id, now)
    if outcome is not Outcome.DISMISS:
        about = {"mending": mending_id if outcome is Outcome.MEND else None}
        journal.append(session, actor, "key.fixed", "revision", revision_id, now, **about)
    _journal(session, actor, changed, now)


def mendings(session: Session, revision_id: int) -> list[tuple[int, int, bool]]:
    """Published newer revisions of the same question: id, number, and whether the answers fit."""
    own = session.execute(
        select(Revision.document_id, Revision.number).where(Revision.id == revision_id)
    ).one()
    rows = session.execute(
        select(Revision.id, Revision.number)
        .where(
            Revision.document_id == own.document_id,
            Revision.number > own.number,
            Revision.id.in_(
                select(Publication.revision_id).where(Publication.document_id == own.document_id)
            ),
        )
        .order_by(Revision.number.desc())
    ).all()
    wrong = known(session, revision_id).item
    return [(row.id, row.number, fits(wrong, known(session, row.id).item)) for row in rows]


def _hold(session: Session, revision_id: int) -> None:
    """Hold the question until the transaction ends: its contests are decided one by one."""
    if not 0 < revision_id <= GREATEST_ID:
        raise NotFound
    found = session.scalar(
        select(Document.id)
        .join(Revision, Revision.document_id == Document.id)
        .where(Revision.id == revision_id)
        .with_for_update(of=Document)
    )
    if found is None:
        raise NotFound


def _contests(session: Session, revision_ids: Collection[int]) -> Sequence[Any]:
    """In the order in which they were decided, open ones anywhere."""
    return session.execute(
        select(Contest.id, Contest.state, Contest.decided_by, FreeText.body)
        .outerjoin(FreeText, FreeText.id == Contest.answer_id)
        .where(Contest.revision_id.in_(revision_ids))
        .order_by(Contest.decided_at, Contest.id)
    ).all()


def _mending(session: Session, revision_id: int, mending_id: int | None) -> int:
    for found_id, _, fitting in mendings(session, revision_id):
        if found_id == mending_id and fitting:
            return found_id
    raise Invalid(fields={"mending": "choose a newer revision whose answers mean the same"})


def _fix(
    session: Session,
    decider_id: int,
    revision_id: int,
    fixed_id: int | None,
    led: list[int],
    answer_id: int,
    now: datetime,
) -> list[int]:
    """Write the fix and score again, now or in a job; the attempts whose numbers changed."""
    written = _insert_fix(
        session,
        revision_id=revision_id,
        fixed_revision_id=fixed_id,
        fixed_by=decider_id,
        reason_id=answer_id,
        fixed_at=now,
    )
    if written is None:
        raise Conflict
    _await_submits(session, led)
    affected = ended_attempts(session, led)
    if len(affected) <= AT_ONCE:
        return _score_again(session, affected, led, now)
    work_id = session.execute(
        insert(Work)
        .values(
            task=RESCORE,
            about=_key(session, revision_id),
            state="waiting",
            done=0,
            total=len(affected),
            asked_by=decider_id,
            asked_at=now,
            outcome={"revisions": led, "after": 0, "changed": 0},
        )
        .returning(Work.id)
    ).scalar_one()
    outbox.ask(session, RESCORE, now, work_id=work_id)
    return []


def _key(session: Session, revision_id: int) -> str:
    """What authors call the question."""
    return session.execute(
        select(Document.key)
        .join(Revision, Revision.document_id == Document.id)
        .where(Revision.id == revision_id)
    ).scalar_one()


def _await_submits(session: Session, revision_ids: Collection[int]) -> None:
    """Let those finish who hand in just now: they may not have seen the fix.

    Whoever hands in later waits until it is committed, and is scored by it.
    """
    pins = select(AttemptItem.attempt_id).where(AttemptItem.revision_id.in_(revision_ids))
    session.execute(
        select(Attempt.id)
        .where(Attempt.state == AttemptState.RUNNING, Attempt.id.in_(pins))
        .order_by(Attempt.id)
        .with_for_update(key_share=True)
    ).all()


def ended_attempts(session: Session, revision_ids: Collection[int], after: int = 0) -> list[int]:
    """The ended attempts that pinned one of the revisions, by id, from `after` on."""
    pins = select(AttemptItem.attempt_id).where(AttemptItem.revision_id.in_(revision_ids))
    statement = (
        select(Attempt.id)
        .where(
            Attempt.state.in_(ENDED),
            Attempt.purpose != UNSCORED,
            Attempt.id.in_(pins),
            Attempt.id > after,
        )
        .order_by(Attempt.id)
    )
    return list(session.scalars(statement))


def rescore_next(session: Session, work_id: int, now: datetime) -> bool:
    """Score the next AT_ONCE attempts of a job again; whether more are left.

    Attempts, their mails and how far the job is are one transaction: done twice, it changes
    nothing and tells nobody anything twice.
    """
    work = session.get(Work, work_id, with_for_update=True)
    if work is None or work.state == "done":
        return False
    led, after = list(work.outcome["revisions"]), int(work.outcome["after"])
    batch = ended_attempts(session, led, after)[:AT_ONCE]
    changed = _score_again(session, batch, led, now)
    left = len(batch) == AT_ONCE
    work.done = min(work.total, work.done + len(batch)) if left else work.total
    work.state = "running" if left else "done"
    work.ended_at = None if left else now
    counted = int(work.outcome["changed"]) + len(changed)
    work.outcome = {
        "revisions": led, "after": batch[-1] if batch else after, "changed": counted
    }  # fmt: skip
    session.flush()
    _journal(session, SYSTEM, changed, now)
    return left


def _score_again(
    session: Session, attempt_ids: Sequence[int], led: Collection[int], now: datetime
) -> list[int]:
    """Score attempts again and ask for a mail to everybody whose numbers changed.

    Whoever contested the question hears of it in the answer to their contest.
    """
    # By person: two that score again at once meet people in the same order, and never cross.
    ordered = session.scalars(
        select(Attempt.id)
        .where(Attempt.id.in_(attempt_ids))
        .order_by(Attempt.person_id, Attempt.id)
    ).all()
    changed = [attempt_id for attempt_id in ordered if score_again(session, attempt_id, now)]
    answered = set(
        session.scalars(
            select(Contest.attempt_id).where(
                Contest.attempt_id.in_(changed),
                Contest.revision_id.in_(led),
                Contest.state == "upheld",
            )
        )
    )
    for attempt_id in changed:
        if attempt_id not in answered:
            outbox.ask(session, "mail.contest_changed", now, attempt_id=attempt_id)
    return changed


def _journal(session: Session, actor: Actor, attempt_ids: Sequence[int], now: datetime) -> None:
    """The journal last: its lock is the whole house's, and nothing is waited for under it."""
    for attempt_id in attempt_ids:
        journal.append(session, actor, "attempt.rescored", "attempt", attempt_id, now)

"""Beginning an attempt: its questions are drawn, pinned and put in order once."""

import random
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.assessment.attempts import AttemptState, deadline
from domain.assessment.compiled import from_dict
from domain.assessment.presentation import option_order
from models.assessment import Attempt, AttemptItem
from services import journal
from services.actor import Actor
from services.assessment import grants, sections
from services.assessment.access import own_attempt
from services.assessment.inserting import InsertOnce
from services.assessment.rules import rules_of
from services.errors import Conflict, NotFound
from services.library import catalogue
from services.library.asks import RETEST, newest_ask
from services.session import changed_rows

LEARNERS_FORMS = ("placement", "narrow", "unit", "practice", "exam", "retest")
# What must have ended before another form may be started, and why.
ENDED = (AttemptState.SUBMITTED, AttemptState.EXPIRED)
_INSERTED = (
    "person_id",
    "purpose",
    "form_revision_id",
    "form_key",
    "lang",
    "seed",
    "state",
    "open_key",
    "lease",
    "limit_s",
    "created_at",
)
_insert_attempt = InsertOnce(Attempt, Attempt.__table__.c.id, _INSERTED)


def create_attempt(
    session: Session,
    person_id: int,
    purpose: str,
    form_key: str,
    lang: str,
    seed: int,
    now: datetime,
    *,
    limit_s: int | None = None,
    item_keys: Sequence[str] | None = None,
    form_revision_id: int | None = None,
) -> int:
    """Make an attempt that has not begun, or give back the open one for the same form.

    item_keys, form_revision_id: for questions that stand in no form (a lesson's quiz); without
    them the published form `form_key` is taken. Raises NotFound without questions, and Conflict
    while a question is missing from a form with sections, whose bounds would then be others.
    """
    if item_keys is None or form_revision_id is None:
        form = catalogue.form(session, form_key)
        item_keys, form_revision_id = form.meta["items"], form.id
    items = catalogue.published(session, "item", item_keys)
    if not items:
        raise NotFound
    if len(items) < len(item_keys) and rules_of(session, form_revision_id).parts:
        raise Conflict("This form is being changed. Come back later.")
    open_key = f"{person_id}:{purpose}:{form_key}"
    attempt_id = _insert_attempt(
        session,
        person_id=person_id,
        purpose=purpose,
        form_revision_id=form_revision_id,
        form_key=form_key,
        lang=lang,
        seed=seed,
        state=AttemptState.CREATED,
        open_key=open_key,
        lease=0,
        limit_s=limit_s,
        created_at=now,
    )
    if attempt_id is None:
        return session.scalars(select(Attempt.id).where(Attempt.open_key == open_key)).one()
    _pin(session, attempt_id, items, seed)
    return attempt_id


def _pin(
    session: Session, attempt_id: int, items: Sequence[catalogue.RevisionText], seed: int
) -> None:
    """Note which revisions are asked, where, and in what order their parts are shown."""
    rng = random.Random(seed)
    rows = []
    for position, text in enumerate(items, start=1):
        item = from_dict(text.meta)
        rows.append(
            {
                "attempt_id": attempt_id,
                "position": position,
                "revision_id": text.id,
                "competency": item.home,
                "option_order": list(option_order(item, rng)),
            }
        )
    session.execute(insert(AttemptItem), rows)


def begin(session: Session, actor: Actor, attempt_id: int, now: datetime) -> None:
    """Start the clock, with the extra time that the person has; a second time changes nothing.

    Raises NotFound for another's attempt.
    """
    attempt = own_attempt(session, actor, attempt_id, lock=True)
    if attempt.state is not AttemptState.CREATED:
        return
    extra_s, given_by = 0, None
    if attempt.limit_s is not None:
        extra_s, given_by = grants.accommodated(session, attempt.person_id, attempt.limit_s)
    ends_at = deadline(now, attempt.limit_s, [extra_s])
    begun = session.execute(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state == AttemptState.CREATED)
        .values(state=AttemptState.RUNNING, started_at=now, deadline=ends_at)
    )
    if not changed_rows(begun):
        return
    rules = rules_of(session, attempt.form_revision_id)
    sections.lay_out(session, attempt_id, rules, now, ends_at)
    if extra_s:
        grants.note_extra(session, attempt_id, extra_s, given_by, now)
    journal.append(session, actor, "attempt.started", "attempt", attempt_id, now, extra_s=extra_s)


def start_form(
    session: Session, actor: Actor, form_key: str, lang: str, seed: int, now: datetime
) -> int:
    """Start a form of the learner's own; an open or ended attempt at it is given back.

    Only exams have a clock: a placement counts once, and may be done in several sittings.
    Raises NotFound for forms that are not for learners, and Conflict for six more questions
    before the placement has ended, or a retest before the exam has.
    """
    form = catalogue.form(session, form_key)
    purpose = form.meta["purpose"]
    if actor.person_id is None or purpose not in LEARNERS_FORMS:
        raise NotFound
    if purpose == "narrow" and _ended(session, actor.person_id, "placement", None) is None:
        raise Conflict("Take the placement first: these questions narrow its result.")
    if purpose == "retest" and _ended(session, actor.person_id, "exam", None) is None:
        raise Conflict("Take the exam first: this is another one after it.")
    return _start(session, actor, purpose, form_key, form.meta["items"], form.id, lang, seed, now)


def start_quiz(
    session: Session, actor: Actor, lesson_key: str, lang: str, seed: int, now: datetime
) -> int:
    """Start a lesson's quiz, or give back the attempt that is open or has ended.

    Where the lesson changed so much since that people are asked to take it again, they may.
    """
    lesson = catalogue.lesson(session, lesson_key, lang)
    if actor.person_id is None or not lesson.meta["quiz"]:
        raise NotFound
    source, ask = lesson.revision_id, newest_ask(session, lesson.document_id)
    since = ask.at if ask and ask.kind == RETEST else None
    items = lesson.meta["quiz"]
    return _start(session, actor, "quiz", lesson_key, items, source, lang, seed, now, since)


def _start(
    session: Session,
    actor: Actor,
    purpose: str,
    key: str,
    item_keys: Sequence[str],
    source_id: int,
    lang: str,
    seed: int,
    now: datetime,
    since: datetime | None = None,
) -> int:
    assert actor.person_id is not None  # both callers refuse strangers
    ended = _ended(session, actor.person_id, purpose, key, since)
    if ended is not None:
        return ended
    attempt_id = create_attempt(
        session,
        actor.person_id,
        purpose,
        key,
        lang,
        seed,
        now,
        limit_s=rules_of(session, source_id).limit_s,
        item_keys=item_keys,
        form_revision_id=source_id,
    )
    begin(session, actor, attempt_id, now)
    return attempt_id


def _ended(
    session: Session,
    person_id: int,
    purpose: str,
    key: str | None,
    since: datetime | None = None,
) -> int | None:
    """The newest ended attempt of a purpose, of one form where a key is given, begun since then."""
    statement = select(Attempt.id).where(
        Attempt.person_id == person_id, Attempt.purpose == purpose, Attempt.state.in_(ENDED)
    )
    if key is not None:
        statement = statement.where(Attempt.form_key == key)
    if since is not None:
        statement = statement.where(Attempt.created_at > since)
    return session.scalar(statement.order_by(Attempt.id.desc()).limit(1))

"""Results that this process has made already, as long as nothing they rest on has moved.

A result is a function of the ledger, the self-ratings, the person's attempts and contests, the
library, the statistics, the norm groups and the answers that were held. One statement asks for the
newest of each; where they are as they were, the page is as it was.
"""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime
from typing import Any

from sqlalchemy import URL, bindparam, func, select
from sqlalchemy.orm import Session

from domain.records import frozen
from models.assessment import Answer, Attempt, HeldDecision
from models.competencies import Estimate, Evidence, SelfRating
from models.marking import Contest
from models.measuring import NormGroup, Statistic
from services.actor import Actor
from services.assessment.access import GREATEST_ID
from services.assessment.held import OFFLINE, Notice, notice
from services.assessment.results import WHOLE, ResultPage, attempt_result
from services.assessment.scoring import SCOPE
from services.errors import NotFound
from services.library import catalogue
from services.measuring.norms import Compared, compared
from services.prepared import Prepared
from services.session import peek

MOST = 200  # pages a process; the oldest goes first

_attempt, _evidence = Attempt.__table__.c, Evidence.__table__.c
_rating, _estimate = SelfRating.__table__.c, Estimate.__table__.c
_contest, _statistic = Contest.__table__.c, Statistic.__table__.c
_answer, _decision = Answer.__table__.c, HeldDecision.__table__.c
_theirs = _attempt.person_id == bindparam("person")
_held = (_answer.attempt_id == bindparam("attempt"), _answer.held == OFFLINE)
_STAMP_COLUMNS = (
    catalogue.VERSION.scalar_subquery().label("library"),
    select(func.max(_evidence.id))
    .where(_evidence.subject == bindparam("subject"))
    .scalar_subquery()
    .label("ledger"),
    select(func.max(_rating.id))
    .where(_rating.person_id == bindparam("person"))
    .scalar_subquery()
    .label("rating"),
    select(func.max(_estimate.id))
    .where(_estimate.scope_kind == SCOPE, _estimate.scope_id == bindparam("attempt"))
    .scalar_subquery()
    .label("estimate"),
    select(func.max(_attempt.id)).where(_theirs).scalar_subquery().label("newest"),
    select(func.count(_attempt.ended_at)).where(_theirs).scalar_subquery().label("ended"),
    select(_attempt.state)
    .where(_attempt.id == bindparam("attempt"), _theirs)
    .scalar_subquery()
    .label("state"),
    select(func.count(_contest.id))
    .where(_contest.attempt_id == bindparam("attempt"))
    .scalar_subquery()
    .label("contests"),
    select(func.count(_contest.decided_at))
    .where(_contest.attempt_id == bindparam("attempt"))
    .scalar_subquery()
    .label("decided"),
    # What counts as a very fast answer follows from the usual time.
    select(func.max(_statistic.id)).scalar_subquery().label("statistic"),
    select(func.max(NormGroup.__table__.c.id)).scalar_subquery().label("norms"),
    select(func.count(_answer.id)).where(*_held).scalar_subquery().label("held"),
    select(func.count(_decision.answer_id))
    .where(_decision.answer_id == _answer.id, *_held)
    .scalar_subquery()
    .label("let"),
)
_STAMP = Prepared(select(*_STAMP_COLUMNS), _STAMP_COLUMNS)


@frozen
class Result:
    """All that one page of a result shows. compared: with a norm group, for a whole sitting."""

    page: ResultPage
    notice: Notice
    compared: Compared | None


_kept: OrderedDict[tuple[URL, int, int, str], tuple[Any, Result]] = OrderedDict()


def result(
    session: Session, actor: Actor, attempt_id: int, lang: str, now: datetime
) -> tuple[Result, Hashable]:
    """The result of an own attempt, from memory where nothing has changed, and what it rests on.

    Raises what `results.attempt_result` raises.
    """
    if actor.person_id is None or attempt_id > GREATEST_ID:
        raise NotFound
    who = {"person": actor.person_id, "subject": actor.subject, "attempt": attempt_id}
    stamp = peek(_STAMP, who)[0]
    place = (catalogue.database_of(session), actor.person_id, attempt_id, lang)
    kept = _kept.get(place)
    if kept is not None and kept[0] == stamp:
        return kept[1], stamp
    page = attempt_result(session, actor, attempt_id, lang, now)
    whole = page.purpose == WHOLE
    made = Result(
        page,
        notice(session, actor, attempt_id),
        compared(session, actor, attempt_id, lang) if whole else None,
    )
    _kept[place] = (stamp, made)
    if len(_kept) > MOST:
        _kept.popitem(last=False)
    return made, stamp


def forget() -> None:
    """Empty this process's memory, as a restart does."""
    _kept.clear()

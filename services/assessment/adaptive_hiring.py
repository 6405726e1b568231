"""Adaptive assessment of candidates: the attempt that an invitation makes.

What it asks from is pinned when the candidate is invited, as a form's questions are: whether the
bank is large enough was asked then, and nothing that is published since takes that back.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from domain.assessment.adaptive_parts import following
from services.actor import Actor
from services.assessment import starting
from services.assessment.adaptive_bank import bank_at, parts_at
from services.assessment.adaptive_pool import basis_of_library, note
from services.errors import NotFound
from services.library import catalogue


def create(
    session: Session,
    actor: Actor,
    person_id: int,
    form_key: str,
    lang: str,
    seed: int,
    limit_s: int,
    now: datetime,
) -> int:
    """Make a candidate's attempt at an adaptive form, with its first question; it has not begun.

    The caller has asked whether the bank is large enough. Raises NotFound for a form that is not
    published, and for an empty bank.
    """
    form = catalogue.form(session, form_key)
    basis = basis_of_library(session)
    parts = parts_at(session, form.meta, basis)
    first = following(parts, 0, (), seed, bank_at(session, basis).standard)
    if first is None:
        raise NotFound
    revision_id = first[1].key
    key = catalogue.revisions(session, [revision_id])[revision_id].key
    attempt_id = starting.create_attempt(
        session,
        person_id,
        "hiring",
        form_key,
        lang,
        seed,
        now,
        limit_s=limit_s,
        item_keys=[key],
        form_revision_id=form.id,
    )
    note(session, actor, attempt_id, basis, now)
    return attempt_id

"""Many candidates at once, as rows: for measurements, and for tests of long lists.

Made straight into the tables, because inviting ten thousand people one by one takes minutes. One in
three has finished, with kept numbers; one in three is working; one in three is invited.
"""

import random
import secrets
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.accounts import Person
from models.assessment import Attempt
from models.competencies import Estimate
from models.hiring import Application, Invitation, Position
from models.library import Document, Published
from services.assessment.scoring import SCOPE
from services.competencies import estimates
from services.hiring import candidacies
from services.library import catalogue

CODES = ("C1", "C2", "C3", "C4", "C5", "C6", "C7", "A1")
SEED = 20_261_122


def crowd(session: Session, position_id: int, many: int, now: datetime) -> list[int]:
    """Add candidates to a position; gives back their applications in the order of inviting."""
    rng = random.Random(SEED)
    position = session.get_one(Position, position_id)
    form_id = session.scalars(
        select(Published.revision_id)
        .join(Document, Document.id == Published.document_id)
        .where(Document.kind == "form", Document.key == position.form_key)
    ).one()
    subjects = [secrets.token_hex(16) for _ in range(many)]
    people = _insert(session, Person, [_person(n, subjects[n], now) for n in range(many)])
    attempts = _insert(
        session,
        Attempt,
        [_attempt(n, one, position, form_id, now) for n, one in enumerate(people)],
    )
    applications = _insert(
        session,
        Application,
        [
            {
                "position_id": position_id,
                "person_id": person,
                "attempt_id": attempt,
                "consented_at": now if n % 3 else None,
                "consent_version": 1 if n % 3 else None,
                "retention_days": 180 if n % 3 else None,
                "created_at": now,
            }
            for n, (person, attempt) in enumerate(zip(people, attempts, strict=True))
        ],
    )
    _insert(
        session,
        Invitation,
        [
            {
                "application_id": one,
                "invited_by": position.created_by,
                "created_at": now,
                "expires_at": now + timedelta(days=14, seconds=n),
            }
            for n, one in enumerate(applications)
        ],
    )
    _estimates(session, subjects, attempts, rng, now)
    return applications


def settle(session: Session, applications: list[int], now: datetime) -> None:
    """Let people have worked on the crowd: each column, outcome and kind of invitation has some."""
    ended, waiting = applications[2::3], applications[::3]
    candidacies.put(session, {one: {"review_at": now} for one in ended[::6]})
    for n, outcome in enumerate(("advance", "hold", "reject", "hired")):
        candidacies.put(session, {one: {"outcome": outcome} for one in ended[n + 1 :: 10]})
    opened = Application.id.in_(waiting[3::10])
    session.execute(update(Application).where(opened).values(consented_at=now))
    for column, at, of in (
        ("refused_at", now, waiting[::50]),
        ("revoked_at", now, waiting[1::20]),
        ("expires_at", now - timedelta(days=1), waiting[2::10]),
    ):
        session.execute(
            update(Invitation).where(Invitation.application_id.in_(of)).values({column: at})
        )


def _insert(session: Session, model: type, rows: list[dict[str, object]]) -> list[int]:
    made = insert(model).returning(model.id, sort_by_parameter_order=True)  # type: ignore[attr-defined]
    return list(session.scalars(made, rows))


def _person(n: int, subject: str, now: datetime) -> dict[str, object]:
    return {
        "subject": subject,
        "kind": "candidate",
        "name": f"Candidate {n * 7919 % 100_003:05}",
        "email": f"candidate.{n}@crowd.example",
        "locale": "en" if n % 2 else "zh_Hans",
        "invented": True,
        "created_at": now,
    }


def _attempt(
    n: int, person_id: int, position: Position, form_id: int, now: datetime
) -> dict[str, object]:
    state = ("created", "running", "submitted")[n % 3]
    return {
        "person_id": person_id,
        "purpose": "hiring",
        "form_revision_id": form_id,
        "form_key": position.form_key,
        "lang": "en",
        "seed": n,
        "state": state,
        "limit_s": position.limit_s,
        "created_at": now,
        "started_at": now if n % 3 else None,
        "deadline": now + timedelta(days=3) if n % 3 else None,
        "ended_at": now + timedelta(minutes=30, seconds=n) if state == "submitted" else None,
    }


def _estimates(
    session: Session, subjects: list[str], attempts: list[int], rng: random.Random, now: datetime
) -> None:
    standard_id = catalogue.framework(session).standard_id
    rows = [
        {
            "subject": subject,
            "scope_kind": SCOPE,
            "scope_id": attempt,
            "competency": code,
            "theta": rng.gauss(0, 1),
            "se": rng.uniform(0.3, 0.6),
            "observations": 6,
            "provisional": True,
            "standard_revision_id": standard_id,
            "calibration_id": 0,
            "ledger_id": 1,
            "as_of": now,
        }
        for n, (subject, attempt) in enumerate(zip(subjects, attempts, strict=True))
        if n % 3 == 2
        for code in CODES
    ]
    if rows:
        session.execute(insert(Estimate), rows)
        estimates.keep_newest(session, SCOPE, estimates.kept(session, SCOPE, attempts))

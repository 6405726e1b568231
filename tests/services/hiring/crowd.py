"""Many finished candidates of a position at once, with what they said and what was decided."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.hiring.profiles import SEVEN
from models.accounts import FreeText, Person
from models.assessment import Attempt
from models.competencies import Estimate
from models.fairness import VoluntaryAnswer
from models.hiring import Application, Decision, Invitation
from models.library import Document, Revision
from services.assessment.scoring import SCOPE
from services.competencies import estimates


@dataclass(frozen=True)
class Face:
    """One candidate. theta: of all seven practices; outcome: None while nothing is decided."""

    said: Mapping[str, str] = field(default_factory=dict)
    outcome: str | None = None
    theta: float = 0.0
    name: str = "Somebody"


def fill(
    session: Session, position_id: int, recruiter_id: int, faces: Sequence[Face], now: datetime
) -> list[int]:
    """Put them there, one second apart; gives back their applications in the same order."""
    form_id = session.scalars(
        select(Revision.id).join(Document, Document.id == Revision.document_id)
        .where(Document.kind == "form").limit(1)
    ).one()  # fmt: skip
    standard_id = session.scalars(
        select(Revision.id).join(Document, Document.id == Revision.document_id)
        .where(Document.kind == "framework").limit(1)
    ).one()  # fmt: skip
    found = []
    for number, face in enumerate(faces):
        at, subject = now + timedelta(seconds=number), secrets.token_hex(16)
        person = Person(subject=subject, kind="candidate", name=face.name, created_at=at)
        session.add(person)
        session.flush()
        attempt = Attempt(
            person_id=person.id, purpose="hiring", form_revision_id=form_id, form_key="hiring-a",
            lang="en", seed=1, state="submitted", created_at=at, started_at=at, ended_at=at,
        )  # fmt: skip
        session.add(attempt)
        session.flush()
        application = Application(
            position_id=position_id, person_id=person.id, attempt_id=attempt.id, consented_at=at,
            consent_version=1, retention_days=180, created_at=at,
        )  # fmt: skip
        session.add(application)
        session.flush()
        session.add(
            Invitation(
                application_id=application.id, invited_by=recruiter_id, created_at=at,
                expires_at=at + timedelta(days=14),
            )
        )  # fmt: skip
        _say(session, subject, face.said)
        _measure(session, subject, attempt.id, standard_id, face.theta, at)
        if face.outcome:
            _decide(session, application.id, recruiter_id, face.outcome, at)
        found.append(application.id)
    return found


def _say(session: Session, subject: str, said: Mapping[str, str]) -> None:
    rows = [{"subject": subject, "question": q, "answer": a} for q, a in said.items()]
    if rows:
        session.execute(insert(VoluntaryAnswer), rows)


def _measure(
    session: Session, subject: str, attempt_id: int, standard_id: int, theta: float, at: datetime
) -> None:
    session.execute(
        insert(Estimate),
        [
            {
                "subject": subject, "scope_kind": SCOPE, "scope_id": attempt_id,
                "competency": code, "theta": theta, "se": 0.5, "observations": 6,
                "provisional": True, "standard_revision_id": standard_id, "calibration_id": 0,
                "ledger_id": 0, "as_of": at,
            }
            for code in SEVEN
        ],
    )  # fmt: skip
    estimates.keep_newest(session, SCOPE, estimates.kept(session, SCOPE, [attempt_id]))


def _decide(
    session: Session, application_id: int, recruiter_id: int, outcome: str, at: datetime
) -> None:
    words = FreeText(
        about_kind="decision", about_id=application_id, author_id=recruiter_id,
        body="As talked over.", created_at=at,
    )  # fmt: skip
    session.add(words)
    session.flush()
    session.add(
        Decision(
            application_id=application_id, decided_by=recruiter_id, outcome=outcome,
            reason_code="evidence", reason_id=words.id, decided_at=at,
        )
    )  # fmt: skip

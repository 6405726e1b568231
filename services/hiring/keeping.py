"""What is kept about applications: given out to the candidate, and emptied for good.

The application, its decisions and ratings stay without a name and without words, so that figures
about many stay what they were. What was said for the fairness figures stays under the new subject.
"""

from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session, aliased

from models.accounts import FreeText, Person, Token
from models.fairness import BlindView, VoluntaryAnswer
from models.hiring import (
    AccommodationRequest,
    Application,
    Decision,
    Invitation,
    Position,
    PositionMember,
)
from models.selection import Hire, InterviewRating, Letter, Mention, SavedView, Scorecard
from services.accounts.keeping import Leaving, blank, moment
from services.hiring import forgetting
from services.hiring.invitations import PURPOSE

# Texts whose about_id is an application.
ABOUT_APPLICATION = ("application", "remark", "decision", "letter", "accommodation", "scorecard")


def also(session: Session, person_id: int) -> list[int]:
    """Who goes with a member: the candidate that they were before they were hired."""
    return list(
        session.scalars(
            select(Application.person_id)
            .join(Hire, Hire.application_id == Application.id)
            .where(Hire.member_id == person_id)
        )
    )


def erase(session: Session, who: Leaving) -> None:
    """Empty the person's applications, and take them out of teams and lists of others."""
    _leave_teams(session, who.person_id)
    forgetting.forget(session, who)
    session.execute(
        update(VoluntaryAnswer)
        .where(VoluntaryAnswer.subject == who.subject)
        .values(subject=who.renamed)
    )
    applications = select(Application.id).where(Application.person_id == who.person_id)
    _empty_texts(session, applications)
    session.execute(
        delete(AccommodationRequest).where(AccommodationRequest.application_id.in_(applications))
    )
    # Who was hired out of this application would say whose it was.
    session.execute(delete(Hire).where(Hire.application_id.in_(applications)))
    session.execute(delete(Mention).where(Mention.application_id.in_(applications)))
    invitations = select(Invitation.id).where(Invitation.application_id.in_(applications))
    session.execute(delete(Token).where(Token.purpose == PURPOSE, Token.bound_id.in_(invitations)))
    session.execute(
        update(Application).where(Application.person_id == who.person_id).values(return_code=None)
    )


def _leave_teams(session: Session, person_id: int) -> None:
    named = select(SavedView.name_id).where(SavedView.person_id == person_id)
    blank(session, named)
    for table in (SavedView, Mention, PositionMember, BlindView):
        session.execute(delete(table).where(table.person_id == person_id))


def _empty_texts(session: Session, applications: Any) -> None:
    """Notes, reasons, letters, wishes and interviews about these applications."""
    blank(
        session,
        select(FreeText.id).where(
            FreeText.about_kind.in_(ABOUT_APPLICATION), FreeText.about_id.in_(applications)
        ),
    )
    other = aliased(Decision)
    # A reason that was given for many at once stays with the others.
    shared = select(other.reason_id).where(other.application_id.not_in(applications))
    blank(session, select(Decision.reason_id).where(
        Decision.application_id.in_(applications), Decision.reason_id.not_in(shared)
    ))  # fmt: skip
    cards = select(Scorecard.id).where(Scorecard.application_id.in_(applications))
    for column, about in _POINTING:
        where: ColumnElement[bool] = about.in_(
            cards if about is InterviewRating.scorecard_id else applications
        )
        blank(session, select(column).where(where))


_POINTING: tuple[tuple[Any, Any], ...] = (
    (Letter.subject_id, Letter.application_id),
    (Letter.body_id, Letter.application_id),
    (AccommodationRequest.words_id, AccommodationRequest.application_id),
    (AccommodationRequest.answer_id, AccommodationRequest.application_id),
    (InterviewRating.note_id, InterviewRating.scorecard_id),
)


def told(session: Session, person_id: int) -> list[dict[str, Any]]:
    """The person's applications, with what they agreed to, said and were decided."""
    hired = select(Hire.application_id).where(Hire.member_id == person_id)
    rows = session.execute(
        select(Application, Invitation, Position.title, Person.subject)
        .join(Invitation, Invitation.application_id == Application.id)
        .join(Position, Position.id == Application.position_id)
        .join(Person, Person.id == Application.person_id)
        .where(or_(Application.person_id == person_id, Application.id.in_(hired)))
        .order_by(Application.id)
    ).all()
    return [
        {
            "position": title,
            "invited_at": moment(invitation.created_at),
            "agreed_at": moment(application.consented_at),
            "kept_for_days": application.retention_days,
            "voluntary": {
                answer.question: answer.answer
                for answer in session.scalars(
                    select(VoluntaryAnswer).where(VoluntaryAnswer.subject == subject)
                )
            },
            "decisions": [
                {"outcome": made.outcome, "at": moment(made.decided_at)}
                for made in session.scalars(
                    select(Decision)
                    .where(Decision.application_id == application.id)
                    .order_by(Decision.id)
                )
            ],
            **_asked(session.get(AccommodationRequest, application.id)),
        }
        for application, invitation, title, subject in rows
    ]


def _asked(request: AccommodationRequest | None) -> dict[str, Any]:
    if request is None:
        return {}
    return {"extra_time": {"percent": request.percent, "state": request.state}}

"""What candidates and those who hire did: positions, invitations, sittings, notes, decisions."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.hiring.cut_scores import CutScore
from services.actor import Actor
from services.admin.demo import company, sitting
from services.admin.demo.learners import Deed
from services.admin.demo.taker import Taker
from services.assessment import expiry
from services.hiring import (
    deciding,
    entering,
    interviewing,
    invitations,
    positions,
    scorecards,
    voluntary,
)
from services.hiring.invitations import InvitationDraft
from services.hiring.positions import PositionDraft

MINUTES = 60
FORM = "hiring-a"
DAYS_OPEN = 14
STARTED = (company.RUNNING, company.TIMED_OUT, company.FINISHED, company.DECIDED)


@dataclass(slots=True)
class Desk:
    """One position with the people who hire for it. id: from the moment it was made."""

    vacancy: company.Vacancy
    recruiter: Actor
    owner: Actor
    reviewer: Actor
    base_url: str
    id: int = 0

    def open(self, session: Session, at: datetime) -> None:
        """Make the position."""
        assert self.owner.person_id
        assert self.reviewer.person_id
        points, method, judges, words = self.vacancy.cut
        draft = PositionDraft(
            title=self.vacancy.title,
            profile=self.vacancy.profile,
            weights=self.vacancy.weights,
            gates=self.vacancy.gates,
            form_key=FORM,
            minutes=MINUTES,
            retention_days=180,
            state="open",
            owner_id=self.owner.person_id,
            reviewer_ids=(self.reviewer.person_id,),
            reasons=self.vacancy.reasons,
            cut=CutScore(points, method, at.date() - timedelta(days=5), judges or None, words),
            analysis=self.vacancy.analysis,
            analysed_on=at.date() - timedelta(days=20) if self.vacancy.analysis else None,
            study=self.vacancy.study,
            before=(3,),
            silence=(5,),
        )
        self.id = positions.create(session, self.recruiter, draft, at)


@dataclass(slots=True)
class Candidate:
    """An applicant. number: their place among all, which decides about words and decisions."""

    number: int
    name: str
    fate: str
    desk: Desk
    taker: Taker
    application: int = 0
    _raw: str = ""
    _who: Actor = field(default_factory=lambda: Actor(None))

    @property
    def rng(self) -> random.Random:
        return self.taker.rng

    def deeds(self, invited: datetime, now: datetime) -> Iterator[tuple[datetime, Deed]]:
        """What happened and when, from the invitation until now."""
        yield invited, self._invite
        if self.fate == company.REVOKED:
            yield invited + timedelta(days=2), self._revoke
        if self.fate == company.CONSENTED or self.fate in STARTED:
            came = invited + timedelta(days=self.rng.uniform(0.2, 1.5))
            if self.fate == company.RUNNING:
                came = now - timedelta(minutes=self.rng.randint(12, 35))
            yield came, self._consent
        if self.fate in STARTED:
            began = came + timedelta(minutes=4)
            yield began, self._sit
            after = began + timedelta(hours=self.rng.uniform(3, 40))
            if self.fate != company.RUNNING:
                yield after, self._say
            if self.fate == company.DECIDED:
                yield after, self._note
                yield after + timedelta(hours=16), self._rate
                yield after + timedelta(hours=20), self._decide
            if self.number == 3:
                yield after, self._remark

    def _invite(self, session: Session, at: datetime) -> None:
        first, _, last = self.name.casefold().partition(" ")
        draft = InvitationDraft(
            name=self.name,
            email=f"{first}.{last.replace(' ', '')}@mail.example",
            by_mail=False,  # no mail goes to people who do not exist
            lang="en",
            expires_at=at + timedelta(days=DAYS_OPEN),
            once=f"demo-invitation-{self.number:04}",
        )
        made = invitations.invite(
            session, self.desk.recruiter, self.desk.id, draft, at, self.desk.base_url
        )
        self.application, self._raw = made.application_id, made.link.rpartition("/")[2]

    def _revoke(self, session: Session, at: datetime) -> None:
        invitations.revoke(session, self.desk.recruiter, self.application, at)

    def _consent(self, session: Session, at: datetime) -> None:
        told = entering.offer(session, self._raw, at)
        given = entering.consent(session, self._raw, told.consent_version, told.once, at)
        self._who = Actor(given.viewer.id, given.viewer.subject, given.viewer.roles)

    def _sit(self, session: Session, at: datetime) -> None:
        attempt = entering.start(session, self._who, at)
        until = at + timedelta(minutes=MINUTES)
        if self.fate == company.RUNNING:
            sitting.answer(session, self._who, attempt, self.taker, at, most=self.rng.randint(6, 9))
        elif self.fate == company.TIMED_OUT:
            self.taker.pace = 2.0
            sitting.answer(session, self._who, attempt, self.taker, at, until=until)
            expiry.expire(session, attempt, until + timedelta(seconds=30))
        else:
            self.taker.pace = self.rng.uniform(0.6, 0.8)  # all 42 within the hour
            sitting.sit(session, self._who, attempt, self.taker, at)

    def _note(self, session: Session, at: datetime) -> None:
        owner = next(one.name for one in company.STAFF if one.key == self.desk.vacancy.owner)
        words = company.NOTES[self.number % len(company.NOTES)].replace("{owner}", owner)
        deciding.write_note(session, self.desk.reviewer, self.application, words, at)

    def _say(self, session: Session, at: datetime) -> None:
        """What they tell of themselves after the test, for the fairness figures alone."""
        said = {
            "gender": "woman" if self.name in company.WOMEN else "man",
            "language": "chinese" if self.name in company.CHINESE else "other",
        }
        voluntary.say(session, self._who, said, tuple(said))

    def _rate(self, session: Session, at: datetime) -> None:
        """Reviewer and owner interview by the guide and hand their scorecards in."""
        found, _ = interviewing.ended(session, self.desk.owner, self.application)
        asked = [one.key for one in interviewing.questions(session, found, "en")]
        for interviewer, own in zip(
            (self.desk.reviewer, self.desk.owner), company.RATINGS, strict=True
        ):
            typed = {key: scorecards.Typed(*said) for key, said in zip(asked, own, strict=False)}
            scorecards.keep(session, interviewer, self.application, typed, True, "en", at)

    def _decide(self, session: Session, at: datetime) -> None:
        outcome, code, reason = company.DECISIONS[self.number % len(company.DECISIONS)]
        deciding.decide(session, self.desk.owner, self.application, outcome, code, reason, at)

    def _remark(self, session: Session, at: datetime) -> None:
        deciding.write_remark(session, self._who, company.REMARK, at)

"""Loading the demo: everybody and everything they did, in the order in which it happened."""

import random
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from domain.records import frozen
from models.accounts import Credential, Person
from models.journal import JournalEntry
from services import journal
from services.accounts import joining, passwords, tokens
from services.accounts.people import add_member, load_viewer
from services.actor import SYSTEM, Actor
from services.admin.demo import company
from services.admin.demo.candidates import Candidate, Desk
from services.admin.demo.company import CANDIDATES, LEARNERS, STAFF, VACANCIES, Member
from services.admin.demo.learners import Deed, Learner
from services.admin.demo.taker import AnswerBook, Taker, abilities
from services.errors import Conflict
from services.library import catalogue

SEED = 20261120
EVENT = "demo.loaded"
HISTORY = timedelta(days=150)
LETTERS = "bcdfghjkmnpqrstvwxyz23456789"

Say = Callable[[str], object]


@frozen
class Key:
    """How somebody signs in: printed once and kept nowhere in clear."""

    name: str
    roles: tuple[str, ...]
    email: str
    password: str


def load(session: Session, now: datetime, base_url: str, say: Say) -> tuple[Key, ...]:
    """Fill the database with the invented company; all of it in the caller's one transaction.

    Gives back no keys when it was loaded before. Raises Conflict where a person is not invented,
    and where there is no course to have a history with.
    """
    if session.scalar(select(JournalEntry.id).where(JournalEntry.event == EVENT).limit(1)):
        return ()
    if session.scalar(select(Person.id).where(Person.invented.is_(False)).limit(1)):
        raise Conflict(
            "This database holds people who are not invented; the demo is for a fresh one."
        )
    if not catalogue.outline(session, "en").lessons or not catalogue.published(session, "form"):
        raise Conflict("There is no course yet: run “flask content load” first.")
    return _Loading(session, now, base_url, say).carry_out()


class _Loading:
    """One run: draws everything from one seeded generator, so that it is the same each time."""

    def __init__(self, session: Session, now: datetime, base_url: str, say: Say) -> None:
        self.session, self.now, self.base_url, self.say = session, now, base_url, say
        self.rng = random.Random(SEED)
        self.framework = catalogue.framework(session)
        self.lessons = [line.key for line in catalogue.outline(session, "en").lessons]
        self.book = AnswerBook(self.rng)
        self.nobodys = passwords.hash_password(secrets.token_urlsafe(32))  # nobody knows it
        self.keys: list[Key] = []

    def carry_out(self) -> tuple[Key, ...]:
        self.say(f"{company.COMPANY}: {len(STAFF)} staff, {len(LEARNERS)} learners")
        begin = self.now - HISTORY
        staff = {
            member.key: self._join(member, begin + timedelta(minutes=7 * place))
            for place, member in enumerate(STAFF)
        }
        deeds = [*self._learning(begin + timedelta(days=1)), *self._hiring(staff)]
        deeds.sort(key=lambda pair: pair[0])
        for number, (at, deed) in enumerate(deeds, 1):
            deed(self.session, at)
            if number % 50 == 0 or number == len(deeds):
                self.say(f"{number} of {len(deeds)} events, up to {at:%Y-%m-%d}")
        # Invitations make candidates; here they are as invented as everybody else.
        self.session.execute(update(Person).where(Person.kind == "candidate").values(invented=True))
        journal.append(self.session, SYSTEM, EVENT, "demo", SEED, self.now)
        return tuple(self.keys)

    def _learning(self, begin: datetime) -> Iterator[tuple[datetime, Deed]]:
        for name, key, history, general, locale in LEARNERS:
            member = Member(key, name, ("learner",), key in company.WITH_PASSWORD, locale)
            lang = locale or "en"
            learner = Learner(history, self._taker(general), lang, self.lessons)
            joined = begin + timedelta(days=self.rng.uniform(10, 100))
            if history == company.NEW:
                joined = self.now - timedelta(days=1, hours=self.rng.uniform(0, 9))
            yield joined, self._joining(learner, member)
            yield from learner.deeds(joined, self.now)

    def _joining(self, learner: Learner, member: Member) -> Deed:
        def join(session: Session, at: datetime) -> None:
            learner.actor = self._join(member, at)

        return join

    def _join(self, member: Member, at: datetime) -> Actor:
        """Add a member who then chooses a password; most get one that nobody knows."""
        person_id = add_member(
            self.session,
            SYSTEM,
            member.name,
            member.email,
            member.roles,
            at,
            invented=True,
            locale=member.locale,
        )
        if member.given:
            password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in "abcd")
            raw = tokens.issue(self.session, "join", person_id, at)
            joining.join(self.session, raw, password, at)
            self.keys.append(Key(member.name, member.roles, member.email, password))
        else:
            values = {"person_id": person_id, "password_hash": self.nobodys, "changed_at": at}
            self.session.execute(insert(Credential).values(**values))
            journal.append(self.session, Actor(person_id), "person.joined", "person", person_id, at)
        viewer = load_viewer(self.session, person_id)
        assert viewer is not None
        return Actor(viewer.id, viewer.subject, viewer.roles)

    def _hiring(self, staff: dict[str, Actor]) -> Iterator[tuple[datetime, Deed]]:
        numbers = iter(range(100))
        for place, (vacancy, applicants) in enumerate(zip(VACANCIES, CANDIDATES, strict=True)):
            recruiter = staff[("nadia", "song")[place]]
            desk = Desk(
                vacancy, recruiter, staff[vacancy.owner], staff[vacancy.reviewer], self.base_url
            )
            yield self.now - timedelta(days=40, hours=place), desk.open
            for name, fate, general, days in applicants:
                taker = self._taker(general)
                candidate = Candidate(next(numbers), name, fate, desk, taker)
                invited = self.now - timedelta(days=days, hours=self.rng.uniform(0, 6))
                yield from candidate.deeds(invited, self.now)

    def _taker(self, general: float) -> Taker:
        codes = list(self.framework.competencies)
        own = random.Random(self.rng.getrandbits(64))
        return Taker(abilities(general, codes, own), self.framework.standard, self.book, own)

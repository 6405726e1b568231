"""What learners did: lessons read, quizzes, self-ratings, placements."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.competencies.scale import level
from services.actor import Actor
from services.admin.demo import company, sitting
from services.admin.demo.taker import Taker
from services.assessment import starting
from services.competencies import self_rating
from services.learning import progress
from services.library import catalogue

Deed = Callable[[Session, datetime], object]
PLACEMENT = "placement"


@dataclass(slots=True)
class Learner:
    """A learner and what they can do. actor: from the moment they joined."""

    history: str
    taker: Taker
    lang: str
    lessons: list[str]
    actor: Actor | None = None

    @property
    def rng(self) -> random.Random:
        return self.taker.rng

    @property
    def who(self) -> Actor:
        if self.actor is None:
            raise RuntimeError("a deed before the learner joined")
        return self.actor

    def deeds(self, joined: datetime, now: datetime) -> Iterator[tuple[datetime, Deed]]:
        """What they did and when, from joining until now."""
        if self.history == company.NEW:
            return
        times = self._times(joined, now)
        with_quizzes = self.history != company.READER
        most = len(self.lessons) if self.history == company.NARROWED else len(self.lessons) - 2
        read = self.lessons[: self.rng.randint(3, max(3, most))]
        for place, key in enumerate(read):
            whole, at = with_quizzes or place < len(read) - 1, next(times)
            yield at, self._reading(key, whole)
            if with_quizzes and self.rng.random() < 0.85:
                yield at + timedelta(minutes=50), self._quiz(key)
            if place == 1 and with_quizzes:
                yield next(times), self._rates
        if self.history == company.SITTING:
            yield now - timedelta(hours=self.rng.randint(5, 40)), self._begins_placement
        elif self.history in (company.MEASURED, company.NARROWED):
            yield next(times), self._placement
        if self.history == company.NARROWED:
            for code in self.rng.sample([f"c{i}" for i in range(1, 8)], 2):
                yield next(times), self._narrow(f"narrow-{code}")

    def _times(self, joined: datetime, now: datetime) -> Iterator[datetime]:
        """One moment on each of some days, in order, in Ningbo's working hours and before now."""
        day = joined
        while True:
            day += timedelta(days=self.rng.randint(1, 5))
            at = day.replace(hour=self.rng.randint(1, 8), minute=self.rng.randint(0, 59))
            yield min(at, now - timedelta(hours=3))

    def _reading(self, key: str, whole: bool) -> Deed:
        def read(session: Session, at: datetime) -> None:
            sections = [
                s["anchor"] for s in catalogue.lesson(session, key, self.lang).meta["sections"]
            ]
            seen = sections if whole else sections[: max(1, len(sections) // 2)]
            for section in seen:
                at += timedelta(seconds=self.rng.uniform(60, 240))
                progress.keep_place(session, self.who, key, section, self.lang, at)
            if whole:
                progress.finish(session, self.who, key, self.lang, at)

        return read

    def _quiz(self, key: str) -> Deed:
        def take(session: Session, at: datetime) -> None:
            attempt = starting.start_quiz(session, self.who, key, self.lang, self._seed(), at)
            sitting.sit(session, self.who, attempt, self.taker, at)

        return take

    def _rates(self, session: Session, at: datetime) -> None:
        """Most people are a little too sure of themselves."""
        standard, sure = self.taker.standard, self.rng.gauss(0.3, 0.6)
        codes = [practice.code for practice in catalogue.framework(session).practices]
        levels = {
            code: str(level(self.taker.abilities[code] + sure + self.rng.gauss(0, 0.5), standard))
            for code in codes
        }
        self_rating.rate(session, self.who, levels, at)

    def _placement(self, session: Session, at: datetime) -> None:
        sitting.sit(session, self.who, self._start(session, PLACEMENT, at), self.taker, at)

    def _begins_placement(self, session: Session, at: datetime) -> None:
        attempt, most = self._start(session, PLACEMENT, at), self.rng.randint(9, 30)
        sitting.answer(session, self.who, attempt, self.taker, at, most=most)

    def _narrow(self, key: str) -> Deed:
        def take(session: Session, at: datetime) -> None:
            sitting.sit(session, self.who, self._start(session, key, at), self.taker, at)

        return take

    def _start(self, session: Session, key: str, at: datetime) -> int:
        return starting.start_form(session, self.who, key, self.lang, self._seed(), at)

    def _seed(self) -> int:
        return self.rng.getrandbits(40)

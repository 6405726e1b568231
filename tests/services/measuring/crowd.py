"""Many people who sat a form, written into the tables in bulk: what they answer follows a model.

Rows are those that starting, saving and handing in would have written; marks come from the domain.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from domain.assessment.compiled import from_dict
from domain.assessment.drawing import drawn
from domain.assessment.items import Item
from domain.assessment.marking import mark
from domain.assessment.presentation import option_order
from domain.assessment.responses import parse_response
from models.accounts import Person
from models.assessment import Answer, Attempt, AttemptItem
from models.competencies import Evidence
from services.admin.demo.taker import AnswerBook, Taker
from services.assessment import scoring
from services.library import catalogue
from services.session import writing
from tests.conftest import NOW


@dataclass
class Crowd:
    """People to come. only: competencies of the form that are asked, all where empty.

    wrong_keys: items on which those who would be right are wrong, and the other way round.
    skipped: items that nobody answers; elapsed_ms: of every answer, else as people need.
    scored: whether evidence and estimates come from the service (slow), else evidence only.
    """

    people: int
    form_key: str = "placement"
    purpose: str = "placement"
    only: Collection[str] = ()
    langs: Sequence[str] = ("en",)
    wrong_keys: Collection[str] = ()
    skipped: Collection[str] = ()
    elapsed_ms: int | None = None
    seed: int = 11
    scored: bool = False
    now: datetime = NOW
    attempts: list[int] = field(default_factory=list)


def gather(app: Flask, crowd: Crowd) -> list[int]:
    """Let a crowd sit; the ids of their attempts."""
    with app.app_context():
        with writing() as session:
            _Sitting(session, crowd).write()
        if crowd.scored:
            for attempt_id in crowd.attempts:
                with writing() as session:
                    scoring.score(session, attempt_id, crowd.now)
    return crowd.attempts


class _Sitting:
    def __init__(self, session: Session, crowd: Crowd) -> None:
        self.session, self.crowd = session, crowd
        self.rng = Random(crowd.seed)
        self.book = AnswerBook(Random(crowd.seed))
        framework = catalogue.framework(session)
        self.standard, self.standard_id = framework.standard, framework.standard_id
        self.codes = list(framework.competencies)
        self.form = catalogue.form(session, crowd.form_key)
        texts = catalogue.published(session, "item", self.form.meta["items"])
        items = [(text.id, from_dict(text.meta)) for text in texts]
        self.items = [pair for pair in items if not crowd.only or pair[1].home in crowd.only]

    def write(self) -> None:
        people = self._people()
        self.crowd.attempts = self._attempts(people)
        position_of = {number: n for n, (number, _) in enumerate(self.items, start=1)}
        pinned, answers, evidence = [], [], []
        next_id = (self.session.scalar(select(func.max(AttemptItem.id))) or 0) + 1
        for (subject, _person_id), attempt_id in zip(people, self.crowd.attempts, strict=True):
            general = self.rng.gauss(0, 1)
            ability = dict.fromkeys(self.codes, general)
            taker = Taker(ability, self.standard, self.book, self.rng)
            for number, item in self.items:
                order = option_order(item, self.rng)
                pinned.append(self._pin(next_id, attempt_id, position_of[number], number, item))
                pinned[-1]["option_order"] = list(order)
                payload = self._answer(taker, drawn(item, order))
                answers.append(self._save(attempt_id, position_of[number], payload, taker, item))
                evidence += self._evidence(subject, next_id, number, drawn(item, order), payload)
                next_id += 1
        for table, rows in ((AttemptItem, pinned), (Answer, answers)):
            self.session.execute(insert(table), rows)
        if not self.crowd.scored:
            self.session.execute(insert(Evidence), evidence)

    def _people(self) -> list[tuple[str, int]]:
        kind = "candidate" if self.crowd.purpose == "hiring" else "member"
        salt = f"{self.crowd.seed:04x}{self.crowd.form_key[:6]}"
        rows = [
            {
                "subject": f"{salt}{n:0>20}"[-32:],
                "kind": kind,
                "name": f"Person {n}",
                "email": f"{salt}{n}@crowd.example",
                "invented": True,
                "created_at": self.crowd.now,
            }
            for n in range(self.crowd.people)
        ]
        found = self.session.execute(insert(Person).returning(Person.subject, Person.id), rows)
        return sorted((subject, number) for subject, number in found)

    def _attempts(self, people: Sequence[tuple[str, int]]) -> list[int]:
        crowd, began = self.crowd, self.crowd.now - timedelta(hours=1)
        rows = [
            {
                "person_id": person_id,
                "purpose": crowd.purpose,
                "form_revision_id": self.form.id,
                "form_key": crowd.form_key,
                "lang": crowd.langs[n % len(crowd.langs)],
                "seed": n,
                "state": "submitted",
                "lease": 1,
                "created_at": began,
                "started_at": began,
                "ended_at": crowd.now,
            }
            for n, (_, person_id) in enumerate(people)
        ]
        return sorted(self.session.scalars(insert(Attempt).returning(Attempt.id), rows))

    def _pin(
        self, row_id: int, attempt_id: int, position: int, revision_id: int, item: Item
    ) -> dict[str, Any]:
        return {
            "id": row_id,
            "attempt_id": attempt_id,
            "position": position,
            "revision_id": revision_id,
            "competency": item.home,
        }

    def _answer(self, taker: Taker, item: Item) -> dict[str, Any]:
        if item.id in self.crowd.skipped:
            return {}
        payload = taker.answer(item)
        if item.id in self.crowd.wrong_keys:
            points = mark(item, parse_response(item, payload)).points
            return self.book.earning(item, item.max_mark - points)
        return payload

    def _save(
        self, attempt_id: int, position: int, payload: dict[str, Any], taker: Taker, item: Item
    ) -> dict[str, Any]:
        elapsed = self.crowd.elapsed_ms
        return {
            "attempt_id": attempt_id,
            "position": position,
            "lease": 1,
            "sequence": position,
            "response": payload,
            "elapsed_ms": int(1000 * taker.seconds(item)) if elapsed is None else elapsed,
            "received_at": self.crowd.now,
        }

    def _evidence(
        self, subject: str, source_id: int, revision_id: int, item: Item, payload: dict[str, Any]
    ) -> list[dict[str, Any]]:
        reached = mark(item, parse_response(item, payload))
        return [
            {
                "subject": subject,
                "competency": code,
                "source_kind": scoring.SOURCE,
                "source_id": source_id,
                "item_revision_id": revision_id,
                "rule_revision_id": self.standard_id,
                "mark": reached.points,
                "max_mark": reached.maximum,
                "weight": weight,
                "observed_at": self.crowd.now,
                "recorded_at": self.crowd.now,
            }
            for code, weight in item.competencies.items()
        ]

"""A look at the questions with groups that are large enough: made people, a planted question.

What the job keeps is held against the domain's own functions on marks that are read here.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.assessment.statistics.answer_report import group_dif, tenths
from domain.assessment.statistics.tables import UNSEEN
from models.accounts import Person
from models.assessment import Attempt
from models.competencies import Evidence
from models.fairness import VoluntaryAnswer
from models.hiring import Application, Invitation
from models.library import Document, ItemFacts
from services.hiring import harder, harder_run
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.hiring import opening
from tests.services.measuring.crowd import Crowd, gather

PLANTED = "C1-S02"
CODES = ("C1", "C2")
SIZES = {"man": 140, "woman": 120, "other": 12}


def settle(app: Flask, cast: Cast) -> None:
    """Candidates who sat two competencies of the hiring form and said something of themselves."""
    position_id = opening.open_position(app, cast)
    for seed, (gender, people) in enumerate(SIZES.items(), start=21):
        wrong = [PLANTED] if gender == "woman" else []
        attempts = gather(
            app,
            Crowd(
                people, "hiring-a", "hiring", only=CODES, wrong_keys=wrong, seed=seed,
            ),
        )  # fmt: skip
        with app.app_context(), writing() as session:
            _apply(session, cast, position_id, attempts)
            subjects = session.scalars(
                select(Person.subject)
                .join(Attempt, Attempt.person_id == Person.id)
                .where(Attempt.id.in_(attempts))
            )
            said = [{"subject": one, "question": "gender", "answer": gender} for one in subjects]
            session.execute(insert(VoluntaryAnswer), said)


def _apply(session: Session, cast: Cast, position_id: int, attempts: list[int]) -> None:
    people = dict(
        session.execute(select(Attempt.id, Attempt.person_id).where(Attempt.id.in_(attempts))).all()  # type: ignore[arg-type]  # pairs
    )
    rows = [
        {
            "position_id": position_id, "person_id": people[one], "attempt_id": one,
            "consented_at": NOW, "consent_version": 1, "retention_days": 180, "created_at": NOW,
        }
        for one in attempts
    ]  # fmt: skip
    made = session.scalars(insert(Application).returning(Application.id), rows).all()
    session.execute(
        insert(Invitation),
        [
            {"application_id": one, "invited_by": cast.min, "created_at": NOW, "expires_at": NOW}
            for one in made
        ],
    )


def look(app: Flask, cast: Cast) -> list[dict[str, object]]:
    """As the job does it."""
    with app.app_context():
        with writing() as session:
            work_id = harder.ask(session, cast.actor("min"), NOW)
        harder_run.run(work_id, ("gender", "age"), lambda: NOW)
        with reading() as session:
            found = harder.newest(session)
    assert found is not None
    assert found.state == "done"
    return list(found.outcome["looks"])


def expected(session: Session) -> Mapping[str, tuple[str, str | None]]:
    """Item -> what it may be used for and its class, by the domain functions alone."""
    gender = dict(
        session.execute(select(VoluntaryAnswer.subject, VoluntaryAnswer.answer)).all()  # type: ignore[arg-type]  # pairs
    )
    subjects = sorted(one for one, said in gender.items() if said in ("man", "woman"))
    side = np.array([gender[one] == "woman" for one in subjects], dtype=np.int8)
    place, found = {one: n for n, one in enumerate(subjects)}, {}
    for code in CODES:
        rows = session.execute(
            select(Evidence.subject, Evidence.mark, Evidence.max_mark, Document.key)
            .join(ItemFacts, ItemFacts.revision_id == Evidence.item_revision_id)
            .join(Document, Document.id == ItemFacts.document_id)
            .where(Evidence.competency == code, ItemFacts.competency == code)
        ).all()
        highest = {row.key: row.max_mark for row in rows}
        column = {key: n for n, key in enumerate(sorted(highest))}
        marks = np.full((len(subjects), len(column)), UNSEEN, np.int16)
        for row in rows:
            if row.subject in place:
                marks[place[row.subject], column[row.key]] = row.mark
        strata = tenths(marks, [highest[key] for key in sorted(highest)])
        for key, n in column.items():
            one = group_dif("gender", marks[:, n], side, strata, highest[key])
            found[key] = (str(one.use), one.dif_class and str(one.dif_class))
    return found


def test_a_look_says_what_the_domain_says(
    any_app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    settle(any_app, cast)
    gender, age = look(any_app, cast)
    with any_app.app_context(), reading() as session:
        wanted = expected(session)
    assert {use for use, _ in wanted.values()} == {"shown"}, "120 people: shown, not acted on"
    assert (gender["reference"], gender["focal"]) == ("man", "woman"), "the two largest groups"
    assert gender["items"] == len(wanted) >= 10
    for letter in "BC":
        assert gender[letter] == sorted(key for key, (_, c) in wanted.items() if c == letter)
    assert PLANTED in gender["C"], "the planted question is found"  # type: ignore[operator]
    assert age == {"question": "age", "items": 0}
    page = caller("min").get("/hiring/fairness").text
    assert PLANTED in page
    assert "other" not in page.partition("Looked at")[2], "nothing of a group of twelve"


def test_ninety_nine_are_too_few(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIZES, "woman", 99)
    settle(app, cast)
    gender, _ = look(app, cast)
    assert gender == {"question": "gender", "items": 0}

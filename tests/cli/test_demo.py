"""flask demo load: a whole company, once, and never among real people."""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain.hiring.applications import stage
from models.accounts import ROLES, Credential, Person, PersonRole
from models.assessment import Attempt
from models.competencies import SelfRating
from models.hiring import Application, Decision, Position
from models.journal import OutboxEntry
from models.learning import LessonProgress
from services.accounts import passwords
from services.accounts.people import add_member
from services.actor import SYSTEM
from services.admin import tables
from services.admin.demo import company
from services.assessment.scoring import rescore_check
from services.hiring.access import APPLICATION, ApplicationRecord
from services.hiring.entering import facts_of
from services.session import reading, writing
from tests.migrations.databases import empty_app

LINE = re.compile(r"  ([\w, ]+?)  +(\S+@beilun-steelware\.example) +(\S+)")


def run(app: Flask) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    return result.exit_code, result.output


def everything(app: Flask) -> dict[str, list[list[Any]]]:
    with app.app_context(), reading() as session:
        connection = session.connection()
        return {t.name: list(tables.rows(connection, t)) for t in tables.reflect(connection)}


def test_the_whole_company(app: Flask) -> None:
    code, output = run(app)
    assert code == 0, output
    keys = {mail: (roles, password) for roles, mail, password in LINE.findall(output)}
    assert {role for roles, _ in keys.values() for role in roles.split(", ")} == set(ROLES)
    now = datetime.now(UTC)
    with app.app_context(), reading() as session:
        assert session.scalars(select(Person.id).where(Person.invented.is_(False))).all() == []
        demo = Person.email.endswith("@" + company.DOMAIN)
        learners = select(func.count(Person.id)).join(
            PersonRole, PersonRole.person_id == Person.id
        ).where(demo, PersonRole.role == "learner")  # fmt: skip
        assert session.scalar(learners) == 30 + 1  # a trainer learns as well
        assert session.scalar(select(func.count(LessonProgress.person_id.distinct()))) == 28
        assert session.scalar(select(func.count(SelfRating.person_id.distinct()))) == 23
        states = select(Attempt.purpose, Attempt.state, func.count(Attempt.id))
        grouped = session.execute(states.group_by(Attempt.purpose, Attempt.state))
        counts = {(purpose, state): count for purpose, state, count in grouped}
        assert counts["placement", "submitted"] == 15
        assert counts["placement", "running"] == 2
        assert counts["narrow", "submitted"] == 10
        assert counts["quiz", "submitted"] > 60
        assert rescore_check(session) == []
        assert session.scalar(select(func.count(Position.id))) == 2
        records = [ApplicationRecord(*row) for row in session.execute(APPLICATION)]
        stages = Counter(stage(facts_of(record), now).value for record in records)
        assert sum(stages.values()) == 32
        assert len(stages) >= 6, stages
        assert session.scalar(select(func.count(Decision.application_id.distinct()))) == 14
        assert session.scalar(select(func.count(OutboxEntry.id))) == 0
        latest = session.scalar(select(func.max(Attempt.started_at)))
        assert latest
        assert latest < now
        for mail, (_, password) in list(keys.items())[:2]:
            stored = session.scalar(
                select(Credential.password_hash)
                .join(Person, Person.id == Credential.person_id)
                .where(Person.email == mail)
            )
            assert passwords.verify(stored, password)

    before = everything(app)
    written = repr(before)
    assert not any(password in written for _, password in keys.values())
    code, output = run(app)
    assert (code, len(output.splitlines())) == (0, 1)
    assert "nothing was changed" in output
    assert everything(app) == before


def test_a_few_of_them_on_either_database(any_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    few = tuple(next(p for p in company.LEARNERS if p[2] == h) for h in (
        company.NARROWED, company.SITTING, company.READER, company.NEW))  # fmt: skip
    fates = (company.DECIDED, company.TIMED_OUT, company.RUNNING, company.REVOKED)
    shorter = tuple(
        tuple(next(c for c in each if c[1] == fate) for fate in fates)
        for each in company.CANDIDATES
    )
    monkeypatch.setattr("services.admin.demo.loading.LEARNERS", few)
    monkeypatch.setattr("services.admin.demo.loading.CANDIDATES", shorter)
    code, output = run(any_app)
    assert code == 0, output
    with any_app.app_context(), reading() as session:
        assert rescore_check(session) == []
        assert session.scalar(select(func.count(Application.id))) == 8


def test_real_people_are_left_in_peace(app: Flask) -> None:
    with app.app_context(), writing() as session:
        now = datetime.now(UTC)
        add_member(session, SYSTEM, "Real Person", "real@company.example", ("admin",), now)
    before = everything(app)
    code, output = run(app)
    assert (code, len(output.splitlines())) == (1, 1)
    assert "not invented" in output
    assert everything(app) == before


def test_without_a_course_it_says_what_to_do_first(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    with empty_app(request, "sqlite", tmp_path) as app:
        app.test_cli_runner().invoke(args=["db", "upgrade"])
        code, output = run(app)
    assert (code, len(output.splitlines())) == (1, 1)
    assert "content load" in output

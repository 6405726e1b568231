"""The fairness page from the database: who counts, who sees it, what it never says."""

import csv
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from domain.hiring.impact import Verdict
from models.accounts import Person
from models.fairness import VoluntaryAnswer
from models.hiring import Application, Position
from models.journal import JournalEntry
from services.actor import Actor
from services.errors import Conflict, Forbidden, Invalid, NotFound
from services.hiring import fairness, harder, harder_run, voluntary
from services.hiring.fairness import FairnessPage
from services.hiring.fairness_audit import HEAD, audit_csv
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening
from tests.services.hiring.crowd import Face, fill
from tests.statements import counted

ASKED = ("gender", "age", "language")


def crowd(*groups: tuple[str, int, int], theta: float = 0.0) -> list[Face]:
    """(gender, people, of them through)"""
    return [
        Face({"gender": gender}, "advance" if n < through else "reject", theta + n / 20)
        for gender, people, through in groups
        for n in range(people)
    ]


def filled(app: Flask, cast: Cast, faces: Sequence[Face], **changes: object) -> int:
    position_id = opening.open_position(app, cast, **changes)
    with app.app_context(), writing() as session:
        fill(session, position_id, cast.min, faces, NOW)
    return position_id


def seen(
    app: Flask, cast: Cast, position_id: int, name: str = "lei", by: str = "gender"
) -> FairnessPage:
    with app.app_context(), writing() as session:
        who = cast.actor(name)
        return fairness.position_page(session, who, position_id, ASKED, by, False, NOW)


def company(app: Flask, cast: Cast, name: str = "min") -> FairnessPage:
    with app.app_context(), writing() as session:
        return fairness.company_page(session, cast.actor(name), ASKED, False, NOW)


def test_decisions_by_group(any_app: Flask, cast: Cast) -> None:
    faces = [*crowd(("man", 80, 48), ("woman", 40, 12)), Face({"gender": "woman"}), Face()]
    position_id = filled(any_app, cast, faces)
    page = seen(any_app, cast, position_id)
    assert (page.finished, page.decided, page.through) == (122, 120, 60)
    table = page.tables[0]
    assert table.questions == ("gender",)
    man, woman = table.lines
    assert man.is_reference
    assert woman.comparison is not None
    assert woman.comparison.ratio == 0.5
    assert woman.comparison.verdict is Verdict.IMPACT
    with any_app.app_context(), reading() as session:
        entry = session.scalars(
            select(JournalEntry).where(JournalEntry.event == "fairness.viewed")
        ).one()
        assert (entry.object_kind, entry.object_id) == ("position", position_id)


def test_the_newest_decision_counts_and_open_ones_do_not(app: Flask, cast: Cast) -> None:
    faces = [Face({"gender": "man"}, "hold"), Face({"gender": "man"}, "withdrawn")] * 5
    page = seen(app, cast, filled(app, cast, faces))
    assert (page.finished, page.decided, page.through) == (10, 0, 0)
    assert page.tables[0].lines == ()


def test_figures_move_by_five_people(app: Flask, cast: Cast) -> None:
    """Nine women count as five: the sixth decision alone must not tell what she said."""
    position_id = filled(app, cast, crowd(("woman", 9, 9)))
    assert [line.outcome.people for line in seen(app, cast, position_id).tables[0].lines] == [5]


def test_a_what_if_stands_beside_the_decisions(app: Flask, cast: Cast) -> None:
    position_id = filled(app, cast, crowd(("man", 20, 9), ("woman", 20, 9)))
    with app.app_context(), writing() as session:
        found = session.get(Position, position_id)
        assert found is not None
        found.cut = 52
    page = seen(app, cast, position_id)
    rows = {row.cut: row for row in page.cuts}
    assert rows[0].passing == 40
    assert rows[52].is_set
    assert rows[0].lines is not None
    told = [row for row in page.cuts if row.lines]
    for earlier, later in pairwise(told):
        for before, after in zip(earlier.lines or (), later.lines or (), strict=True):
            gap = before.outcome.chosen - after.outcome.chosen
            assert gap == 0 or gap >= 5
    assert seen(app, cast, position_id, by="nothing of the kind").by == "gender"


def test_a_company_is_all_positions(app: Flask, cast: Cast) -> None:
    first = filled(app, cast, crowd(("man", 20, 10), ("woman", 20, 10)))
    filled(app, cast, crowd(("man", 20, 10), ("woman", 20, 4)), title="Operations")
    page = company(app, cast)
    assert page.position is None
    assert [line.outcome.people for line in page.tables[0].lines] == [40, 40]
    assert page.cuts == ()
    assert seen(app, cast, first).decided == 40
    for name in ("lei", "anna", "tao"):
        with pytest.raises(Forbidden):
            company(app, cast, name)


def test_another_manager_and_a_learner_know_of_nothing(app: Flask, cast: Cast) -> None:
    position_id = filled(app, cast, crowd(("man", 6, 3)))
    for name in ("omar", "anna", "lin"):
        with pytest.raises(NotFound):
            seen(app, cast, position_id, name)


def test_statements_do_not_grow_with_people(app: Flask, cast: Cast) -> None:
    few = filled(app, cast, crowd(("man", 5, 3)))
    many = filled(app, cast, crowd(("man", 60, 30), ("woman", 60, 30)))
    sent = []
    for position_id in (few, many):
        seen(app, cast, position_id)  # the framework is in memory now
        with counted(app) as statements:
            seen(app, cast, position_id)
        sent.append(len(statements))
    assert sent[0] == sent[1]


def test_the_audit_table_says_what_the_page_says(app: Flask, cast: Cast) -> None:
    position_id = filled(app, cast, crowd(("man", 80, 48), ("woman", 40, 12), ("other", 3, 3)))
    with app.app_context(), writing() as session:
        who = cast.actor("min")
        page = fairness.position_page(session, who, position_id, ASKED, "gender", False, NOW)
        rows = list(csv.DictReader(audit_csv(session, who, page, NOW)))
    assert tuple(rows[0]) == HEAD
    groups = {row["group"] for row in rows}
    assert "other" not in groups
    shown = {line.answers[0] for line in page.tables[0].lines}
    assert groups - {"everybody"} == shown
    with app.app_context(), reading() as session:
        events = session.scalars(select(JournalEntry.event)).all()
    assert "fairness.exported" in events


def ended(app: Flask, cast: Cast) -> Actor:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    application_id = opening.sit(app, invited, keyed=1)
    with app.app_context(), reading() as session:
        person = session.scalars(
            select(Person).join(Application, Application.person_id == Person.id)
            .where(Application.id == application_id)
        ).one()  # fmt: skip
        return Actor(person.id, person.subject, frozenset({"candidate"}))


def test_a_candidate_says_changes_and_empties(any_app: Flask, cast: Cast) -> None:
    who = ended(any_app, cast)
    for given, kept in (
        ({"gender": "woman", "age": "unsaid"}, {"gender": "woman"}),
        ({"gender": "other", "age": "under-30"}, {"gender": "other", "age": "under-30"}),
        ({}, {}),
    ):
        with any_app.app_context(), writing() as session:
            voluntary.say(session, who, given, ASKED)
        with any_app.app_context(), reading() as session:
            assert voluntary.about_you(session, who, ASKED).given == kept
    with any_app.app_context(), writing() as session, pytest.raises(Invalid):
        voluntary.say(session, who, {"gender": "<script>"}, ASKED)


def test_what_was_said_is_kept_apart(app: Flask, cast: Cast) -> None:
    """The table has a random subject and no name, no application, no time; the journal nothing."""
    columns = set(VoluntaryAnswer.__table__.columns.keys())
    assert columns == {"subject", "question", "answer"}
    who = ended(app, cast)
    with app.app_context(), writing() as session:
        before = session.scalars(select(JournalEntry.id)).all()
        voluntary.say(session, who, {"gender": "woman"}, ASKED)
        assert session.scalars(select(JournalEntry.id)).all() == before


def test_nothing_is_asked_before_the_end(app: Flask, cast: Cast) -> None:
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    done = opening.consent(app, invited)
    opening.begin(app, done, NOW + timedelta(minutes=1))
    with app.app_context(), reading() as session, pytest.raises(NotFound):
        voluntary.about_you(session, opening.candidate(done), ASKED)


def test_a_look_at_the_questions_says_nothing_of_few(app: Flask, cast: Cast) -> None:
    filled(app, cast, crowd(("man", 12, 6), ("woman", 12, 6)))
    with app.app_context():
        with writing() as session:
            work_id = harder.ask(session, cast.actor("min"), NOW)
        with writing() as session, pytest.raises(Conflict):
            harder.ask(session, cast.actor("min"), NOW)
        harder_run.run(work_id, ("gender",), lambda: NOW)
        with reading() as session:
            found = harder.newest(session)
    assert found is not None
    assert found.state == "done"
    assert found.outcome["looks"] == [{"question": "gender", "items": 0}]

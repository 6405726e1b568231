"""Modules that are asked for: by a day, moved, taken back, and one reminder each."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from jobs.sweeping import sweep
from models.accounts import Person
from models.journal import JournalEntry
from models.learning import Assignment
from services.errors import Forbidden, Invalid, NotFound
from services.learning import assignments
from services.learning.today import TodayPage, today
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.assessment.test_at_once import at_once
from tests.services.hiring import opening
from tests.services.learning.assigning import MODULE, assign, read_module, reminders
from tests.statements import counted

TODAY = NOW.date()
SOON, LATER = TODAY + timedelta(days=2), TODAY + timedelta(days=3)


def rows(app: Flask) -> list[Any]:
    columns = [column for column in Assignment.__table__.c if column.name != "assigned_at"]
    with app.app_context(), reading() as session:
        return list(session.execute(select(*columns).order_by(Assignment.id)))


def remind(app: Flask, now: datetime = NOW) -> int:
    with app.app_context(), writing() as session:
        return assignments.remind_due(session, now)


def assigned_to(cast: Cast, name: str, lang: str = "en") -> list[assignments.AssignedModule]:
    with cast.app.app_context(), reading() as session:
        return assignments.assigned(session, [cast.ids[name]], lang).get(cast.ids[name], [])


def events(app: Flask, name: str) -> list[dict[str, object]]:
    with app.app_context(), reading() as session:
        found = select(JournalEntry.data).where(JournalEntry.event == name)
        return list(session.scalars(found.order_by(JournalEntry.id)))


def test_a_module_is_assigned_and_the_journal_says_so(any_app: Flask, cast: Cast) -> None:
    assign(cast, LATER)
    (row,) = rows(any_app)
    assert (row.person_id, row.module_key, row.due_on) == (cast.lin, MODULE, LATER)
    assert (row.assigned_by, row.reminded_at) == (cast.tao, None)
    assert events(any_app, "module.assigned") == [{"module": MODULE, "due_on": LATER.isoformat()}]
    (line,) = assigned_to(cast, "lin")
    assert (line.module.key, line.due_on, line.done, line.reminded) == (MODULE, LATER, False, False)
    assert assigned_to(cast, "eve") == []


def test_assigning_again_moves_the_day(any_app: Flask, cast: Cast) -> None:
    assert assign(cast, LATER) == assign(cast, SOON)
    assert [row.due_on for row in rows(any_app)] == [SOON]


def test_two_trainers_who_assign_at_once_make_one(any_app: Flask, cast: Cast) -> None:
    at_once([lambda: assign(cast, LATER)] * 4)
    assert [row.due_on for row in rows(any_app)] == [LATER]


def test_an_assignment_is_taken_back(any_app: Flask, cast: Cast) -> None:
    number = assign(cast, SOON)
    with any_app.app_context(), writing() as session:
        assignments.withdraw(session, cast.actor("mara"), cast.lin, number, NOW)
    assert rows(any_app) == []
    assert events(any_app, "module.withdrawn") == [{"module": MODULE}]
    assert remind(any_app) == 0


@pytest.mark.parametrize("name", ["eve", "lin"])
def test_what_is_not_theirs_cannot_be_taken_back(app: Flask, cast: Cast, name: str) -> None:
    number = assign(cast, SOON) + (name == "lin")
    with app.app_context(), pytest.raises(NotFound), writing() as session:
        assignments.withdraw(session, cast.actor("tao"), cast.ids[name], number, NOW)
    assert len(rows(app)) == 1


@pytest.mark.parametrize("name", ["lin", "min", "lei", "anna"])
def test_only_trainers_assign_and_take_back(app: Flask, cast: Cast, name: str) -> None:
    number = assign(cast, SOON)
    with app.app_context(), pytest.raises(Forbidden), writing() as session:
        assignments.assign(session, cast.actor(name), cast.eve, MODULE, SOON, NOW)
    with app.app_context(), pytest.raises(Forbidden), writing() as session:
        assignments.withdraw(session, cast.actor(name), cast.lin, number, NOW)


@pytest.mark.parametrize(
    ("module", "due_on", "field"),
    [
        ("no-module", LATER, "module"),
        ("\0", LATER, "module"),
        (MODULE, TODAY - timedelta(days=1), "due_on"),
        (MODULE, TODAY + timedelta(days=731), "due_on"),
    ],
)
def test_what_is_wrong_is_named(
    any_app: Flask, cast: Cast, module: str, due_on: date, field: str
) -> None:
    with any_app.app_context(), pytest.raises(Invalid) as caught, writing() as session:
        assignments.assign(session, cast.actor("tao"), cast.lin, module, due_on, NOW)
    assert set(caught.value.fields) == {field}
    assert rows(any_app) == []


@pytest.mark.parametrize("days", [0, 730])
def test_the_first_and_the_last_day(app: Flask, cast: Cast, days: int) -> None:
    assign(cast, TODAY + timedelta(days=days))
    assert len(rows(app)) == 1


def disable(app: Flask, person_id: int) -> None:
    with app.app_context(), writing() as session:
        session.execute(update(Person).where(Person.id == person_id).values(disabled_at=NOW))


def test_people_who_do_not_study_are_not_found(app: Flask, cast: Cast) -> None:
    """A trainer, a manager, a candidate, a disabled learner and nobody: all the same."""
    invited = opening.invite(app, cast, opening.open_position(app, cast))
    with app.app_context():
        candidate = opening.person_of(invited)
    disable(app, cast.eve)
    for person_id in (cast.tao, cast.lei, candidate, cast.eve, 999_999):
        with app.app_context(), pytest.raises(NotFound), writing() as session:
            assignments.assign(session, cast.actor("tao"), person_id, MODULE, SOON, NOW)


def test_a_reminder_is_asked_for_two_days_before_and_once(any_app: Flask, cast: Cast) -> None:
    soon = assign(cast, SOON)
    late = assign(cast, LATER, "eve")
    assert [remind(any_app), remind(any_app)] == [1, 0]
    assert reminders(any_app) == [soon]
    (line,) = assigned_to(cast, "lin")
    assert line.reminded
    assert remind(any_app, NOW + timedelta(days=1)) == 1
    assert remind(any_app, NOW + timedelta(days=90)) == 0
    assert reminders(any_app) == [soon, late]


def test_a_day_that_moves_after_the_reminder_brings_no_second(app: Flask, cast: Cast) -> None:
    number = assign(cast, SOON)
    remind(app)
    assign(cast, SOON + timedelta(days=30))
    assert remind(app, NOW + timedelta(days=29)) == 0
    assert reminders(app) == [number]


def test_a_day_that_moves_before_the_reminder_moves_it(app: Flask, cast: Cast) -> None:
    assign(cast, SOON)
    assign(cast, SOON + timedelta(days=30))
    assert remind(app) == 0
    assert remind(app, NOW + timedelta(days=30)) == 1


def test_two_sweepers_at_once_remind_once(any_app: Flask, cast: Cast) -> None:
    numbers = [assign(cast, SOON), assign(cast, SOON, "eve"), assign(cast, TODAY, "eve", "law")]
    assert sum(at_once([lambda: remind(any_app)] * 4)) == 3
    assert sorted(reminders(any_app)) == sorted(numbers)


def test_the_sweeper_reminds(app: Flask, cast: Cast) -> None:
    number = assign(cast, SOON)
    for _ in range(2):
        with app.app_context():
            sweep(NOW)
    assert reminders(app) == [number]


def test_whoever_has_read_the_module_is_not_reminded(any_app: Flask, cast: Cast) -> None:
    assign(cast, SOON)
    read_module(cast)
    assert assigned_to(cast, "lin")[0].done
    assert remind(any_app) == 0
    assert reminders(any_app) == []


def test_another_module_that_is_read_does_not_count(app: Flask, cast: Cast) -> None:
    assign(cast, SOON)
    read_module(cast, module="law")
    read_module(cast, "eve")
    assert not assigned_to(cast, "lin")[0].done
    assert remind(app) == 1


def test_a_module_that_is_gone_is_left_out_and_reminds_nobody(app: Flask, cast: Cast) -> None:
    assign(cast, SOON)
    with app.app_context(), writing() as session:
        session.execute(update(Assignment).values(module_key="gone"))
    assert assigned_to(cast, "lin") == []
    assert remind(app) == 0


def test_what_is_late_and_unread_is_overdue(app: Flask, cast: Cast) -> None:
    assign(cast, SOON)
    (line,) = assigned_to(cast, "lin")
    assert [line.is_overdue(SOON), line.is_overdue(LATER)] == [False, True]
    read_module(cast)
    assert not assigned_to(cast, "lin")[0].is_overdue(LATER)


def test_a_long_list_takes_as_many_statements_as_a_short_one(app: Flask, cast: Cast) -> None:
    def count() -> int:
        with app.app_context(), counted(app) as sent, reading() as session:
            assignments.assigned(session, [cast.lin, cast.eve], "en")
        return len(sent)

    assign(cast, SOON)
    count()
    one = count()
    for module in ("law", "marketing", "geography", "language"):
        assign(cast, SOON, module=module)
        assign(cast, SOON, "eve", module)
    assert count() == one <= 3


def page_of(cast: Cast, name: str) -> TodayPage:
    with cast.app.app_context(), reading() as session:
        return today(session, cast.actor(name), "en", NOW)


def test_today_shows_what_is_asked_for_until_it_is_read(app: Flask, cast: Cast) -> None:
    assign(cast, LATER, module="law")
    assign(cast, SOON)
    assert [line.module.key for line in page_of(cast, "lin").assigned] == [MODULE, "law"]
    assert page_of(cast, "eve").assigned == ()
    read_module(cast)
    assert [line.module.key for line in page_of(cast, "lin").assigned] == ["law"]


def test_nobody_is_reminded_of_more_than_there_is(app: Flask) -> None:
    assert remind(app) == 0
    with app.app_context(), reading() as session:
        assert session.scalar(select(func.count()).select_from(Assignment)) == 0

"""Whose time of keeping is over is told of and erased, once, however many sweepers there are."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from jobs import mail
from models.accounts import Erasure, Person
from models.assessment import Attempt
from models.hiring import Invitation, Position
from models.journal import JournalEntry, OutboxEntry
from services.accounts import people
from services.actor import SYSTEM
from services.admin import erasing, retention
from services.hiring import retention_mails
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.hiring import opening

DAY = timedelta(days=1)
ENDED = NOW + timedelta(minutes=30)  # when `opening.sit` hands in


def swept(app: Flask, now: datetime, left: int = 0) -> int:
    with app.app_context(), writing() as session:
        return retention.sweep(session, now, left)


def counted(app: Flask, event: str) -> int:
    def ask(session: Session) -> int:
        statement = select(func.count(JournalEntry.id)).where(JournalEntry.event == event)
        return session.scalar(statement) or 0

    with app.app_context(), reading() as session:
        return ask(session)


def tasks(app: Flask, task: str) -> list[dict[str, int]]:
    with app.app_context(), reading() as session:
        return list(session.scalars(select(OutboxEntry.data).where(OutboxEntry.task == task)))


def test_told_fourteen_days_before_and_erased_in_time(any_app: Flask, cast: Cast) -> None:
    position = opening.open_position(any_app, cast, retention_days=30)
    invited = [opening.invite(any_app, cast, position, name) for name in ("Sun Yi", "Ida Brandt")]
    for one in invited:
        opening.sit(any_app, one, keyed=1)
    waiting = opening.invite(any_app, cast, position, "Noor Haan")
    with any_app.app_context():
        people_of = [opening.person_of(one) for one in (*invited, waiting)]

    assert swept(any_app, ENDED + 15 * DAY) == 0
    assert counted(any_app, "retention.told") == 0
    for _ in range(2):
        assert swept(any_app, ENDED + 16 * DAY) == 0
    assert counted(any_app, "retention.told") == 2
    assert tasks(any_app, "mail.retention") == [{"position_id": position}], "one mail for both"
    assert swept(any_app, ENDED + 30 * DAY - timedelta(seconds=1)) == 0
    assert swept(any_app, ENDED + 30 * DAY) == 2
    assert swept(any_app, ENDED + 30 * DAY) == 0
    assert [row["person_id"] for row in tasks(any_app, erasing.TASK)] == people_of[:2]
    # Never begun: thirty days from the end of the invitation, which lasts fourteen.
    assert swept(any_app, NOW + 44 * DAY - timedelta(minutes=1)) == 0
    assert swept(any_app, NOW + 44 * DAY) == 1
    with any_app.app_context(), reading() as session:
        causes = session.scalars(select(Erasure.cause)).all()
    assert causes == ["retention"] * 3


def test_what_a_candidate_agreed_to_holds_when_the_position_changes(app: Flask, cast: Cast) -> None:
    position = opening.open_position(app, cast, retention_days=30)
    opening.sit(app, opening.invite(app, cast, position), keyed=1)
    with app.app_context(), writing() as session:
        session.execute(update(Position).values(retention_days=1000))
    assert swept(app, ENDED + 30 * DAY) == 1


def test_a_running_attempt_and_a_hired_member_are_left_alone(app: Flask, cast: Cast) -> None:
    position = opening.open_position(app, cast, retention_days=1)
    done = opening.consent(app, opening.invite(app, cast, position))
    opening.begin(app, done)
    opening.sit(app, invited := opening.invite(app, cast, position, "Ida Brandt"), keyed=1)
    with app.app_context():
        ida = opening.person_of(invited)
    with app.app_context(), writing() as session:
        session.execute(update(Person).where(Person.id == ida).values(kind="member"))
        session.execute(update(Invitation).values(revoked_at=NOW))
        running = select(Attempt.state).where(Attempt.person_id == done.viewer.id)
        assert session.scalar(running) == "running"
    assert swept(app, NOW + 400 * DAY) == 0


def test_members_who_left_go_where_the_setting_says_so(app: Flask, cast: Cast) -> None:
    with app.app_context(), writing() as session:
        people.disable(session, SYSTEM, cast.lin, NOW)
    assert swept(app, NOW + 400 * DAY, left=0) == 0
    assert swept(app, NOW + 90 * DAY - timedelta(seconds=1), left=90) == 0
    assert swept(app, NOW + 90 * DAY, left=90) == 1
    assert swept(app, NOW + 90 * DAY, left=90) == 0
    with app.app_context(), reading() as session:
        assert session.scalar(select(Erasure.cause)) == "left"


def test_two_sweepers_do_it_once(any_app: Flask, cast: Cast) -> None:
    position = opening.open_position(any_app, cast, retention_days=30)
    for name in ("Sun Yi", "Ida Brandt"):
        opening.sit(any_app, opening.invite(any_app, cast, position, name), keyed=1)
    for at in (ENDED + 20 * DAY, ENDED + 30 * DAY):
        gate, asked = Barrier(4), list[int]()

        def sweep(at: datetime = at, gate: Barrier = gate, asked: list[int] = asked) -> None:
            gate.wait()
            asked.append(swept(any_app, at))

        workers = [Thread(target=sweep) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert len(asked) == 4
    assert sum(asked) == 2
    assert counted(any_app, "retention.told") == counted(any_app, "erasure.asked") == 2
    assert len(tasks(any_app, erasing.TASK)) == 2


def test_the_mail_names_the_position_and_no_candidate(app: Flask, cast: Cast) -> None:
    position = opening.open_position(app, cast, retention_days=30)
    opening.sit(app, opening.invite(app, cast, position, "Sun Yi"), keyed=1)
    swept(app, ENDED + 20 * DAY)
    with app.app_context(), writing() as session:
        letter = retention_mails.compose_notice(session, position, NOW, "http://localhost")
    assert letter is not None
    assert letter.to == "min@beilun.example"
    assert "Sales, Europe" in letter.text
    assert f"/hiring/positions/{position}" in letter.text
    assert "Sun Yi" not in letter.text + letter.subject
    assert "mail.retention" in mail.TASKS

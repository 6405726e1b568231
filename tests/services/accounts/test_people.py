"""Adding members: one address is one member."""

from threading import Barrier, Thread

from flask import Flask
from sqlalchemy import func, select

from models.accounts import Person
from services.accounts.people import add_member
from services.actor import SYSTEM
from services.errors import Conflict
from services.session import reading, writing
from tests.conftest import NOW


def test_two_at_once_are_one_member_and_one_conflict(any_app: Flask) -> None:
    outcomes: list[str] = []
    together = Barrier(4)

    def add() -> None:
        with any_app.app_context():
            together.wait()
            try:
                with writing() as session:
                    add_member(session, SYSTEM, "Iris Vos", "iris@vos.example", ["learner"], NOW)
                outcomes.append("added")
            except Conflict:
                outcomes.append("conflict")

    threads = [Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["added", "conflict", "conflict", "conflict"]
    with any_app.app_context(), reading() as session:
        found = select(func.count(Person.id)).where(Person.email == "iris@vos.example")
        assert session.scalar(found) == 1

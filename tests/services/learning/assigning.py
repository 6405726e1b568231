"""Modules assigned and read in tests, each deed in a transaction of its own."""

from datetime import date, datetime

from flask import Flask
from sqlalchemy import select

from models.journal import OutboxEntry
from models.learning import Assignment
from services.accounts.people import add_member
from services.actor import SYSTEM
from services.learning import assignments, progress
from services.library import catalogue
from services.session import reading, writing
from tests.conftest import NOW, Cast

MODULE = "industry"


def assign(
    cast: Cast, due_on: date, name: str = "lin", module: str = MODULE, now: datetime = NOW
) -> int:
    """Tao asks one of the cast to study a module; gives back the assignment."""
    with cast.app.app_context(), writing() as session:
        assignments.assign(session, cast.actor("tao"), cast.ids[name], module, due_on, now)
    theirs = (Assignment.person_id == cast.ids[name], Assignment.module_key == module)
    with cast.app.app_context(), reading() as session:
        return session.scalars(select(Assignment.id).where(*theirs)).one()


def read_module(cast: Cast, name: str = "lin", module: str = MODULE) -> None:
    """Finish every lesson of a module."""
    with cast.app.app_context(), writing() as session:
        for line in catalogue.outline(session, "en").lessons:
            if line.key.startswith(f"{module}/"):
                progress.finish(session, cast.actor(name), line.key, "en", NOW)


def reminders(app: Flask) -> list[int]:
    """The assignments of which a reminder was asked for, as often as it was."""
    with app.app_context(), reading() as session:
        rows = session.scalars(
            select(OutboxEntry.data).where(OutboxEntry.task == "mail.assignment")
        )
        return [int(data["assignment_id"]) for data in rows]


def newcomers(app: Flask, numbers: range) -> None:
    """More learners, one for each number."""
    with app.app_context(), writing() as session:
        for n in numbers:
            name, address = f"Newcomer {n:02}", f"new{n}@beilun.example"
            add_member(session, SYSTEM, name, address, ("learner",), NOW)

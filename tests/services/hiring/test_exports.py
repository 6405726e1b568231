"""Exports of applications: what stands in the file, who gets it, and when it goes."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import insert, select

from models.accounts import Erasure
from models.hiring import PositionMember
from models.journal import JournalEntry, OutboxEntry
from services.errors import NotFound
from services.hiring import exports
from services.hiring.exports import FOLDER, HEAD
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import Cast
from tests.services.hiring import opening


def now() -> datetime:
    return datetime.now(UTC)


def folder(app: Flask) -> Path:
    instance: Path = app.extensions["threshold.settings"].instance
    return instance


def work_of(app: Flask) -> int:
    with reading() as session:
        data = session.scalars(
            select(OutboxEntry.data)
            .where(OutboxEntry.task == exports.TASK)
            .order_by(OutboxEntry.id.desc())
        ).first()
    assert data is not None
    return int(data["work_id"])


def make(app: Flask, cast: Cast, who: str, position_id: int, form: str) -> int:
    with app.app_context():
        with writing() as session:
            exports.ask(session, cast.actor(who), position_id, form, now())
        work_id = work_of(app)
        exports.run(work_id, folder(app), now)
    return work_id


def fetched(app: Flask, cast: Cast, who: str, position_id: int) -> bytes:
    with app.app_context(), writing() as session:
        made = exports.newest_file(session, cast.actor(who), position_id, folder(app), now())
    assert made is not None
    return made.body


def test_the_two_files_say_the_same(any_app: Flask, cast: Cast) -> None:
    app = any_app
    position_id = opening.open_position(app, cast)
    opening.sit(app, opening.invite(app, cast, position_id), keyed=42)
    opening.invite(app, cast, position_id, "=1+1", email="plus@mail.example")
    make(app, cast, "min", position_id, "csv")
    text = fetched(app, cast, "min", position_id).decode("utf-8-sig")
    lines = list(csv.reader(StringIO(text)))
    assert tuple(lines[0]) == HEAD
    assert [line[1] for line in lines[1:]] == ["Sun Yi", "'=1+1"]
    make(app, cast, "min", position_id, "xlsx")
    sheet = load_workbook(BytesIO(fetched(app, cast, "min", position_id))).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert tuple(cells[0]) == HEAD
    assert isinstance(cells[1][5], datetime)
    assert cells[1][HEAD.index("fit_points")] == float(lines[1][HEAD.index("fit_points")])
    assert (cells[2][1], sheet.cell(3, 2).data_type) == ("=1+1", "s")


def test_a_reviewers_file_names_nobody(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    opening.invite(app, cast, position_id)
    with app.app_context(), writing() as session:
        member = {"position_id": position_id, "person_id": cast.omar, "part": "reviewer"}
        session.execute(insert(PositionMember).values(**member))
    make(app, cast, "omar", position_id, "csv")
    text = fetched(app, cast, "omar", position_id).decode()
    assert "Candidate " in text
    assert "Sun Yi" not in text
    assert "@" not in text


def test_nobody_else_gets_it(app: Flask, cast: Cast, caller: Callable[..., Caller]) -> None:
    """Not another manager, not another recruiter, and not the owner: everybody makes their own."""
    position_id = opening.open_position(app, cast)
    opening.invite(app, cast, position_id)
    make(app, cast, "min", position_id, "csv")
    url = f"/hiring/positions/{position_id}/export/file"
    assert caller("min").get(url).status_code == 200
    assert caller("omar").get(url).status_code == 404
    assert caller("lei").get(url).status_code == 303
    with app.app_context(), reading() as session:
        told = session.scalars(
            select(JournalEntry.data).where(JournalEntry.event == "applications.exported")
        ).all()
    assert told == [{"format": "csv"}]


def test_rights_are_those_of_the_moment_it_is_made(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    with app.app_context():
        with writing() as session:
            exports.ask(session, cast.actor("lei"), position_id, "csv", now())
        with writing() as session:
            session.query(PositionMember).filter_by(person_id=cast.lei).delete()
        exports.run(work_of(app), folder(app), now)
        with pytest.raises(NotFound), writing() as session:
            exports.newest_file(session, cast.actor("lei"), position_id, folder(app), now())
    assert not list((folder(app) / FOLDER).glob(f"{work_of_path(app)}.*"))


def work_of_path(app: Flask) -> int:
    with app.app_context():
        return work_of(app)


def test_it_goes_after_a_day_and_with_an_erasure(app: Flask, cast: Cast) -> None:
    position_id = opening.open_position(app, cast)
    invited = opening.invite(app, cast, position_id)
    work_id = make(app, cast, "min", position_id, "csv")
    path = folder(app) / FOLDER / f"{work_id}.csv"
    assert path.exists()
    exports.sweep(folder(app), now() + timedelta(hours=23))
    assert path.exists()
    exports.sweep(folder(app), now() + timedelta(hours=25))
    assert not path.exists()
    with app.app_context():
        person_id = opening.person_of(invited)
        with writing() as session:
            exports.ask(session, cast.actor("min"), position_id, "csv", now())
        with writing() as session:  # while the job is at it
            moment = now() + timedelta(seconds=1)
            session.execute(
                insert(Erasure).values(person_id=person_id, asked_at=moment, done_at=moment)
            )
        exports.run(work_of(app), folder(app), now)
        assert not (folder(app) / FOLDER / f"{work_of(app)}.csv").exists()

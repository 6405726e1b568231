"""Extra time is private: whoever had it looks, to everybody but recruiters, like anybody else.

Two candidates give the same answers; one has more time and needs it. All that the readers of the
position can get hold of is the same for both.
"""

import csv
import json
import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from models.assessment import Answer, Attempt
from models.hiring import Application
from services.hiring import exports, printing, reports
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.hiring import opening
from tests.services.hiring.test_exports import fetched, make

LATER = NOW + timedelta(hours=4)
NAMES = ("Sun Yi", "Ida Brandt")
FACTOR = 1.4  # of the usual time


@pytest.fixture
def two(app: Flask, cast: Cast) -> list[int]:
    """The applications of both, the second with more than all of the position's time."""
    position_id = opening.open_position(app, cast, reviewer_ids=(cast.omar,))
    made = [
        opening.sit(app, opening.invite(app, cast, position_id, name), keyed=21) for name in NAMES
    ]
    for application, factor in zip(made, (1.0, FACTOR), strict=True):
        with app.app_context(), writing() as session:
            attempt_id = session.scalars(
                select(Application.attempt_id).where(Application.id == application)
            ).one()
            session.execute(
                update(Answer)
                .where(Answer.attempt_id == attempt_id)
                .values(elapsed_ms=int(factor * 1000) * (60 + Answer.position))
            )
            ended = NOW + timedelta(minutes=60 * factor)
            session.execute(update(Attempt).where(Attempt.id == attempt_id).values(ended_at=ended))
    return made


def without_them(text: str, application: int) -> str:
    """The text without what tells one candidate from the other: numbers and names."""
    for name in (*NAMES, *(name.lower().replace(" ", ".") for name in NAMES)):
        text = text.replace(name, "X")
    text = re.sub(r"Candidate [0-9A-F]+", "X", text)
    text = re.sub(r'name="csrf_token"[^>]*>', "", text)
    text = text.replace(f'name="application" value="{application}"', "N")
    return re.sub(rf"candidates/{application}\b", "candidates/N", text)


@pytest.mark.parametrize("who", ["lei", "omar"])
def test_readers_cannot_tell_who_had_more_time(
    app: Flask, cast: Cast, two: list[int], who: str, caller: Callable[..., Caller]
) -> None:
    reader = caller(who)
    pages = [reader.get(f"/hiring/candidates/{one}").text for one in two]
    shown = [
        without_them(page.partition("<main")[2].partition('id="notes"')[0], one)
        for page, one in zip(pages, two, strict=True)
    ]
    assert "Share of the time" in shown[0]
    assert shown[0] == shown[1]
    files = [json.loads(reader.get(f"/hiring/candidates/{one}/report.json").text) for one in two]
    assert files[0]["result"] == files[1]["result"]
    assert {line["seconds"] for line in files[0]["result"]["answers"]} == {None}
    assert any(line["share_of_time"] for line in files[0]["result"]["answers"])
    opened = [reader.post(f"/hiring/candidates/{one}/answers/1").text for one in two]
    parts = [page.partition("<main")[2].partition("</p>")[0] for page in opened]
    assert without_them(parts[0], two[0]) == without_them(parts[1], two[1])


def on_paper(app: Flask, cast: Cast, about: int, who: str) -> dict[str, Any]:
    with app.test_request_context(), reading() as session:
        page = reports.unseen(session, cast.actor(who), about, "en", LATER)
        return printing.written(page, "en", LATER)


def test_paper_tells_it_no_more_than_the_page(app: Flask, cast: Cast, two: list[int]) -> None:
    papers = [
        without_them(json.dumps(on_paper(app, cast, one, "lei")["blocks"]), one) for one in two
    ]
    assert papers[0] == papers[1]
    assert papers[0] != without_them(
        json.dumps(on_paper(app, cast, two[1], "min")["blocks"]), two[1]
    ), "a recruiter, who gave the time, sees it"


def test_a_table_has_days_for_readers_and_times_for_recruiters(
    app: Flask, cast: Cast, two: list[int]
) -> None:
    with app.app_context(), reading() as session:
        position_id = session.scalars(
            select(Application.position_id).where(Application.id == two[0])
        ).one()
    column = exports.HEAD.index("finished")
    for who, day_only in (("lei", True), ("min", False)):
        make(app, cast, who, position_id, "csv")
        text = fetched(app, cast, who, position_id).decode("utf-8-sig")
        ends = [row[column] for row in list(csv.reader(StringIO(text)))[1:]]
        assert (ends[0] == ends[1] == NOW.date().isoformat()) is day_only


def test_a_list_says_the_day_on_which_a_running_one_ends(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    """Past the usual end, a time of day would say that somebody goes on longer."""
    position_id = opening.open_position(app, cast)
    done = opening.join_cast(cast, "sun", position_id)
    opening.begin(app, done)
    for view in ("", "?view=board"):
        page = caller("lei").get(f"/hiring/positions/{position_id}{view}").text
        assert "UTC" not in page.partition("<main")[2]

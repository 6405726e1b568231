"""What trainers see of the statistics: the item, the form, the quality loop, norms and files."""

import csv
from collections.abc import Callable
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import insert, select, update

from models.journal import JournalEntry, OutboxEntry
from models.library import ItemFacts
from models.measuring import Statistic, Work
from services.library import catalogue
from services.session import reading, writing
from tests.caller import Caller
from tests.conftest import NOW, Cast
from tests.services.measuring.crowd import Crowd, gather
from tests.services.measuring.test_calibrating import calibrate
from tests.services.measuring.test_statistics import work_out
from tests.statements import counted

Browser = Callable[..., Caller]
PAGES = ("/author/quality", "/author/norms", "/author/items/C1-P01")


def flag(app: Flask, flags: dict[str, list[str]], **figures: Any) -> None:
    """Statistics with these flags, as a job would have kept them."""
    data = {
        "facility": 0.5, "rest_correlation": 0.3, "discrimination": 30.0, "efficiency": 40.0,
        "exposure": 1.0, "median_seconds": 30.0, "rapid_share": 0.0,
        "choices": [], "observed": [], "dif": [],
    } | figures  # fmt: skip
    with app.app_context(), writing() as session:
        rows = [
            {
                "kind": "item",
                "key": key,
                "answers": 64,
                "data": data | {"flags": found},
                "computed_at": NOW,
            }
            for key, found in flags.items()
        ]
        session.execute(insert(Statistic), rows)


def test_an_item_says_what_its_answers_say(app: Flask, cast: Cast, caller: Browser) -> None:
    gather(app, Crowd(60, only=["C2"]))
    work_out(app)
    tao = caller("tao")
    page = tao.get("/author/items/C2-P01").text
    for words in ("What answers say", "N = 60", "Facility", "Efficiency", "too few to tell"):
        assert words in page
    assert "not calibrated yet" in page
    calibrate(app)
    page = tao.get("/author/items/C2-P01").text
    assert "live calibration (1PL, N = 60)" in page or "live calibration (GRM, N = 60)" in page
    assert "not calibrated yet" not in page


def test_an_item_without_answers_says_so(app: Flask, cast: Cast, caller: Browser) -> None:
    gather(app, Crowd(9, only=["C2"]))
    work_out(app)
    tao = caller("tao")
    assert "9 answers so far" in tao.get("/author/items/C2-P01").text
    page = tao.get("/author/items/C1-P01").text
    assert "0 answers so far" in page
    assert "N = " not in page


def test_every_flag_comes_with_what_to_do(app: Flask, caller: Browser) -> None:
    every = ["check-key", "dif", "weak", "idle-distractor", "rapid", "hard", "easy"]
    flag(app, {"C1-P01": every})
    page = caller("tao").get("/author/items/C1-P01").text
    for words in ("Check the key", "Differs between groups", "Hardly tells people apart",
                  "An option that nobody takes", "Answered without reading", "Very hard",
                  "Very easy"):  # fmt: skip
        assert words in page


def test_the_worst_stands_first(app: Flask, caller: Browser) -> None:
    flag(app, {"C1-P01": ["hard"], "C1-P02": ["weak"], "C2-P01": ["check-key", "weak"]})
    flag(app, {"C3-P01": ["check-key"]})
    flag(app, {"C3-P01": []})  # mended since: the newest counts
    with app.app_context(), writing() as session:
        text = catalogue.published(session, "item", ["C4-P01"])[0]
        session.execute(
            update(ItemFacts)
            .where(ItemFacts.revision_id == text.id)
            .values(review_by=date(2020, 1, 1))
        )
    tao = caller("tao")
    page = tao.get("/author/quality").text
    places = [page.index(f'/author/items/{key}#told"') for key in
              ("C2-P01", "C1-P02", "C4-P01", "C1-P01")]  # fmt: skip
    assert places == sorted(places)
    assert "C3-P01" not in page
    only = tao.get("/author/quality?competency=C1").text
    assert "C1-P02" in only
    assert "C2-P01" not in only


def test_the_loop_costs_the_same_for_one_and_for_many(app: Flask, caller: Browser) -> None:
    tao = caller("tao")
    flag(app, {"C1-P01": ["weak"]})
    tao.get("/author/quality")
    with counted(app) as few:
        tao.get("/author/quality")
    with app.app_context(), reading() as session:
        keys = [text.key for text in catalogue.published(session, "item")]
    flag(app, {key: ["weak"] for key in keys})
    with counted(app) as many:
        page = tao.get("/author/quality").text
    assert len(many) == len(few)
    assert page.count("#told") == 30
    assert 'rel="next"' in page


def test_statistics_are_asked_for_and_their_progress_is_shown(
    app: Flask, cast: Cast, caller: Browser
) -> None:
    tao = caller("tao")
    assert tao.post("/author/quality").status_code == 303
    with app.app_context(), writing() as session:
        assert session.scalar(select(OutboxEntry.task)) == "statistics.run"
        session.execute(update(Work).values(state="running", done=3, total=20))
    page = tao.get("/author/quality").text
    assert "3 of 20" in page
    assert "Work the statistics out now" not in page
    tao.post("/author/quality")
    assert "being worked out already" in tao.get("/author/quality").text
    with app.app_context(), reading() as session:
        assert len(session.scalars(select(Work.id)).all()) == 1


def test_a_form_says_how_far_its_scores_can_be_relied_on(
    app: Flask, cast: Cast, caller: Browser
) -> None:
    tao = caller("tao")
    empty = tao.get("/author/forms/placement/statistics").text
    assert "Too few sittings" in empty
    assert "What the form covers" in empty
    gather(app, Crowd(50))
    work_out(app)
    page = tao.get("/author/forms/placement/statistics").text
    for words in ("Alpha", "Omega", "N = 50", "Error by ability", "Scores"):
        assert words in page
    assert tao.get("/author/forms/nothing/statistics").status_code == 404


def test_a_norm_group_is_refused_with_words(app: Flask, cast: Cast, caller: Browser) -> None:
    gather(app, Crowd(12, only=["C1"]))
    tao = caller("tao")
    answer = tao.post("/author/norms", {"name": "All of us", "form_key": "placement"})
    assert answer.status_code == 422
    assert "No practice has 100 people" in answer.text
    assert 'value="All of us"' in answer.text
    answer = tao.post("/author/norms", {"name": " ", "form_key": "placement"})
    assert answer.status_code == 422
    assert "Give the group a name" in answer.text


@pytest.mark.parametrize("what", ["items", "forms", "parameters"])
def test_what_is_known_can_be_taken_along(
    what: str, app: Flask, cast: Cast, caller: Browser
) -> None:
    gather(app, Crowd(55, only=["C1"]))
    work_out(app)
    calibrate(app)
    tao = caller("tao")
    answer = tao.get(f"/author/exports/{what}.csv")
    assert answer.mimetype == "text/csv"
    assert f"threshold-{what}-" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(StringIO(answer.text)))
    assert len(rows) > 5
    assert {len(row) for row in rows} == {len(rows[0])}
    sheet = load_workbook(BytesIO(tao.get(f"/author/exports/{what}.xlsx").data)).active
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [str(cell) for cell in found[0]] == rows[0]
    assert len(found) == len(rows)
    numbers = [cell for row in found[1:] for cell in row if isinstance(cell, int | float)]
    assert numbers
    with app.app_context(), reading() as session:
        taken = session.scalars(
            select(JournalEntry.data).where(JournalEntry.event == "statistics.exported")
        ).all()
    assert [(entry["what"], entry["format"]) for entry in taken] == [(what, "csv"), (what, "xlsx")]


@pytest.mark.parametrize("name", ["people.csv", "items.html", "x.x"])
def test_there_are_no_other_files(name: str, app: Flask, caller: Browser) -> None:
    assert caller("tao").get(f"/author/exports/{name}").status_code == 404


@pytest.mark.parametrize("url", [*PAGES, "/author/exports/items.csv",
                                 "/author/forms/placement/statistics"])  # fmt: skip
def test_learners_and_recruiters_see_nothing_of_it(url: str, app: Flask, caller: Browser) -> None:
    for who in ("lin", "min", "anna"):
        assert caller(who).get(url).status_code == 403


@pytest.mark.parametrize("odd", ["page=0", "page=99999", "page=x", "competency=%3Cb%3E"])
def test_nonsense_in_the_address_is_harmless(odd: str, app: Flask, caller: Browser) -> None:
    assert caller("tao").get(f"/author/quality?{odd}").status_code == 200

"""Statistics from the ledger: what is counted, what is kept, and who may ask."""

from datetime import timedelta
from statistics import fmean
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from models.competencies import Evidence
from models.journal import JournalEntry, OutboxEntry
from models.measuring import Statistic, Work
from services.actor import SYSTEM
from services.errors import Conflict, Forbidden
from services.measuring import asking, statistics, working
from services.measuring.newest import Figures, figures
from services.session import reading, writing
from tests.conftest import NOW, Cast
from tests.services.measuring.crowd import Crowd, gather

LATER = NOW + timedelta(hours=3)


def work_out(app: Flask) -> int:
    """Ask, and carry out as the job does."""
    with app.app_context():
        with writing() as session:
            work_id = asking.ask_statistics(session, SYSTEM, NOW)
        statistics.run(work_id, lambda: NOW, lambda said: None)
    return work_id


def told(app: Flask, kind: str = "item") -> dict[str, Figures]:
    with app.app_context(), reading() as session:
        return figures(session, kind)


def work(app: Flask, work_id: int) -> Any:
    with app.app_context(), reading() as session:
        columns = (Work.state, Work.done, Work.total, Work.outcome)
        return session.execute(select(*columns).where(Work.id == work_id)).one()


def test_every_item_that_was_answered_is_told_of(any_app: Flask, cast: Cast) -> None:
    gather(any_app, Crowd(40, wrong_keys=["C1-P01"], skipped=["C2-P01"]))
    work_id = work_out(any_app)
    found = told(any_app)
    assert len(found) == 41  # of 42 in the placement one was answered by nobody
    assert {figure.answers for figure in found.values()} == {40}
    wrong = found["C1-P01"].data
    assert wrong["rest_correlation"] < 0
    assert wrong["flags"][0] == "check-key"
    assert wrong["exposure"] == 1.0
    assert wrong["median_seconds"] > 10
    assert wrong["rapid_share"] == 0.0
    assert sum(people for _, _, people in wrong["observed"]) == 40
    good = [f.data["rest_correlation"] for key, f in found.items() if key != "C1-P01"]
    assert fmean(good) > 0.12  # six items of a practice at theta N(0, 1) give about .2
    state = work(any_app, work_id)
    assert (state.state, state.done == state.total > 9) == ("done", True)
    assert state.outcome["items"] == 41


def test_shares_are_those_of_the_answers(app: Flask, cast: Cast) -> None:
    gather(app, Crowd(30))
    work_out(app)
    for figure in told(app).values():
        choices = figure.data["choices"]
        several = sum(choice["key"] for choice in choices) > 1
        if choices and not several:
            assert sum(choice["share"] for choice in choices) == pytest.approx(1, abs=1e-4)
            (key,) = [choice for choice in choices if choice["key"]]
            right_wrong = figure.data["facility"] == pytest.approx(key["share"], abs=1e-4)
            assert right_wrong or figure.data["facility"] > key["share"]  # part marks of an SJT


def test_below_thirty_answers_nothing_is_flagged(app: Flask, cast: Cast) -> None:
    gather(app, Crowd(29, wrong_keys=["C1-P01"]))
    work_out(app)
    assert {tuple(figure.data["flags"]) for figure in told(app).values()} == {()}


def test_a_tryout_says_nothing(app: Flask, cast: Cast) -> None:
    gather(app, Crowd(12, purpose="tryout", scored=True))
    work_out(app)
    assert told(app) == {}


def test_a_struck_question_and_a_second_meeting_do_not_count(app: Flask, cast: Cast) -> None:
    gather(app, Crowd(12))
    with app.app_context(), writing() as session:
        first = session.execute(
            select(Evidence.id, Evidence.item_revision_id).order_by(Evidence.id).limit(1)
        ).one()
        session.execute(update(Evidence).where(Evidence.id == first.id).values(weight=0))
    work_out(app)
    assert sorted({figure.answers for figure in told(app).values()}) == [11, 12]


def test_a_page_without_script_counts_no_time(app: Flask, cast: Cast) -> None:
    gather(app, Crowd(35, elapsed_ms=0))
    work_out(app)
    assert {figure.data["median_seconds"] for figure in told(app).values()} == {None}
    assert not any("rapid" in figure.data["flags"] for figure in told(app).values())


def test_a_form_is_told_of_by_those_who_sat_all_of_it(any_app: Flask, cast: Cast) -> None:
    gather(any_app, Crowd(40))
    gather(any_app, Crowd(15, only=["C1"], seed=12))
    work_out(any_app)
    form = told(any_app, "form")["placement"]
    assert form.answers == 40
    assert form.data["items"] == 42
    assert 0.5 < form.data["alpha"] < 0.98
    assert form.data["omega"] is None  # no more people than items
    assert all(0 <= part["omega"] <= 1 for part in form.data["groups"].values())
    assert sum(form.data["counts"]) == 40
    assert form.data["error"] == pytest.approx(
        form.data["deviation"] * (1 - form.data["alpha"]) ** 0.5, abs=1e-3
    )
    assert set(form.data["groups"]) == {f"C{n}" for n in range(1, 8)}
    assert len(form.data["curve"]["error"]) == 25
    nobody = told(any_app, "form")["narrow-c1"]
    assert (nobody.answers, nobody.data["alpha"], nobody.data["mean"]) == (0, None, None)


def test_groups_are_compared_only_where_both_are_large(app: Flask, cast: Cast) -> None:
    gather(app, Crowd(220, only=["C1"], langs=("en", "zh_Hans")))
    work_out(app)
    language, candidate = told(app)["C1-P01"].data["dif"]
    assert (language["name"], language["reference"], language["focal"]) == ("language", 110, 110)
    assert language["use"] == "shown"
    assert language["dif_class"] in ("A", "B", "C")
    assert (candidate["focal"], candidate["use"], candidate["size"]) == (0, "hidden", None)


def test_the_same_figures_are_not_kept_twice(app: Flask, cast: Cast) -> None:
    gather(app, Crowd(12))
    work_out(app)
    rows = select(func.count(Statistic.id))
    with app.app_context(), reading() as session:
        before = session.scalar(rows)
    again = work_out(app)
    with app.app_context(), reading() as session:
        assert session.scalar(rows) == before
    assert work(app, again).outcome["changed"] == 0
    gather(app, Crowd(1, seed=13))
    work_out(app)
    assert {figure.answers for figure in told(app).values()} == {13}


def test_work_is_carried_out_once(app: Flask, cast: Cast) -> None:
    gather(app, Crowd(12))
    work_id = work_out(app)
    with app.app_context(), writing() as session:
        session.execute(update(Statistic).values(answers=-1))
    with app.app_context():
        statistics.run(work_id, lambda: LATER, lambda said: None)
    assert {figure.answers for figure in told(app).values()} == {-1}


def test_a_failure_is_kept_by_its_kind(app: Flask, cast: Cast) -> None:
    gather(app, Crowd(12))
    with app.app_context():
        with writing() as session:
            work_id = asking.ask_statistics(session, SYSTEM, NOW)
            session.execute(update(Evidence).values(mark=0, max_mark=1))

        def break_off(said: str) -> None:
            raise OSError(said)

        with pytest.raises(OSError, match="C1"):
            statistics.run(work_id, lambda: NOW, break_off)
    state = work(app, work_id)
    assert (state.state, state.outcome["failed"]) == ("failed", "OSError")


def test_one_at_a_time_and_only_trainers_ask(any_app: Flask, cast: Cast) -> None:
    tao, lin = cast.actor("tao"), cast.actor("lin")
    with any_app.app_context(), writing() as session:
        asking.ask_statistics(session, tao, NOW)
        assert session.scalar(select(OutboxEntry.task)) == "statistics.run"
        newest = select(JournalEntry.event).order_by(JournalEntry.id.desc()).limit(1)
        assert session.scalar(newest) == "statistics.asked"
    with any_app.app_context(), pytest.raises(Conflict), writing() as session:
        asking.ask_statistics(session, SYSTEM, LATER - timedelta(hours=2))
    with any_app.app_context(), pytest.raises(Forbidden), writing() as session:
        asking.ask_statistics(session, lin, NOW)
    with any_app.app_context(), writing() as session:
        asking.ask_statistics(session, SYSTEM, LATER)  # the first one was lost
        states = session.scalars(select(Work.state).order_by(Work.id)).all()
    assert states == ["failed", "waiting"]


def test_the_house_asks_once_a_day_where_enough_is_new(app: Flask, cast: Cast) -> None:
    day = timedelta(days=1)

    def due(at: Any) -> int | None:
        with app.app_context(), writing() as session:
            return asking.ask_statistics_when_due(session, at)

    assert due(NOW) is None
    gather(app, Crowd(5))  # 210 lines and more
    first = due(NOW)
    assert first is not None
    assert due(NOW + day * 2) is None  # still open
    with app.app_context():
        statistics.run(first, lambda: NOW, lambda said: None)
    assert due(NOW + day * 2) is None  # nothing new
    gather(app, Crowd(5, seed=14))
    assert due(NOW + day / 2) is None
    assert due(NOW + day * 1.1) is not None


def test_the_newest_work_says_how_far_it_is(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with writing() as session:
            work_id = asking.ask_statistics(session, SYSTEM, NOW)
            assert working.take(session, work_id)
            working.progress(session, work_id, 3, 12)
        with reading() as session:
            line = working.newest(session, asking.STATISTICS)
    assert line is not None
    assert (line.is_open, line.done, line.total) == (True, 3, 12)

"""Long lists against short ones: ten thousand candidates and two hundred positions.

    .venv/bin/python -m bench.lists [--many 10000] [--rounds 15]

The floor is the same page with twenty rows, measured in the same run. Ends with exit code 1 when a
first page takes more than twice as long, or costs another number of statements.
"""

import argparse
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import event

from app import make_app
from bench.crowd import crowd
from bench.serving import ROOT
from config import Settings
from models.base import db
from services.accounts.people import add_member, load_viewer
from services.actor import SYSTEM, Actor
from services.hiring import positions
from services.hiring.positions import PositionDraft
from services.library.content_folder import load_folder
from services.session import reading, writing

GOAL = 2.0
FEW = 20
MANY_POSITIONS = 200


def main() -> int:
    """Measure, print, and say whether all goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="threshold-lists-") as folder:
        app = make_app(Settings.from_environment({"THRESHOLD_INSTANCE": folder}))
        config = Config()
        config.set_main_option("script_location", str(ROOT / "migrations"))
        with app.app_context():
            command.upgrade(config, "head")
            load_folder(ROOT / "content", datetime.now(UTC))
            return _measured(app, asked.many, asked.rounds)


def _measured(app: Flask, many: int, rounds: int) -> int:
    now = datetime.now(UTC)
    recruiter, manager = _people(now)
    ids = [_position(recruiter, manager, f"Position {n:03}", now) for n in range(FEW)]
    middles = []
    for position_id, candidates in ((ids[0], FEW), (ids[1], many)):
        with writing() as session:
            made = crowd(session, position_id, candidates, now)
        middles.append(made[-1 if candidates == FEW else candidates // 2])
    with writing() as session:
        session.connection().exec_driver_sql("ANALYZE")
    get = _client(app, recruiter)
    few, large = (f"/hiring/positions/{one}" for one in ids[:2])
    ok = True
    against = f"{many:,} against {FEW}"
    for name, query in (("table", ""), ("board", "?view=board")):
        ok &= _pair(app, f"{name}, {against}", get, few + query, large + query, rounds)
    deep = [f"{url}?after={middle}" for url, middle in zip((few, large), middles, strict=True)]
    ok &= _pair(app, f"a page from the middle, {against}", get, *deep, rounds)
    for name, query in (
        ("by name", "?sort=name"),
        ("finished", "?column=finished"),
        ("fit reaches 50", "?fit=50"),
        ("search", "?q=12"),
    ):
        _pair(app, f"{name} (no goal)", get, few + query, large + query, rounds)
    short, _ = _cost(app, get, "/hiring/", rounds)
    for n in range(FEW, MANY_POSITIONS):
        _position(recruiter, manager, f"Position {n:03}", now)
    long, _ = _cost(app, get, "/hiring/", rounds)
    return 0 if _say(f"positions, {MANY_POSITIONS} against {FEW}", short, long) and ok else 1


def _people(now: datetime) -> tuple[Actor, int]:
    with writing() as session:
        manager = add_member(session, SYSTEM, "Xu Lei", "lei@bench.example", ("manager",), now)
        who = add_member(session, SYSTEM, "Min Zhou", "min@bench.example", ("recruiter",), now)
        viewer = load_viewer(session, who)
    assert viewer is not None
    return Actor(viewer.id, viewer.subject, viewer.roles), manager


def _position(recruiter: Actor, manager: int, title: str, now: datetime) -> int:
    draft = PositionDraft(title, "sales", {}, {}, "hiring-a", 60, 180, "open", manager, ())
    with writing() as session:
        return positions.create(session, recruiter, draft, now)


def _client(app: Flask, who: Actor) -> Callable[[str], int]:
    client = app.test_client()
    with reading() as session:
        viewer = load_viewer(session, who.person_id or 0)
    assert viewer is not None
    with client.session_transaction() as cookie:
        cookie["_user_id"] = f"{viewer.id}.{viewer.epoch}"
        cookie["_fresh"] = True
    return lambda url: client.get(url).status_code


def _pair(
    app: Flask, name: str, get: Callable[[str], int], few: str, many: str, rounds: int
) -> bool:
    """The two in turns, so that both meet the same machine."""
    floor, asked = _cost(app, get, few, rounds)
    figure, more = _cost(app, get, many, rounds)
    if asked != more:
        print(f"{name}: {asked} statements became {more}")
    return _say(name, floor, figure) and asked == more


def _cost(app: Flask, get: Callable[[str], int], url: str, rounds: int) -> tuple[float, int]:
    """Median CPU milliseconds of a page, and its statements."""
    assert get(url) == 200, url
    sent: list[str] = []

    def note(*event_data: object) -> None:
        sent.append(str(event_data[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    get(url)
    event.remove(db.engine, "before_cursor_execute", note)
    taken = []
    for _ in range(rounds):
        begun = time.process_time()
        get(url)
        taken.append(1000 * (time.process_time() - begun))
    return statistics.median(taken), len(sent)


def _say(name: str, floor: float, figure: float) -> bool:
    ratio = figure / floor
    print(f"{name}: {figure:.1f} ms against {floor:.1f} ms, ratio {ratio:.2f} (goal {GOAL})")
    return ratio <= GOAL


if __name__ == "__main__":
    sys.exit(main())

"""How long the export of a position's applications takes, and how much memory: 10,000 rows.

    .venv/bin/python -m bench.exports [--many 10000]

The floor is writing as many rows of fixed words in the same form, measured in the same run. Ends
with exit code 1 when an export takes 10 s or longer, or 100 MB of memory or more.
"""

import argparse
import logging
import os
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import select

from app import make_app
from bench.crowd import crowd
from bench.serving import ROOT
from config import Settings
from gateways import sheets
from models.journal import OutboxEntry
from services.accounts.people import add_member, load_viewer
from services.actor import SYSTEM, Actor
from services.hiring import exports, positions
from services.hiring.positions import PositionDraft
from services.library.content_folder import load_folder
from services.session import reading, writing

SECONDS, MEGABYTES = 10.0, 100.0


def main() -> int:
    """Measure, print, and say whether both budgets are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=10_000)
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="threshold-exports-") as folder:
        app = make_app(Settings.from_environment({"THRESHOLD_INSTANCE": folder}))
        config = Config()
        config.set_main_option("script_location", str(ROOT / "migrations"))
        with app.app_context():
            command.upgrade(config, "head")
            load_folder(ROOT / "content", _now())
            actor, position_id = _filled(asked.many)
            kept = [
                _measured(app, actor, position_id, form, asked.many) for form in exports.FORMATS
            ]
    return 0 if all(kept) else 1


def _now() -> datetime:
    return datetime.now(UTC)


def _filled(many: int) -> tuple[Actor, int]:
    """A recruiter, and a position with so many candidates."""
    now = _now()
    with writing() as session:
        manager = add_member(session, SYSTEM, "Xu Lei", "lei@bench.example", ("manager",), now)
        who = add_member(session, SYSTEM, "Min Zhou", "min@bench.example", ("recruiter",), now)
        viewer = load_viewer(session, who)
    assert viewer is not None
    actor = Actor(viewer.id, viewer.subject, viewer.roles)
    draft = PositionDraft("Sales", "sales", {}, {}, "hiring-a", 60, 180, "open", manager, ())
    with writing() as session:
        position_id = positions.create(session, actor, draft, now)
    with writing() as session:
        crowd(session, position_id, many, now)
    return actor, position_id


def _measured(app: Flask, actor: Actor, position_id: int, form: str, many: int) -> bool:
    instance = app.extensions["threshold.settings"].instance
    with writing() as session:
        exports.ask(session, actor, position_id, form, _now())
    newest = select(OutboxEntry.data).where(OutboxEntry.task == exports.TASK)
    with reading() as session:
        data = session.scalars(newest.order_by(OutboxEntry.id.desc())).first() or {}
    with _Memory() as memory:
        begun = time.perf_counter()
        exports.run(int(data["work_id"]), instance, _now)
        seconds = time.perf_counter() - begun
    floor = _floor(form, many)
    kept = seconds < SECONDS and memory.grown < MEGABYTES
    print(
        f"{form}: {many:,} rows in {seconds:.1f} s, {seconds / floor:.0f} times the writing alone "
        f"({floor:.2f} s); memory +{memory.grown:.0f} MB; {'kept' if kept else 'NOT KEPT'}"
    )
    return kept


def _floor(form: str, many: int) -> float:
    begun = time.perf_counter()
    rows = [("word",) * len(exports.HEAD)] * many
    if form == "xlsx":
        sheets.xlsx_file("applications", exports.HEAD, rows)
    else:
        "".join(sheets.csv_lines(exports.HEAD, rows)).encode()
    return time.perf_counter() - begun


class _Memory:
    """The highest growth of this process's memory while the block ran, looked at every 20 ms."""

    def __enter__(self) -> "_Memory":
        self.grown, self._before, self._over = 0.0, _resident_mb(), threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            self.grown = max(self.grown, _resident_mb() - self._before)

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2


if __name__ == "__main__":
    sys.exit(main())

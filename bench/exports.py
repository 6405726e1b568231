"""How long the export of a position's applications takes, and how much memory: 10,000 rows.

    .venv/bin/python -m bench.exports [--many 10000]

The floor is writing as many rows of fixed words in the same form, measured in the same run. Ends
with exit code 1 when an export takes 10 s or longer, or 100 MB of memory or more.
"""

import argparse
import os
import sys
import threading
import time
from pathlib import Path

from sqlalchemy import select

from bench.desk import Desk, desk, now
from gateways import sheets
from models.journal import OutboxEntry
from services.hiring import exports
from services.session import reading, writing

SECONDS, MEGABYTES = 10.0, 100.0


def main() -> int:
    """Measure, print, and say whether both budgets are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=10_000)
    asked = parser.parse_args()
    with desk() as here:
        position_id = here.position("Sales")
        here.fill(position_id, asked.many)
        kept = [_measured(here, position_id, form, asked.many) for form in exports.FORMATS]
    return 0 if all(kept) else 1


def _measured(here: Desk, position_id: int, form: str, many: int) -> bool:
    instance = here.app.extensions["threshold.settings"].instance
    with writing() as session:
        exports.ask(session, here.recruiter, position_id, form, now())
    newest = select(OutboxEntry.data).where(OutboxEntry.task == exports.TASK)
    with reading() as session:
        data = session.scalars(newest.order_by(OutboxEntry.id.desc())).first() or {}
    with _Memory() as memory:
        begun, busy = time.perf_counter(), time.process_time()
        exports.run(int(data["work_id"]), instance, now)
        seconds, busy = time.perf_counter() - begun, time.process_time() - busy
    floor = _floor(form, many)
    kept = seconds < SECONDS and memory.grown < MEGABYTES
    print(
        f"{form}: {many:,} rows in {seconds:.1f} s ({busy:.1f} s of CPU, {busy / floor:.0f} times "
        f"the {floor:.2f} s of writing alone); memory +{memory.grown:.0f} MB; "
        f"{'kept' if kept else 'NOT KEPT'}"
    )
    return kept


def _floor(form: str, many: int) -> float:
    begun = time.process_time()
    rows = [("word",) * len(exports.HEAD)] * many
    if form == "xlsx":
        sheets.xlsx_file("applications", exports.HEAD, rows)
    else:
        "".join(sheets.csv_lines(exports.HEAD, rows)).encode()
    return time.process_time() - begun


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

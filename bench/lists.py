"""Long lists against short ones: ten thousand candidates and two hundred positions.

    .venv/bin/python -m bench.lists [--many 10000] [--rounds 9] [--database URL]

The floor is the same page with twenty rows, in turns with the long one, each at its best. Counted
is the CPU time of the process and, with --database (an empty PostgreSQL database on this machine),
of the server's process that answers it. Ends with exit code 1 when a first page takes more than
twice as long, or costs another number of statements.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import event, text

from bench.desk import Desk, desk
from models.base import db
from services.session import reading, writing

GOAL = 2.0
FEW = 20
MANY_POSITIONS = 200
# Every filter and every order that the page offers, and what people make of them together. Each
# finds somebody also among twenty.
ASKED = (
    "", "view=board",
    "sort=name", "sort=finished", "sort=deadline",
    "column=invited", "column=started", "column=finished", "column=review", "column=decision",
    "invitation=open", "invitation=opened", "invitation=expired", "invitation=revoked",
    "outcome=advance", "outcome=hired", "lang=zh_Hans", "bounced=1",
    "gate=met", "gate=not met", "gate=not yet known", "fit=0", "fit=50", "fit=60", "fit=80",
    "q=candidate", "q=candidate.7@", "q=9",
    "fit=50&gate=not yet known&lang=en&sort=finished", "q=1&column=finished&sort=name",
    "view=board&fit=50", "view=board&q=1", "view=board&bounced=1",
)  # fmt: skip
CHOSEN = (
    "action=hold&whom=all", "action=reject&whom=all&fit=50", "action=review&whom=all&gate=not met",
    "action=remind&whom=all&q=candidate", "action=extend&whom=all&sort=name",
)  # fmt: skip


def main() -> int:
    """Measure, print, and say whether all goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--database", default="")
    asked = parser.parse_args()
    with desk(asked.database) as here:
        bench = Bench(here, asked.rounds)
        return 0 if bench.run(asked.many) else 1


class Bench:
    """One desk and its browser. Every measurement says whether it met the goal."""

    def __init__(self, here: Desk, rounds: int) -> None:
        self.desk, self.rounds, self.get = here, rounds, here.client()
        self.server = _server()

    def run(self, many: int) -> bool:
        """All pairs: a short position and a long one, then few positions and many."""
        ids = [self.desk.position(f"Position {n:03}") for n in range(FEW)]
        small = self.desk.fill(ids[0], FEW)
        _analyse()
        positions = self._best("/hiring/")
        large = self.desk.fill(ids[1], many)
        _analyse()
        few, long = (f"/hiring/positions/{one}" for one in ids[:2])
        met = [self._pair(query or "table", f"{few}?{query}", f"{long}?{query}") for query in ASKED]
        for query in CHOSEN:
            met.append(self._pair(query, f"{few}/bulk?{query}", f"{long}/bulk?{query}"))
        for sort in ("newest", "name", "finished", "deadline"):
            for way in ("after", "before"):
                turn = f"sort={sort}&{way}="
                short, middle = f"{small[FEW // 2]}", f"{large[many // 2]}"
                pages = (f"{few}?{turn}{short}", f"{long}?{turn}{middle}")
                self._pair(f"no goal: from the middle, {turn}", *pages)
        for n in range(FEW, MANY_POSITIONS):
            self.desk.position(f"Position {n:03}")
        _analyse()
        met.append(_say(f"{MANY_POSITIONS} positions", positions, self._best("/hiring/")))
        print(f"{sum(met)} of {len(met)} within {GOAL}")
        return all(met)

    def _pair(self, name: str, few: str, many: str) -> bool:
        asked = [self._statements(url) for url in (few, many)]
        costs = [(self._cost(few), self._cost(many)) for _ in range(self.rounds)]
        floor, figure = (min(each) for each in zip(*costs, strict=True))
        if asked[0] != asked[1]:
            print(f"MISS {name}: {asked[0]} statements became {asked[1]}")
        return _say(name, floor, figure) and asked[0] == asked[1]

    def _best(self, url: str) -> float:
        return min(self._cost(url) for _ in range(self.rounds))

    def _statements(self, url: str) -> int:
        assert self.get(url) == 200, url  # which also warms the caches
        sent: list[str] = []

        def note(*event_data: object) -> None:
            sent.append(str(event_data[2]))

        event.listen(db.engine, "before_cursor_execute", note)
        self.get(url)
        event.remove(db.engine, "before_cursor_execute", note)
        return len(sent)

    def _cost(self, url: str) -> float:
        """CPU milliseconds of one page, the database's own with it."""
        begun = time.process_time() + self.server()
        self.get(url)
        return 1000 * (time.process_time() + self.server() - begun)


def _server() -> Callable[[], float]:
    """CPU seconds of the server's process behind our one connection; SQLite has none."""
    if db.engine.dialect.name == "sqlite":
        return lambda: 0.0
    with reading() as session:
        number = session.scalar(text("SELECT pg_backend_pid()"))
    account = Path(f"/proc/{number}/schedstat")
    return lambda: int(account.read_text().split()[0]) / 1e9


def _analyse() -> None:
    with writing() as session:
        session.connection().exec_driver_sql("ANALYZE")


def _say(name: str, floor: float, figure: float) -> bool:
    ratio = figure / floor
    word = "ok  " if ratio <= GOAL else "MISS"
    print(f"{word} {name}: {figure:.1f} ms against {floor:.1f} ms, ratio {ratio:.2f}", flush=True)
    return ratio <= GOAL


if __name__ == "__main__":
    sys.exit(main())

"""Writing the database file anew, so that nothing of what was erased is left in its free pages.

Full-text indexes are merged, the write-ahead log is emptied, the file is rebuilt (VACUUM) and the
log emptied once more. People go on reading meanwhile; who writes waits. On PostgreSQL the server
does this by itself, see the operator's guide.
"""

from datetime import datetime
from typing import Any

from services.actor import SYSTEM
from services.errors import Conflict, Unavailable
from services.measuring import working
from services.session import alone, writing

TASK = "tidying.run"
STEPS = 4
INDEXES = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'"


def ask(now: datetime) -> bool:
    """Leave the work for a job; False while the same work waits or is under way."""
    try:
        with writing() as session:
            working.ask(session, SYSTEM, TASK, "", now)
    except Conflict:
        return False
    return True


def tidy(work_id: int, now: datetime) -> None:
    """Carry it out, with progress on the page that watches it; opens its own transactions."""
    with writing() as session:
        if not working.take(session, work_id):
            return
    for done, step in enumerate((merge_indexes, empty_log, rebuild, empty_log), 1):
        with alone() as connection:
            if connection is not None:
                step(connection)
        with writing() as session:
            working.progress(session, work_id, done, STEPS)
    with writing() as session:
        working.end(session, work_id, "done", {}, now)


def merge_indexes(connection: Any) -> None:
    """Full-text indexes keep what was deleted until their parts are merged."""
    for (name,) in connection.execute(INDEXES).fetchall():
        connection.execute(f'INSERT INTO "{name}"("{name}") VALUES (\'optimize\')')


def empty_log(connection: Any) -> None:
    """Bring the write-ahead log into the file and cut it to nothing.

    Raises Unavailable while somebody reads an older state; the job is then tried again.
    """
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise Unavailable("checkpoint")


def rebuild(connection: Any) -> None:
    """Write the whole file anew, without free pages."""
    connection.execute("VACUUM")

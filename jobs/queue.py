"""The queue: a SQLite file of its own, or Redis where that is set. The same tasks run on both."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from config import Settings


def open_queue(settings: Settings) -> Any:
    """The huey queue of this installation; its messages are signed and hold ids only."""
    # huey loads every driver that it finds, 15 MB for nothing where the queue is a SQLite file.
    with _hidden("psycopg", *([] if settings.redis_url else ["redis"])):
        # Imported here: web processes load this module with the commands, and never need huey.
        from huey import RedisHuey, SqliteHuey
        from huey.serializer import SignedSerializer

    # huey pickles its messages, so nobody else may write them: whoever can reach Redis could.
    common = {
        "results": False,
        "serializer": SignedSerializer(secret=settings.secret_key, salt="jobs"),
    }
    if settings.redis_url:
        return RedisHuey("threshold", url=settings.redis_url, **common)
    return SqliteHuey("threshold", filename=str(settings.instance / "jobs.sqlite3"), **common)


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Let optional modules look as if they were not installed, unless they are loaded already."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None blocks an import
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]

"""The queue: a SQLite file of its own, or Redis where that is set. The same tasks run on both."""

from typing import Any

from config import Settings


def open_queue(settings: Settings) -> Any:
    """The huey queue of this installation; its messages are signed and hold ids only."""
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

"""The form of the database: which one it has, which is the newest, and the way between them."""

import re
from typing import Any

from sqlalchemy import Connection, inspect, text

from config import ROOT

FOLDER = ROOT / "migrations"
NAME = re.compile(r"(\d{4})_\w+\.py")


def known() -> list[str]:
    """The migrations of this release, oldest first: the numbers that their files begin with."""
    found = (NAME.fullmatch(path.name) for path in (FOLDER / "versions").iterdir())
    return sorted(match[1] for match in found if match)


def newest() -> str:
    """The form that this release works with."""
    return known()[-1]


def current(connection: Connection) -> str | None:
    """The form that the database has; None before its first migration."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    number = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(number) if number else None


def upgrade(revision: str = "head") -> None:
    """Migrate forward. Outside any transaction, like all below."""
    command, config = _alembic()
    command.upgrade(config, revision)


def downgrade(revision: str) -> None:
    """Go back to an older form; `base` drops every table."""
    command, config = _alembic()
    command.downgrade(config, revision)


def write(message: str, number: str) -> None:
    """Write a migration from the difference between models and database."""
    command, config = _alembic()
    command.revision(config, message=message, rev_id=number, autogenerate=True)


def _alembic() -> tuple[Any, Any]:
    # Alembic costs 60 ms and 12 MB, and web processes never migrate: imported when asked for.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return command, config

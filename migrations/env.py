"""Alembic's entry: migrates the database of the application that called it."""

from alembic import context

import models
from models.base import Json, UtcDateTime, db


def render_item(kind: str, item: object, autogen_context: object) -> str | bool:
    """Write our own column kinds as what they are in the database."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and item is Json:
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


with db.engine.connect() as connection:
    # SQLite changes a table by copying it; with foreign keys on, dropping the old one would fail.
    # The pragma works outside transactions only, hence the raw connection.
    raw = connection.connection.dbapi_connection
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        raw.execute("PRAGMA foreign_keys = OFF")
    context.configure(
        connection=connection,
        target_metadata=models.Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if on_sqlite:
        raw.execute("PRAGMA foreign_keys = ON")
        if broken := raw.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"the migration left {len(broken)} rows that point nowhere")

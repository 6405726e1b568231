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

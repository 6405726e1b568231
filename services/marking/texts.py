"""What people write about an answer or a question, kept where erasure finds it."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models.accounts import FreeText
from services.errors import Invalid


def cleaned(body: str, field: str, least: int, most: int) -> str:
    """A text without control characters and outer blanks; raises Invalid naming the field."""
    text = body.replace("\r\n", "\n")
    text = "".join(c for c in text if c.isprintable() or c == "\n").strip()
    if not least <= len(text) <= most:
        raise Invalid(fields={field: f"must have {least} to {most} characters"})
    return text


def keep(
    session: Session, author_id: int, kind: str, about_id: int, body: str, now: datetime
) -> int:
    """Keep a cleaned text and give back its id."""
    made = session.execute(
        insert(FreeText)
        .values(author_id=author_id, about_kind=kind, about_id=about_id, body=body, created_at=now)
        .returning(FreeText.id)
    )
    return int(made.scalar_one())

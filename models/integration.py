"""Other programs: the keys that they come with, and the addresses that are told what happened."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Digest, Id, Json, UtcDateTime, When, Word, words


class ApiKey(Base):
    """A program's key to the API; of the key itself only the SHA-256 is kept.

    It may do what its scopes name, for as long as who made it may. position_id: the only position
    that it knows, where there is one. name_id: what people call it.
    """

    __tablename__ = "api_key"

    id: Mapped[Id]
    digest: Mapped[Digest] = mapped_column(unique=True)
    name_id: Mapped[int] = mapped_column(BigId, ForeignKey("free_text.id"))
    scopes: Mapped[list[Any]] = mapped_column(Json)
    position_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("position.id"))
    made_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    made_at: Mapped[When]
    expires_at: Mapped[When]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Webhook(Base):
    """An address that is told of events. secret: sealed.

    cursor: the last entry of the journal that was looked at; failures: one after the other;
    retry_at: nothing is sent before. disabled_why: "failing" where it was switched off after many,
    "by_hand" where somebody did.
    """

    __tablename__ = "webhook"
    __table_args__ = (
        CheckConstraint(
            "disabled_why IS NULL OR " + words("disabled_why", "failing", "by_hand"),
            name="disabled_why",
        ),
    )

    id: Mapped[Id]
    url: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(Text)
    events: Mapped[list[Any]] = mapped_column(Json)
    position_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("position.id"))
    made_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    made_at: Mapped[When]
    cursor: Mapped[int] = mapped_column(BigId)
    failures: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_why: Mapped[str | None] = mapped_column(String(40))


class WebhookDelivery(Base):
    """One event on its way to one address; its id is the same on each try.

    status: of the newest answer, None where none came; error: the kind of what went wrong.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "journal_id"),
        CheckConstraint(words("state", "waiting", "sent", "given_up"), name="state"),
        Index("ix_webhook_delivery_waiting", "webhook_id", "state", "id"),
    )

    id: Mapped[Id]
    webhook_id: Mapped[int] = mapped_column(BigId, ForeignKey("webhook.id"))
    journal_id: Mapped[int] = mapped_column(BigId)
    event: Mapped[Word]
    application_id: Mapped[int] = mapped_column(BigId)
    position_id: Mapped[int] = mapped_column(BigId)
    happened_at: Mapped[When]
    state: Mapped[Word]
    tries: Mapped[int] = mapped_column(default=0)
    status: Mapped[int | None]
    ms: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(200))
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

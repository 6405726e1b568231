"""Pictures that trainers put into lessons and questions. Figures (SVG) are files of `content/`."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Digest, Id, Key, Prose, UtcDateTime, When, Word, words

MEDIA_TYPES = ("image/png", "image/jpeg", "image/webp")


class PictureFile(Base):
    """The bytes of a picture as we encoded them, under their own digest: the same twice is one.

    data: base64, so that a backup carries it like any other text.
    """

    __tablename__ = "picture_file"
    __table_args__ = (
        CheckConstraint(words("media_type", *MEDIA_TYPES), name="media_type"),
        CheckConstraint("width > 0 AND height > 0", name="size"),
    )

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    media_type: Mapped[Word]
    width: Mapped[int]
    height: Mapped[int]
    bytes: Mapped[int]
    data: Mapped[Prose]


class Picture(Base):
    """What authors write as `media:<key>`; `alt` says in words what it shows."""

    __tablename__ = "picture"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("alt <> ''", name="alt"),
    )

    id: Mapped[Id]
    key: Mapped[Key]
    digest: Mapped[Digest] = mapped_column(ForeignKey("picture_file.digest"), index=True)
    alt: Mapped[str] = mapped_column(String(300))
    added_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    added_at: Mapped[When]
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

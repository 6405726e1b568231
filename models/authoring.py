"""Drafts: text on its way to a revision."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Id, Prose, When


class Draft(Base):
    """The one open draft of a document. `version` refuses a save over somebody else's."""

    __tablename__ = "draft"

    id: Mapped[Id]
    document_id: Mapped[int] = mapped_column(BigId, ForeignKey("document.id"), unique=True)
    base_revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    source: Mapped[Prose]
    version: Mapped[int]
    edited_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"))
    edited_at: Mapped[When]

"""Files that were read for an import and wait for a trainer's word."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Data, Id, Prose, When, Word, words

FORMATS = ("gift", "aiken", "moodle", "qti", "csv", "xlsx", "course")


class ImportBatch(Base):
    """What was read out of one file; nothing of it is in the bank before its work is done.

    parsed: the questions or files as JSON, emptied when the import has ended.
    options: what the trainer chose for all of them. outcome: counts and what became of each.
    """

    __tablename__ = "import_batch"
    __table_args__ = (CheckConstraint(words("format", *FORMATS), name="format"),)

    id: Mapped[Id]
    format: Mapped[Word]
    parsed: Mapped[Prose]
    options: Mapped[Data]
    outcome: Mapped[Data]
    asked_by: Mapped[int] = mapped_column(BigId, ForeignKey("person.id"), index=True)
    asked_at: Mapped[When]
    work_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("work.id"))

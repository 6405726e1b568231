"""The evidence ledger, the numbers drawn from it, and what people think of themselves."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Code, Id, When, Word, words

CODES = ("C1", "C2", "C3", "C4", "C5", "C6", "C7", "A1", "A2")


class Evidence(Base):
    """One observation of one competency. Append-only; it outlives the name of its person.

    The source is (kind, id) without a foreign key, so that every area may give evidence. A rule
    change appends new rows under the new rule; readers take the newest rule per source.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("source_kind", "source_id", "competency", "rule_revision_id"),
        Index("ix_evidence_subject", "subject", "competency"),
        CheckConstraint("mark >= 0 AND mark <= max_mark AND max_mark > 0", name="mark"),
        CheckConstraint("weight >= 0", name="weight"),
    )

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(32))
    competency: Mapped[Code]
    source_kind: Mapped[Word]
    source_id: Mapped[int] = mapped_column(BigId)
    item_revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    rule_revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    mark: Mapped[int]
    max_mark: Mapped[int]
    # Zero for a question that the person had met before: kept, shown, but not counted.
    weight: Mapped[float]
    observed_at: Mapped[When]
    recorded_at: Mapped[When]


class Estimate(Base):
    """A number that was shown, with the three things it is a function of beside it."""

    __tablename__ = "estimate"
    __table_args__ = (
        UniqueConstraint(
            "scope_kind",
            "scope_id",
            "competency",
            "standard_revision_id",
            "calibration_id",
            "ledger_id",
            name="uq_estimate_shown",
        ),
    )

    id: Mapped[Id]
    subject: Mapped[str] = mapped_column(String(32), index=True)
    scope_kind: Mapped[Word]
    scope_id: Mapped[int] = mapped_column(BigId)
    competency: Mapped[Code]
    theta: Mapped[float]
    se: Mapped[float]
    observations: Mapped[int]
    provisional: Mapped[bool]
    standard_revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"))
    # The calibration that its items had; 0 for the authors' difficulties.
    calibration_id: Mapped[int] = mapped_column(BigId, default=0)
    ledger_id: Mapped[int] = mapped_column(BigId)
    as_of: Mapped[When]


# The numbers that hold of one scope in one row, so that ten thousand are sifted at once: theta_c1,
# se_c1 and so on, NULL where nothing is measured. Written by the one writer of `estimate`, in its
# transaction: services/competencies/estimates.py.
newest_estimates = Table(
    "newest_estimates",
    Base.metadata,
    Column("scope_kind", String(40), primary_key=True),
    Column("scope_id", BigId, primary_key=True, autoincrement=False),
    *(Column(f"{figure}_{code.lower()}", Float) for code in CODES for figure in ("theta", "se")),
    sqlite_with_rowid=False,  # the key is all that it is looked up by
)


class SelfRating(Base):
    """What a person says of themself on the can-do ladder. Nobody else ever sees it."""

    __tablename__ = "self_rating"
    __table_args__ = (
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
        CheckConstraint(words("competency", *(f"C{i}" for i in range(1, 8))), name="competency"),
        Index("ix_self_rating_person", "person_id", "competency"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(BigId, ForeignKey("person.id", ondelete="CASCADE"))
    competency: Mapped[Code]
    level: Mapped[int]
    created_at: Mapped[When]

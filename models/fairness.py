"""What candidates said of themselves for the fairness figures, and who reads without names."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Word


class VoluntaryAnswer(Base):
    """One answer about oneself, under the random subject: no name, no application, no time.

    Which questions and answers there are says domain/hiring/attributes.py.
    """

    __tablename__ = "voluntary_answer"

    subject: Mapped[str] = mapped_column(String(32), primary_key=True)
    question: Mapped[Word] = mapped_column(primary_key=True)
    answer: Mapped[Word]


class BlindView(Base):
    """Somebody who asked to see the candidates of a position without names.

    Reviewers see none anyway, and have no row.
    """

    __tablename__ = "blind_view"

    position_id: Mapped[int] = mapped_column(BigId, ForeignKey("position.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )

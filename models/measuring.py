"""What is known of questions from answers: calibrations, statistics, norms."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigId, Code, Data, Id, Json, Key, UtcDateTime, When, Word, words

MODELS = ("1pl", "2pl", "3pl", "grm")


class CalibrationRun(Base):
    """One calibration of the bank. Once finished its parameters are never changed.

    live_at: since when numbers are drawn with it; report: what it did, for people to read, and the
    chances of secure questions in adaptive hiring.
    """

    __tablename__ = "calibration_run"
    __table_args__ = (
        CheckConstraint(words("state", "running", "finished", "failed"), name="state"),
    )

    id: Mapped[Id]
    state: Mapped[Word]
    started_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    started_at: Mapped[When]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    live_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    report: Mapped[Data]


class ItemParameters(Base):
    """The calibrated model of one revision of an item in one run."""

    __tablename__ = "item_parameters"
    __table_args__ = (CheckConstraint(words("model", *MODELS), name="model"),)

    run_id: Mapped[int] = mapped_column(BigId, ForeignKey("calibration_run.id"), primary_key=True)
    revision_id: Mapped[int] = mapped_column(BigId, ForeignKey("revision.id"), primary_key=True)
    competency: Mapped[Code] = mapped_column(primary_key=True)
    model: Mapped[Word]
    a: Mapped[float]
    thresholds: Mapped[list[Any]] = mapped_column(Json)
    c: Mapped[float]
    errors: Mapped[Data]
    answers: Mapped[int]


class Statistic(Base):
    """Figures about an item, a form or the bank, as a job worked them out. The newest counts."""

    __tablename__ = "statistic"
    __table_args__ = (
        CheckConstraint(words("kind", "item", "form", "bank"), name="kind"),
        Index("ix_statistic_about", "kind", "key", "id"),
    )

    id: Mapped[Id]
    kind: Mapped[Word]
    key: Mapped[Key]
    revision_id: Mapped[int | None] = mapped_column(BigId, ForeignKey("revision.id"))
    answers: Mapped[int]
    data: Mapped[Data]
    computed_at: Mapped[When]


class NormGroup(Base):
    """A named, dated group with the distribution of its estimates in one competency.

    form_key: the form that its people sat; empty in groups made before that was kept.
    """

    __tablename__ = "norm_group"
    __table_args__ = (UniqueConstraint("name", "competency"),)

    id: Mapped[Id]
    name: Mapped[Key]
    competency: Mapped[Code]
    people: Mapped[int]
    thetas: Mapped[list[Any]] = mapped_column(Json)
    form_key: Mapped[Key | None]
    defined_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    defined_at: Mapped[When]


class Work(Base):
    """A heavy job that somebody watches: what it is about, how far it is, how it ended."""

    __tablename__ = "work"
    __table_args__ = (
        CheckConstraint(words("state", "waiting", "running", "done", "failed"), name="state"),
    )

    id: Mapped[Id]
    task: Mapped[Word]
    about: Mapped[Key]
    state: Mapped[Word]
    done: Mapped[int]
    total: Mapped[int]
    asked_by: Mapped[int | None] = mapped_column(BigId, ForeignKey("person.id"))
    asked_at: Mapped[When]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # What came of it: numbers and file names, or the kind of error.
    outcome: Mapped[Data]

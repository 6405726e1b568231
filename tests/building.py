"""What the prepared database of the tests holds: the form, the content and the cast."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import select

from config import ROOT, Settings
from models.accounts import Person
from models.base import db
from services.accounts.people import add_member
from services.actor import SYSTEM
from services.library.content_folder import load_folder
from services.session import reading, writing


def settings_for(instance: Path, database_url: str | None = None) -> Settings:
    """Settings of a test installation in its own folder."""
    settings = Settings.from_environment(
        {
            "THRESHOLD_INSTANCE": str(instance),
            "THRESHOLD_ENVIRONMENT": "test",
            "THRESHOLD_LOG_LEVEL": "error",
            "THRESHOLD_BASE_URL": "http://localhost",
            "THRESHOLD_COMPANY": "Beilun Steelware",
        }
    )
    return replace(settings, database_url=database_url) if database_url else settings


class CAST:
    """Everybody who appears in tests. All invented."""

    PEOPLE = (
        ("lin", "Lin Yue", ("learner",)),
        ("eve", "Eve Okafor", ("learner",)),
        ("tao", "He Tao", ("trainer",)),
        ("mara", "Mara Lindqvist", ("trainer",)),
        ("min", "Zhou Min", ("recruiter",)),
        ("lei", "Xu Lei", ("manager",)),
        ("omar", "Omar Haddad", ("manager",)),
        ("anna", "Anna Weiss", ("admin",)),
    )

    @staticmethod
    def email(key: str) -> str:
        return f"{key}@beilun.example"

    @classmethod
    def ids(cls) -> dict[str, int]:
        """key -> person id in the current application's database."""
        with reading() as session:
            rows = session.execute(select(Person.email, Person.id))
            by_email = {row.email: row.id for row in rows}
        return {key: by_email[cls.email(key)] for key, _, _ in cls.PEOPLE}


def migrate(app: Flask) -> None:
    """Bring the application's database to the newest form."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with app.app_context():
        command.upgrade(config, "head")


def fill(app: Flask, now: datetime) -> None:
    """Migrate, load the real content, add the cast."""
    migrate(app)
    with app.app_context():
        report = load_folder(ROOT / "content", now)
        assert not report.problems, [str(problem) for problem in report.problems]
        with writing() as session:
            for key, name, roles in CAST.PEOPLE:
                add_member(session, SYSTEM, name, CAST.email(key), roles, now, invented=True)
        db.engine.dispose()

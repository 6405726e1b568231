"""The floor: the least that a signed-in Flask page and a durable save can cost.

Bare Flask, Flask-Login, one indexed ORM read and a Jinja page of the same size; or one durable ORM
insert with SQLite synchronous=FULL. Served by the same server with the same settings as Threshold.
"""

import os
from pathlib import Path

from flask import Flask, render_template, request
from flask_login import LoginManager, UserMixin, login_required, login_user
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PAGE = """<!doctype html><html lang="en"><head><title>{{ row.title }}</title></head><body>
<nav>{% for n in range(6) %}<a href="/{{ n }}">{{ n }}</a>{% endfor %}</nav>
<main><h1>{{ row.title }}</h1>{{ row.html|safe }}</main></body></html>"""


class Base(DeclarativeBase):
    """The floor's two tables."""


db = SQLAlchemy(model_class=Base)
login = LoginManager()


class Page(Base):
    __tablename__ = "page"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    html: Mapped[str]


class Save(Base):
    __tablename__ = "save"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


class User(UserMixin):
    def __init__(self, user_id: str) -> None:
        self.id = user_id


@login.user_loader
def load(user_id: str) -> User:
    return User(user_id)


def create_app() -> Flask:
    """FLOOR_FOLDER holds its database, FLOOR_HTML the text that its page shows."""
    folder = Path(os.environ["FLOOR_FOLDER"])
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY="floor" * 8, SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'floor.sqlite3'}"
    )
    app.jinja_loader = DictLoader({"page.html": PAGE})
    db.init_app(app)
    login.init_app(app)
    with app.app_context():
        event.listen(db.engine, "connect", _pragmas)
        db.create_all()
        if db.session.query(Page).filter_by(key="lesson").first() is None:
            html = Path(os.environ["FLOOR_HTML"]).read_text()
            db.session.add(Page(key="lesson", title="A lesson", html=html))
            db.session.commit()
    _routes(app)
    return app


def _pragmas(connection: object, record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _routes(app: Flask) -> None:
    @app.get("/sign-in")
    def sign_in() -> str:
        login_user(User("1"))
        return "in"

    @app.get("/lesson")
    @login_required
    def lesson() -> str:
        row = db.session.execute(db.select(Page).filter_by(key="lesson")).scalar_one()
        return render_template("page.html", row=row)

    @app.post("/save")
    @login_required
    def save() -> dict[str, bool]:
        db.session.add(Save(text=str(request.get_json())))
        db.session.commit()
        return {"saved": True}

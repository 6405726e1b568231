"""A database for measurements: the course, a learner, a running attempt and an ended one."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from app import make_app
from bench.serving import ROOT
from config import Settings
from models.assessment import AttemptItem
from models.library import ItemFacts
from services.accounts.people import add_member, load_viewer
from services.actor import SYSTEM, Actor
from services.assessment import delivery, starting, submission
from services.library.content_folder import load_folder
from services.session import reading, writing

RAW_TOKEN = "0" * 40
LESSON = "trade-practice/who-pays-who-risks"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a load generator needs to be a signed-in learner."""

    env: dict[str, str]
    cookie: str
    token: str
    lesson_path: str
    result_path: str
    attempt_id: int
    position: int
    lease: int


def prepare(folder: Path) -> Prepared:
    """Fill an instance below the folder; also writes floor.html, the floor's page of equal size."""
    figures = folder / "instance" / "metrics"
    figures.mkdir(parents=True)
    env = {
        "THRESHOLD_INSTANCE": str(folder / "instance"),
        "PROMETHEUS_MULTIPROC_DIR": str(figures),
    }
    app = make_app(Settings.from_environment({**_clean(os.environ), **env}))
    now = datetime.now(UTC)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    with app.app_context():
        command.upgrade(config, "head")
        load_folder(ROOT / "content", now)
        actor = _learner(now)
        with writing() as session:
            ended = starting.start_form(session, actor, "placement", "en", 1, now)
        with writing() as session:
            submission.submit(session, actor, ended, now)
        with writing() as session:
            running = starting.start_form(session, actor, "narrow-c2", "en", 2, now)
        with writing() as session:
            lease = delivery.open_attempt(session, actor, running, "bench", now)
        cookie = cookie_of(app, actor)
    _write_floor_page(app, cookie, folder)
    return Prepared(
        env=env,
        cookie=cookie,
        token=str(URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(RAW_TOKEN)),
        lesson_path=f"/learn/{LESSON}",
        result_path=f"/assess/attempts/{ended}/result",
        attempt_id=running,
        position=_choice_position(app, running),
        lease=lease or 1,
    )


def _clean(environ: "os._Environ[str]") -> dict[str, str]:
    return {k: v for k, v in environ.items() if not k.startswith("THRESHOLD_")}


def _learner(now: datetime) -> Actor:
    with writing() as session:
        person = add_member(
            session, SYSTEM, "Lin Yue", "lin@beilun.example", ["learner"], now, invented=True
        )
        viewer = load_viewer(session, person)
    assert viewer is not None
    return Actor(viewer.id, viewer.subject, viewer.roles)


def cookie_of(app: Flask, actor: Actor) -> str:
    """The session cookie of somebody who is signed in."""
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    value = signer.dumps(
        {"_user_id": f"{actor.person_id}.0", "_fresh": True, "csrf_token": RAW_TOKEN}
    )
    return f"threshold={value}"


def _choice_position(app: Flask, attempt_id: int) -> int:
    """The place of the first question that takes {"choice": "a"}."""
    with app.app_context(), reading() as session:
        return int(
            session.execute(
                select(AttemptItem.position)
                .join(ItemFacts, ItemFacts.revision_id == AttemptItem.revision_id)
                .where(AttemptItem.attempt_id == attempt_id, ItemFacts.kind == "single")
                .order_by(AttemptItem.position)
                .limit(1)
            ).scalar_one()
        )


def _write_floor_page(app: Flask, cookie: str, folder: Path) -> None:
    client = app.test_client()
    client.set_cookie(*cookie.split("=", 1))
    body = (
        client.get(f"/learn/{LESSON}").get_data(as_text=True).split("<body", 1)[1].split(">", 1)[1]
    )
    (folder / "floor.html").write_text(body.split("</body>")[0])

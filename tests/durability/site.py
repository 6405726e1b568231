"""A site whose processes may be killed: a filled database, a learner's cookie, servers on ports."""

import http.client
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app import make_app
from bench.serving import ROOT, floor_command, free_port, wait_for
from config import Settings
from services.accounts.people import load_viewer
from services.actor import Actor
from services.session import reading
from tests.building import CAST
from tests.caller import Caller


@dataclass(frozen=True)
class Site:
    """env: with which servers find the database; app: the same site in this process, for looking.

    cookie, token: of Lin, who is signed in.
    """

    env: Mapping[str, str]
    app: Flask
    actor: Actor
    cookie: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "Accept": "application/json", "X-CSRFToken": self.token}


def site_in(folder: Path, database_url: str | None) -> Site:
    """The site of a folder whose database holds the course and the cast."""
    figures = folder / "metrics"
    figures.mkdir()
    env = {
        "THRESHOLD_INSTANCE": str(folder),
        "THRESHOLD_LOG_LEVEL": "error",
        "PROMETHEUS_MULTIPROC_DIR": str(figures),
    }
    if database_url:
        env["THRESHOLD_DATABASE_URL"] = database_url
    app = make_app(Settings.from_environment(env))
    with app.app_context():
        lin = CAST.ids()["lin"]
        with reading() as session:
            viewer = load_viewer(session, lin)
    assert viewer is not None
    caller = Caller(app, lin)
    token = caller.token()
    kept = caller.client.get_cookie("threshold")
    assert kept is not None
    actor = Actor(viewer.id, viewer.subject, viewer.roles)
    return Site(env, app, actor, f"threshold={kept.value}", token)


@contextmanager
def life(site: Site, target: str) -> Iterator[int]:
    """A server of the site; gives its port. Everything of it is killed with -9 at the end."""
    port = free_port()
    process = subprocess.Popen(
        floor_command(target, port),
        cwd=ROOT,
        env={**os.environ, **site.env},
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, "/healthz", time.perf_counter() + 60)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def connection_to(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=10)

"""flask serve: the parts that scripts/serve puts together; each may also run on its own."""

import gc
import hashlib
import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app

from cli import content, database, demo
from cli.refusing import Group
from cli.watch import end_with, end_with_supervisor
from config import ROOT, Settings
from jobs import worker
from services.admin import first_start
from services.session import reading, writing

POSTGRES_THREADS = 4


@click.group("serve", cls=Group)
def group() -> None:
    """Prepare the installation, and run its web or its job process."""
    end_with_supervisor(os.environ)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["threshold.settings"]
    return settings


@group.command()
@click.option("--demo", "invented", is_flag=True, help="Fill in an invented company.")
@click.pass_context
def prepare(ctx: click.Context, invented: bool) -> None:
    """Migrate, load content/ where it changed, and print the link for the first admin."""
    click.echo("Bringing the database to its newest form ...")
    ctx.invoke(database.upgrade, revision="head")
    _load_content(ctx, ROOT / "content", _settings().instance / "content.fingerprint")
    if invented:
        click.echo("Filling in an invented company ...")
        ctx.invoke(demo.load)
    with writing() as session:
        raw = first_start.first_link(session, datetime.now(UTC))
    if raw:
        click.echo("No admin yet. This link makes the first one; it works once, for 7 days:")
        click.echo(f"  {_settings().base_url}/account/first/{raw}")


def _load_content(ctx: click.Context, folder: Path, note: Path) -> None:
    """Load the folder unless this very database was loaded from these very files."""
    digest = _digest(folder)
    seen, _, mark = note.read_text().partition(" ") if note.exists() else ("", "", "")
    with reading() as session:
        if seen == digest and first_start.holds_mark(session, mark):
            return
    click.echo("Loading content/ ...")
    try:
        ctx.invoke(content.load, folder=folder)
    except SystemExit as end:
        if end.code:
            _go_on_with_older_content()
            return  # not noted: the faults are named again at the next start
    with reading() as session:
        note.write_text(f"{digest} {first_start.library_mark(session)}")


def _go_on_with_older_content() -> None:
    """A fault in one file must not take the site down, if it has something to show."""
    with reading() as session:
        if not first_start.library_mark(session):
            raise click.ClickException("content/ has faults, and there is nothing else to show")
    click.echo("The site goes on with what it has.", err=True)


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content_of = hashlib.sha256(path.read_bytes()).digest()
        total.update(path.relative_to(folder).as_posix().encode() + b"\0" + content_of)
    return total.hexdigest()


@group.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def web(host: str, port: int) -> None:
    """Answer requests until a signal ends the process."""
    # Granian and its compiled part are needed by this command only.
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    settings = _settings()
    server = Granian(
        "app:create_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=settings.workers,
        # SQLite has one writer, and a thread more per worker only makes it wait elsewhere.
        blocking_threads=1 if settings.is_sqlite else POSTGRES_THREADS,
        log_level=LogLevels.warning,
        workers_kill_timeout=5,
    )
    server.on_startup(gc.freeze)  # workers are forked then: what is not collected is not copied
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    server.serve(target_loader=partial(_load_worker, app), wrap_loader=False)


def _load_worker(app: Flask) -> Callable[..., Any]:
    """The application of one worker: its master's, forked before anything was connected.

    Granian's workers outlive its master unless they watch it.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        # Until the worker sets its own handlers it has its master's, which would swallow a signal.
        signal.signal(number, signal.SIG_DFL)
    master = multiprocessing.parent_process()
    if master is not None and master.pid is not None:
        end_with(master.pid)
    gc.enable()  # the supervisor starts its web process without
    return app


@group.command()
def jobs() -> None:
    """Send mail and sweep until a signal ends the process."""
    worker.run(current_app._get_current_object())  # type: ignore[attr-defined]

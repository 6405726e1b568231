"""flask serve web: what answers requests. It imports little, as every start waits for it."""

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable
from functools import partial
from typing import Any

import click
from flask import Flask, current_app

from cli.watch import end_with, end_with_supervisor
from config import Settings

POSTGRES_THREADS = 4


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def web(host: str, port: int) -> None:
    """Answer requests until a signal ends the process."""
    # Granian and its compiled part are needed by this command only.
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    end_with_supervisor(os.environ)
    settings: Settings = current_app.extensions["threshold.settings"]
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
    _load_what_workers_share()
    server.on_startup(gc.freeze)  # workers are forked then: what is not collected is not copied
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    server.serve(target_loader=partial(_load_worker, app), wrap_loader=False)


def _load_what_workers_share() -> None:
    """What a first page makes and nobody changes: made before the fork it is there once.

    The calendars and numbers of two languages take 5 MB, and would be in each worker.
    """
    from babel import Locale  # here as in the command: other commands format nothing
    from sqlalchemy.orm import configure_mappers

    configure_mappers()
    for locale in (Locale("en"), Locale("zh", script="Hans")):
        _ = locale.number_symbols  # read when first asked for


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

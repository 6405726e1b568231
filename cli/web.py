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

from cli import minder
from cli.watch import end_with, end_with_supervisor, supervisor_of
from config import Settings
from jobs import worker

POSTGRES_THREADS = 4


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--with-jobs", is_flag=True, help="Fork the job process, too: loaded once for all.")
def web(host: str, port: int, with_jobs: bool) -> None:
    """Answer requests until a signal ends the process."""
    # Granian and its compiled part are needed by this command only.
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.extensions["threshold.settings"]
    children: minder.Children = {}

    class Server(Granian):  # type: ignore[misc,valid-type]
        """Granian, but that it does not stay in memory to wait for its workers."""

        def _serve_loop(self, *_: object) -> None:
            minder.hold_signals()
            if self.interrupt_signal:
                return  # told to stop while it started: Granian ends its workers itself
            workers = multiprocessing.active_children()
            children.update((worker.pid, "web") for worker in workers if worker.pid)
            minder.become(supervisor_of(os.environ), children)

    end_with_supervisor(os.environ)
    server = Server(
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
    )
    _load_what_workers_share()
    server.on_startup(gc.freeze)  # forked from here on: what is not collected is not copied
    if with_jobs:
        server.on_startup(lambda: children.update({_fork_jobs(app): "jobs"}))
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


def _fork_jobs(app: Flask) -> int:
    """Start the job process with the application that is here, and give back its pid."""
    master = os.getpid()
    pid = os.fork()
    if pid == 0:
        _begin(master)
        worker.run(app)
    return pid


def _load_worker(app: Flask) -> Callable[..., Any]:
    """The application of one worker: its master's, forked before anything was connected."""
    _begin(os.getppid())
    return app


def _begin(master: int) -> None:
    """What every forked process does first."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # Until it sets its own handlers it has its master's, which would swallow a signal.
        signal.signal(number, signal.SIG_DFL)
    end_with(master)
    gc.enable()  # the supervisor starts its web process without

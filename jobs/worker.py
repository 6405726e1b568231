"""The job process: every second it moves due work from the outbox to the queue, and sweeps.

The outbox is the truth and the queue only the way there: a message says which entry to carry out,
and whoever takes it claims the entry first. A lost message is sent again, a doubled one claims
nothing.
"""

import logging
import signal
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NoReturn

import structlog
from flask import Flask

from jobs import (
    backing_up,
    erasing,
    exporting,
    importing,
    inviting,
    mail,
    marking,
    measuring,
    printing,
    sweeping,
    webhooks,
)
from jobs.queue import open_queue
from services import outbox
from services.session import reading, writing

PUMP_EVERY_S = 1.0
AGAIN_AFTER_S = 60.0  # a message without effect for so long is taken for lost
STOP_WITHIN_S = 5
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

Task = Callable[[Mapping[str, Any]], None]
TASKS: dict[str, Task] = {
    **mail.TASKS,
    **backing_up.TASKS,
    **erasing.TASKS,
    **importing.TASKS,
    **measuring.TASKS,
    **marking.TASKS,
    **inviting.TASKS,
    **printing.TASKS,
    **exporting.TASKS,
    **webhooks.TASKS,
}
# How long a task may take that is not done within a minute.
LASTS = {
    "backup.create": timedelta(hours=1),
    **dict.fromkeys(erasing.TASKS, erasing.LASTS),
    **dict.fromkeys(importing.TASKS, importing.LASTS),
    **dict.fromkeys(measuring.TASKS, measuring.LASTS),
    **dict.fromkeys(marking.TASKS, marking.LASTS),
    **dict.fromkeys(inviting.TASKS, inviting.LASTS),
    **dict.fromkeys(printing.TASKS, printing.LASTS),
    **dict.fromkeys(exporting.TASKS, exporting.LASTS),
    **dict.fromkeys(webhooks.TASKS, webhooks.LASTS),
}

log = structlog.get_logger("jobs")


def run(app: Flask) -> NoReturn:
    """Work until a signal ends the process."""
    queue = open_queue(app.extensions["threshold.settings"])

    def carry_out_in_app(entry_id: int, task: str, data: dict[str, Any]) -> None:
        try:
            with app.app_context():
                carry_out(entry_id, task, data)
        finally:
            pump.arrived(entry_id)

    pump = Pump(queue.task()(carry_out_in_app))
    consumer = queue.create_consumer(
        workers=1, periodic=False, max_delay=PUMP_EVERY_S, shutdown_timeout=STOP_WITHIN_S
    )
    logging.getLogger("huey").addHandler(_OneLine(logging.WARNING))
    logging.getLogger("huey").propagate = False
    consumer.start()
    for number in SIGNALS:  # after start(), which installs handlers of its own
        signal.signal(number, _stop)
    try:
        _work(app, pump, consumer.check_worker_health)
    finally:
        consumer.stop(graceful=True)


class _OneLine(logging.Handler):
    """What huey has to say, one line each: with Redis away it traces back every second."""

    def emit(self, record: logging.LogRecord) -> None:
        log.warning("queue", said=record.getMessage())


def _stop(number: int, frame: object) -> NoReturn:
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise SystemExit(0)


def _work(app: Flask, pump: "Pump", check_queue: Callable[[], object]) -> NoReturn:
    swept = float(-sweeping.EVERY_S)
    while True:
        tick = time.monotonic()
        _try(app, partial(pump.move, tick=tick))
        if tick - swept >= sweeping.EVERY_S:
            swept = tick
            check_queue()
            _try(app, sweeping.sweep)
        time.sleep(PUMP_EVERY_S)


def _try(app: Flask, step: Callable[[datetime], object]) -> None:
    """One step. The database or Redis may be away: said in the log, and tried again in a while."""
    try:
        with app.app_context():
            step(datetime.now(UTC))
    except Exception as error:
        log.error("step failed", error=type(error).__name__)


class Pump:
    """Moves entries from the outbox to the queue, each once while its message is under way."""

    def __init__(self, enqueue: Callable[[int, str, dict[str, Any]], object]) -> None:
        self._enqueue = enqueue
        self._sent: dict[int, float] = {}

    def move(self, now: datetime, tick: float) -> int:
        """Send a message for each due entry and give back how many. tick: monotonic seconds."""
        with reading() as session:
            due = outbox.waiting(session, now)
        for entry_id, at in list(self._sent.items()):
            if tick - at >= AGAIN_AFTER_S:
                self.arrived(entry_id)
        fresh = [work for work in due if work.id not in self._sent]
        for work in fresh:
            self._sent[work.id] = tick
            try:
                self._enqueue(work.id, work.task, work.data)
            except Exception:
                self.arrived(work.id)  # it never left
                raise
        return len(fresh)

    def arrived(self, entry_id: int) -> None:
        """The message about an entry is no longer under way."""
        self._sent.pop(entry_id, None)


def carry_out(entry_id: int, task: str, data: Mapping[str, Any]) -> None:
    """Do the work of one entry, unless another worker has it, and note how it went."""
    now = datetime.now(UTC)
    with writing() as session:
        if not outbox.claim(session, entry_id, now, LASTS.get(task, outbox.CLAIMED_FOR)):
            return
    try:
        TASKS[task](data)
    except Exception as error:  # whatever it was: kept by its kind and tried again later
        kind = type(error).__name__
        log.warning("failed", entry=entry_id, task=task, error=kind)
        with writing() as session:
            outbox.failed(session, entry_id, kind, datetime.now(UTC))
    else:
        log.info("done", entry=entry_id, task=task)
        with writing() as session:
            outbox.done(session, entry_id, datetime.now(UTC))

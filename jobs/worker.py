"""The job process: every second it moves due work from the outbox to the queue, and sweeps.

The outbox is the truth and the queue only the way there: a message says which entry to carry out,
and whoever takes it claims the entry first. Lost messages are sent again, doubled ones claim nothing.
"""

import signal
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

import structlog
from flask import Flask

from jobs import mail, sweeping
from jobs.queue import open_queue
from services import outbox
from services.errors import Unavailable
from services.session import reading, writing

PUMP_EVERY_S = 1.0
AGAIN_AFTER_S = 60.0  # a message without effect for so long is taken for lost
STOP_WITHIN_S = 5

Task = Callable[[Mapping[str, Any]], None]
TASKS: dict[str, Task] = {**mail.TASKS}

log = structlog.get_logger("jobs")


def run(app: Flask) -> NoReturn:
    """Work until a signal ends the process."""
    queue = open_queue(app.extensions["threshold.settings"])

    def carry_out_in_app(entry_id: int, task: str, data: dict[str, Any]) -> None:
        with app.app_context():
            carry_out(entry_id, task, data)

    pump = Pump(queue.task()(carry_out_in_app))
    consumer = queue.create_consumer(
        workers=1, periodic=False, max_delay=PUMP_EVERY_S, shutdown_timeout=STOP_WITHIN_S
    )
    consumer.start()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        _work(app, pump, consumer.check_worker_health)
    finally:
        consumer.stop(graceful=True)


def _stop(number: int, frame: object) -> NoReturn:
    for other in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise SystemExit(0)


def _work(app: Flask, pump: "Pump", check_queue: Callable[[], object]) -> NoReturn:
    swept = 0.0
    while True:
        started = time.monotonic()
        try:
            with app.app_context():
                pump.move(datetime.now(UTC), started)
                if started - swept >= sweeping.EVERY_S:
                    swept = started
                    check_queue()
                    sweeping.sweep(datetime.now(UTC))
        except Unavailable as error:
            log.warning("database away", error=error.message)
        time.sleep(PUMP_EVERY_S)


class Pump:
    """Moves entries from the outbox to the queue, each once while its message is under way."""

    def __init__(self, enqueue: Callable[[int, str, dict[str, Any]], object]) -> None:
        self._enqueue = enqueue
        self._sent: dict[int, float] = {}

    def move(self, now: datetime, tick: float) -> int:
        """Send a message for each due entry and give back how many. tick: monotonic seconds."""
        with reading() as session:
            due = outbox.waiting(session, now)
        self._sent = {k: at for k, at in self._sent.items() if tick - at < AGAIN_AFTER_S}
        fresh = [work for work in due if work.id not in self._sent]
        for work in fresh:
            self._enqueue(work.id, work.task, work.data)
            self._sent[work.id] = tick
        return len(fresh)


def carry_out(entry_id: int, task: str, data: Mapping[str, Any]) -> None:
    """Do the work of one entry, unless another worker has it, and note how it went."""
    now = datetime.now(UTC)
    with writing() as session:
        if not outbox.claim(session, entry_id, now):
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

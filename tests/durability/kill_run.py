"""Save answers, kill -9 the whole server in the middle, look whether each one is still there.

A kill cannot show what a power cut would lose; that is what synchronous=FULL is for, and
tests/services/test_session.py looks that it is set.
"""

import http.client
import json
import os
import random
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field

from sqlalchemy import select

from bench.preparing import Prepared
from bench.serving import ROOT, floor_command, free_port, wait_for
from models.assessment import Answer
from services.session import reading

WRITERS = 4


@dataclass
class Acknowledged:
    """Every (position, lease, sequence) that a server said it had saved."""

    saves: set[tuple[int, int, int]] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


def run(prepared: Prepared, target: str, rounds: int, seed: int) -> tuple[int, list[str]]:
    """Kill a server `rounds` times; gives back how many were acknowledged and which are missing."""
    chance = random.Random(seed)
    acknowledged = Acknowledged()
    for number in range(rounds):
        port = free_port()
        process = _start(prepared, target, port)
        stop = threading.Event()
        writers = [
            threading.Thread(
                target=_save, args=(prepared, port, number * WRITERS + w, acknowledged, stop)
            )
            for w in range(WRITERS)
        ]
        for writer in writers:
            writer.start()
        time.sleep(chance.uniform(0.3, 1.2))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        stop.set()
        for writer in writers:
            writer.join(10)
    return len(acknowledged.saves), _missing(prepared, acknowledged)


def _start(prepared: Prepared, target: str, port: int) -> "subprocess.Popen[bytes]":
    process = subprocess.Popen(
        floor_command(target, port),
        cwd=ROOT,
        env={**os.environ, **prepared.env},
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    wait_for(port, "/healthz", time.perf_counter() + 30)
    return process


def _save(
    prepared: Prepared, port: int, number: int, acknowledged: Acknowledged, stop: threading.Event
) -> None:
    headers = {
        "Cookie": prepared.cookie,
        "Content-Type": "application/json",
        "Accept": "application/json",
        "X-CSRFToken": prepared.token,
    }
    path = f"/assess/attempts/{prepared.attempt_id}/answers"
    sequence = number * 1_000_000
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    while not stop.is_set():
        sequence += 1
        save = {
            "position": prepared.position,
            "lease": prepared.lease,
            "sequence": sequence,
            "response": {"choice": "abcd"[sequence % 4]},
            "elapsed_ms": 1,
        }
        try:
            connection.request("POST", path, json.dumps(save), headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            return  # the server is gone: this save was not acknowledged
        if answer.status == 200 and json.loads(body).get("saved"):
            with acknowledged.lock:
                acknowledged.saves.add((prepared.position, prepared.lease, sequence))


def _missing(prepared: Prepared, acknowledged: Acknowledged) -> list[str]:
    with reading() as session:
        rows = session.execute(
            select(Answer.position, Answer.lease, Answer.sequence).where(
                Answer.attempt_id == prepared.attempt_id
            )
        )
        kept = {(row.position, row.lease, row.sequence) for row in rows}
    return [f"acknowledged and lost: {save}" for save in sorted(acknowledged.saves - kept)]

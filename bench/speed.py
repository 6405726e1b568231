"""Lesson page, answer save and result page against a floor measured in the same run.

    .venv/bin/python -m bench.speed [--seconds 4] [--rounds 3]

Prints each figure with its goal and ends with exit code 1 when a goal is missed. Compare ratios
inside one run, never absolute figures across runs: machines are shared and noisy.
"""

import argparse
import http.client
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import sending
from bench.floor import create_app as floor_app
from bench.preparing import Prepared, prepare
from bench.serving import Server, floor_command, own_command, serve


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to send: a name, the server that gets it, and the bytes of the n-th request."""

    name: str
    server: Server
    make: Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Figure:
    """Medians over the rounds."""

    rate: float
    cpu_ms: float
    p99_ms: float


def request_bytes(method: str, path: str, cookie: str, body: bytes = b"", token: str = "") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {cookie}"]
    lines += ["Accept: application/json" if body else "Accept: text/html"]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        lines += [f"X-CSRFToken: {token}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def cases(ours: Server, floor: Server, prepared: Prepared) -> list[Case]:
    floor_cookie = sign_in_to_floor(floor)

    def save(n: int) -> bytes:
        body = json.dumps(
            {
                "position": prepared.position,
                "lease": prepared.lease,
                "sequence": n + 1,
                "response": {"choice": "a"},
                "elapsed_ms": 1000,
            }
        ).encode()
        path = f"/assess/attempts/{prepared.attempt_id}/answers"
        return request_bytes("POST", path, prepared.cookie, body, prepared.token)

    page = request_bytes("GET", prepared.lesson_path, prepared.cookie)
    floor_page = request_bytes("GET", "/lesson", floor_cookie)
    result = request_bytes("GET", prepared.result_path, prepared.cookie)
    floor_save = request_bytes("POST", "/save", floor_cookie, b'{"response": "a", "position": 3}')
    return [
        Case("lesson", ours, lambda n: page),
        Case("floor lesson", floor, lambda n: floor_page),
        Case("save", ours, save),
        Case("floor save", floor, lambda n: floor_save),
        Case("result", ours, lambda n: result),
    ]


def sign_in_to_floor(floor: Server) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", floor.port, timeout=5)
    connection.request("GET", "/sign-in")
    return str(connection.getresponse().getheader("Set-Cookie")).split(";")[0]


def measure(all_cases: list[Case], seconds: float, rounds: int) -> dict[str, Figure]:
    """Run the cases in turn, several times over, and take medians."""
    runs: dict[str, list[Figure]] = {case.name: [] for case in all_cases}
    shift = 0
    for number in range(rounds):
        for case in all_cases:
            before = case.server.cpu_seconds()
            offset = shift
            got = sending.run(case.server.port, lambda n, c=case, o=offset: c.make(n + o), seconds)
            shift += 40_000_000  # sequences of one lease are never used twice
            cpu = (case.server.cpu_seconds() - before) / got.requests * 1000
            runs[case.name].append(Figure(got.rate, cpu, got.p99_ms))
            print(
                f"  round {number + 1} {case.name:13} {got.rate:7.0f}/s  {cpu:5.2f} ms CPU  "
                f"p99 {got.p99_ms:6.1f} ms" + (f"  {got.bad} not 2xx" if got.bad else ""),
                flush=True,
            )
            if got.bad:
                raise SystemExit(f"{case.name}: {got.bad} of {got.requests} answers were not 2xx")
    return {
        name: Figure(
            statistics.median(f.rate for f in figures),
            statistics.median(f.cpu_ms for f in figures),
            statistics.median(f.p99_ms for f in figures),
        )
        for name, figures in runs.items()
    }


def judge(figures: dict[str, Figure], ours: Server) -> bool:
    """Print every goal with what was found; True when all hold."""
    lesson, save, result = figures["lesson"], figures["save"], figures["result"]
    goals = [
        ("lesson page / floor", lesson.rate / figures["floor lesson"].rate, ">=", 0.70),
        ("lesson page, ms of CPU", lesson.cpu_ms, "<=", 2.0),
        ("answer save / floor", save.rate / figures["floor save"].rate, ">=", 1.0),
        ("result page cost / lesson page", result.cpu_ms / lesson.cpu_ms, "<=", 3.0),
        ("first 200, s", ours.first_200_s, "<=", 1.0),
        ("web, master and two workers, MB PSS", ours.pss_mb(), "<=", 150.0),
    ]
    fine = True
    print()
    for name, found, sign, goal in goals:
        holds = found >= goal if sign == ">=" else found <= goal
        fine &= holds
        print(f"{'ok  ' if holds else 'MISS'} {name:38} {found:8.2f}  (goal {sign} {goal})")
    return fine


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("Preparing a database with the course and an attempt …", flush=True)
        prepared = prepare(folder)
        floor_env = {"FLOOR_FOLDER": name, "FLOOR_HTML": str(folder / "floor.html")}
        os.environ.update(floor_env)
        floor_app()  # makes its tables once: two workers that do it together end each other
        with (
            serve(own_command, prepared.env, "/healthz") as ours,
            serve(partial(floor_command, "bench.floor:create_app"), floor_env, "/sign-in") as floor,
        ):
            found = measure(cases(ours, floor, prepared), options.seconds, options.rounds)
            return 0 if judge(found, ours) else 1


if __name__ == "__main__":
    sys.exit(main())

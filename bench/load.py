"""Two hundred people who answer at the same moment every two seconds, beside the floor.

    .venv/bin/python -m bench.load [--people 200] [--seconds 60] [--every 2]

The embedded form: scripts/serve's own web process and SQLite. Prints the waiting times of an answer
beside those of the floor's durable insert in the same run, and ends with exit code 1 when a save
failed, an acknowledged one is not in the database, or somebody waited past the next answer.
"""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import select

from app import make_app
from bench.floor import create_app as floor_app
from bench.preparing import Prepared, cookie_of, prepare
from bench.sending import Reply, in_rounds, percentile
from bench.serving import Server, floor_command, own_command, serve
from bench.speed import request_bytes, sign_in_to_floor
from config import Settings
from models.assessment import Answer
from services.accounts.people import add_member, load_viewer
from services.actor import SYSTEM, Actor
from services.assessment import delivery, starting
from services.session import reading, writing

FORM = "narrow-c2"  # the learner of the preparation sits it too, so its places are known


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody with an open attempt."""

    cookie: str
    attempt_id: int
    lease: int


def settings_of(prepared: Prepared) -> Settings:
    own = {k: v for k, v in os.environ.items() if not k.startswith("THRESHOLD_")}
    return Settings.from_environment({**own, **prepared.env})


def gather(prepared: Prepared, people: int) -> list[Sitter]:
    """Learners, each in an attempt of their own."""
    app, now = make_app(settings_of(prepared)), datetime.now(UTC)
    found = []
    with app.app_context():
        for number in range(people):
            with writing() as session:
                address = f"person{number}@beilun.example"
                person = add_member(
                    session, SYSTEM, f"Person {number}", address, ["learner"], now, invented=True
                )
                viewer = load_viewer(session, person)
                assert viewer is not None
                actor = Actor(viewer.id, viewer.subject, viewer.roles)
                attempt = starting.create_attempt(
                    session, person, "narrow", FORM, "en", number, now
                )
                starting.begin(session, actor, attempt, now)
                lease = delivery.open_attempt(session, actor, attempt, "bench", now)
            found.append(Sitter(cookie_of(app, actor), attempt, lease or 1))
    return found


def answer_of(prepared: Prepared, sitters: list[Sitter], person: int, number: int) -> bytes:
    sitter = sitters[person]
    body = {
        "position": prepared.position,
        "lease": sitter.lease,
        "sequence": number + 1,
        "response": {"choice": "abc"[(person + number) % 3]},
        "elapsed_ms": 2000,
    }
    path = f"/assess/attempts/{sitter.attempt_id}/answers"
    return request_bytes("POST", path, sitter.cookie, json.dumps(body).encode(), prepared.token)


def lost(prepared: Prepared, sitters: list[Sitter], replies: list[Reply]) -> int:
    """How many answers were acknowledged and are not in the database as they were sent."""
    app = make_app(settings_of(prepared))
    with app.app_context(), reading() as session:
        rows = session.execute(select(Answer.attempt_id, Answer.sequence, Answer.response))
        kept = {(row.attempt_id, row.sequence): row.response for row in rows}
    gone = 0
    for reply in replies:
        if reply.status == 200 and json.loads(reply.body).get("saved"):
            wanted = {"choice": "abc"[(reply.person + reply.round) % 3]}
            gone += kept.get((sitters[reply.person].attempt_id, reply.round + 1)) != wanted
    return gone


def report(name: str, replies: list[Reply]) -> tuple[float, int]:
    """Print the waiting times; gives back the longest and how many failed."""
    times = [reply.ms for reply in replies]
    bad = sum(reply.status != 200 for reply in replies)
    shares = "  ".join(f"p{share} {percentile(times, share):7.0f} ms" for share in (50, 95, 99))
    print(f"{name:10} {len(times):6} answers  {shares}  longest {max(times):7.0f} ms  {bad} failed")
    return max(times), bad


def measure(prepared: Prepared, ours: Server, floor: Server, options: argparse.Namespace) -> bool:
    rounds = int(options.seconds / options.every)
    sitters = gather(prepared, options.people)
    cookie = sign_in_to_floor(floor)
    same = request_bytes("POST", "/save", cookie, b'{"response": "a", "position": 3}')
    print(f"{options.people} people, every {options.every:g} s, load {os.getloadavg()}", flush=True)
    beside = in_rounds(floor.port, lambda p, n: same, options.people, rounds, options.every)
    make = partial(answer_of, prepared, sitters)
    replies = in_rounds(ours.port, make, options.people, rounds, options.every)
    report("floor", beside)
    longest, bad = report("Threshold", replies)
    gone = lost(prepared, sitters, replies)
    print(f"{gone} acknowledged answers lost, load {os.getloadavg()}")
    in_time = longest <= options.every * 1000
    if not in_time:
        print("MISS somebody waited longer than until the next answer")
    return in_time and not bad and not gone


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--every", type=float, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("Preparing a database with the course and the people …", flush=True)
        prepared = prepare(folder)
        floor_env = {"FLOOR_FOLDER": name, "FLOOR_HTML": str(folder / "floor.html")}
        os.environ.update(floor_env)
        floor_app()
        with (
            serve(own_command, prepared.env, "/healthz") as ours,
            serve(partial(floor_command, "bench.floor:create_app"), floor_env, "/sign-in") as floor,
        ):
            return 0 if measure(prepared, ours, floor, options) else 1


if __name__ == "__main__":
    sys.exit(main())

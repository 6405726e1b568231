"""Threshold as its users start it: real processes in an instance folder of their own."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import psutil

from config import ROOT

ABSENT = Path(__file__).parent / "absent"
READY_WITHIN_S = 180  # a first start loads all content; other tests may be at work meanwhile


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(instance: Path, **settings: str) -> dict[str, str]:
    """An environment with these settings (field=value) and no others, without the tests' rich."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("THRESHOLD_", "PROMETHEUS_"))}
    given = {f"THRESHOLD_{name.upper()}": value for name, value in settings.items()}
    ours = {"THRESHOLD_INSTANCE": str(instance), "THRESHOLD_LOG_LEVEL": "error"}
    return {**kept, **ours, **given, "PYTHONPATH": os.pathsep.join(map(str, (ABSENT, ROOT)))}


def command(*words: str) -> list[str]:
    """What scripts/serve becomes once its virtual environment stands."""
    return [sys.executable, "-P", "cli/supervisor.py", *words]


def refused(instance: Path, *words: str, **settings: str) -> tuple[int, list[str]]:
    """The exit code of a start that must not succeed, and the lines that it said."""
    done = subprocess.run(
        command(*words),
        cwd=ROOT,
        env=environment(instance, **settings),
        capture_output=True,
        text=True,
        timeout=READY_WITHIN_S,
    )
    return done.returncode, (done.stdout + done.stderr).splitlines()


class Site:
    """A running site: its supervisor, and what that has said so far."""

    def __init__(self, instance: Path, *words: str, **settings: str) -> None:
        self.instance, self.port = instance, free_port()
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command("--port", str(self.port), *words),
            cwd=ROOT,
            env=environment(instance, **settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            self.lines.extend(line.rstrip() for line in lines)

    @property
    def said(self) -> str:
        return "\n".join(self.lines)

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a page."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()

    def members(self) -> dict[str, list[psutil.Process]]:
        """The processes below the supervisor by name, as the minder of all of them has them."""
        (minder,) = psutil.Process(self.process.pid).children()
        found = {"minder": [minder]}
        for word in minder.cmdline():
            name, equals, pid = word.partition("=")
            if equals:
                found.setdefault(name, []).append(psutil.Process(int(pid)))
        return found

    def everybody(self) -> list[psutil.Process]:
        return [psutil.Process(self.process.pid), *chain(*self.members().values())]

    def end(self) -> int:
        """Stop it the normal way and give back the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self._reader.join(10)
        return code


@contextmanager
def running(instance: Path, *words: str, **settings: str) -> Iterator[Site]:
    """A site that has said that it is ready; stopped at the end whatever happens."""
    site = Site(instance, *words, **settings)
    try:
        until(lambda: "ready at" in site.said or site.process.poll() is not None, READY_WITHIN_S)
        assert "ready at" in site.said, site.said
        yield site
    finally:
        site.end()


def until(holds: Callable[[], object], seconds: float) -> None:
    """Wait until something holds; fails after so many seconds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.05)

"""A real installation for the browser: web and jobs as `flask serve` starts them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app import make_app
from config import ROOT, Settings

START_SECONDS = 60


@dataclass
class Site:
    """A running installation: its address, its folder, and an application on the same database."""

    url: str
    instance: Path
    app: Flask
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_site(instance: Path, prepared: Path, extra: dict[str, str] | None = None) -> Site:
    """Serve a copy of the prepared database; RuntimeError holds the log when it does not start."""
    instance.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(prepared, instance / "threshold.sqlite3")
    port = free_port()
    given = {
        "THRESHOLD_INSTANCE": str(instance),
        "THRESHOLD_BASE_URL": f"http://127.0.0.1:{port}",
        "THRESHOLD_COMPANY": "Beilun Steelware",
        "THRESHOLD_LOG_LEVEL": "warning",
        **(extra or {}),
    }
    log = (instance / "serve.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "serve", "--port", str(port)],
        cwd=ROOT,
        env={k: v for k, v in os.environ.items() if not k.startswith("THRESHOLD_")} | given,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = given["THRESHOLD_BASE_URL"]
    if not _answers(url, process):
        process.kill()
        raise RuntimeError((instance / "serve.log").read_text())
    return Site(url, instance, make_app(Settings.from_environment(given)), process)


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False

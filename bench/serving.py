"""Starting a server for a measurement, and reading what the kernel says of its processes."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port, its first process, and how long the first 200 took."""

    port: int
    pid: int
    first_200_s: float

    @property
    def pids(self) -> list[int]:
        """The server's process and all below it."""
        return [self.pid, *_below(self.pid)]

    def cpu_seconds(self) -> float:
        """User and system time of all its processes so far."""
        total = 0
        for pid in self.pids:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def pss_mb(self) -> float:
        """Proportional memory of all its processes, in MB."""
        return sum(pss_mb(pid) for pid in self.pids)


def pss_mb(pid: int) -> float:
    """Proportional set size of one process, in MB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _below(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [p for child in map(int, children) for p in (child, *_below(child))]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve(target: str, env: dict[str, str], probe: str) -> Iterator[Server]:
    """Serve a WSGI factory with granian: two workers, one blocking thread each."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory",
        "--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "1",
        "--no-access-log", "--log-level", "error", target,
    ]  # fmt: skip
    begun = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **env},
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, probe, begun + 30)
        yield Server(port, process.pid, time.perf_counter() - begun)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)


def wait_for(port: int, path: str, until: float) -> None:
    while time.perf_counter() < until:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"no answer from port {port}")

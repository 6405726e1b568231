"""Starting a server for a measurement, and reading what the kernel says of its processes."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.supervisor import QUICK_FLASK

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
        return [self.pid, *below(self.pid)]

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


def below(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [p for child in map(int, children) for p in (child, *below(child))]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def floor_command(target: str, port: int) -> list[str]:
    """Granian with the settings that Threshold gives it: two workers, one blocking thread each."""
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--factory",
        "--http", "1", "--no-ws", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "1", "--no-access-log", "--log-level", "error",
        target,
    ]  # fmt: skip


def own_command(port: int) -> list[str]:
    """Threshold's web process as scripts/serve starts it."""
    return [*QUICK_FLASK, "--app", "app", "serve", "web", "--port", str(port)]


@contextmanager
def serve(command: Callable[[int], list[str]], env: dict[str, str], probe: str) -> Iterator[Server]:
    """Run a server on a free port and wait for its first 200."""
    port = free_port()
    begun = time.perf_counter()
    process = subprocess.Popen(
        command(port),
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
            status = connection.getresponse().status
            connection.close()
            if status < 500:
                return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"no answer from port {port}")

"""What scripts/serve becomes: prepares the installation, then owns its web and job processes.

Run as a file and importing little, for it stays in memory for as long as the site is up. It
restarts nothing: when one process ends the others are stopped, and whoever runs the site hears of
it. One process loads the application and forks the workers and the jobs from itself (cli/web.py);
then it only minds them (cli/minder.py).
"""

import argparse
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NoReturn
from urllib.parse import urlsplit

from config import ROOT, Settings, SettingsError

FLASK = (sys.executable, "-m", "flask", "--app", "app")
# Imports drop hardly anything: looking for garbage meanwhile only costs a sixth of their time.
QUICK_FLASK = (sys.executable, "-c", "import gc; gc.disable(); from flask.cli import main; main()")
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
STOP_WITHIN_S = 8.0
READY_WITHIN_S = 60.0
WRONG_SETTING, NOT_STARTED = 2, 1


Children = dict[str, subprocess.Popen[bytes]]


class Refusal(Exception):
    """Why the site does not start, in lines for a person, and the exit code."""

    def __init__(self, message: str, code: int = NOT_STARTED) -> None:
        super().__init__(message)
        self.code = code


class Stopped(BaseException):
    """Somebody asked us to stop: raised in the main thread wherever it is."""


def main(arguments: Sequence[str]) -> int:
    """Serve until told to stop (exit code 0) or until something ends by itself (1)."""
    options = _options(arguments)
    environ = _environment(options.host, options.port)
    children: Children = {}
    for number in SIGNALS:
        signal.signal(number, _stop)
    try:
        settings = _checked_settings(environ)
        with _lock(settings.instance):
            try:
                _check_port(options.host, options.port)
                _prepare(options, environ, children)
                return _serve(options, environ, settings, children)
            finally:
                _end(children)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return refusal.code
    except Stopped:
        print("Threshold has stopped.", flush=True)
        return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/serve", description="Serve Threshold.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", default=8000, type=_port, help="port to listen on (%(default)s)")
    parser.add_argument("--demo", action="store_true", help="fill in an invented company")
    return parser.parse_args(arguments)


def _port(word: str) -> int:
    if not word.isdecimal() or not 1 <= int(word) <= 65535:
        raise argparse.ArgumentTypeError(f"must be a number from 1 to 65535, not {word!r}")
    return int(word)


def _environment(host: str, port: int) -> dict[str, str]:
    """What the children see: the site's address by default, and whose end is theirs too."""
    name = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
    address = f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
    # cli/watch.py reads the last one; importing it from there would load every command here.
    return {"THRESHOLD_BASE_URL": address, **os.environ, "SERVED_BY_PID": str(os.getpid())}


def _stop(number: int, frame: object) -> NoReturn:
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)  # once is enough: what follows is bounded
    raise Stopped


def _checked_settings(environ: dict[str, str]) -> Settings:
    try:
        settings = Settings.from_environment(environ)
    except SettingsError as error:
        raise Refusal(str(error), WRONG_SETTING) from None
    try:
        settings.instance.mkdir(parents=True, exist_ok=True)
        probe = settings.instance / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        message = f"THRESHOLD_INSTANCE: cannot write in {settings.instance}: {error.strerror}"
        raise Refusal(message, WRONG_SETTING) from None
    return settings


def _lock(instance: Path) -> IO[str]:
    """Hold the instance for as long as the file is open; the system frees it whatever happens."""
    lock = (instance / "serve.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        owner = lock.read().strip() or "unknown"
        raise Refusal(f"Threshold is already running on {instance} (process {owner})") from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _check_port(host: str, port: int) -> None:
    """Refuse a taken port: Granian would share it, and get only some of the requests."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # Connections of a server that has ended may linger; they are no reason to refuse.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        message = f"Cannot listen on {host} port {port}: {error.strerror}; try --port with another"
        raise Refusal(message) from None


def _prepare(
    options: argparse.Namespace,
    environ: dict[str, str],
    children: Children,
) -> None:
    """Migrate and load in a process of its own, so that its memory goes with it."""
    words = ["serve", "prepare", *(["--demo"] if options.demo else [])]
    children["prepare"] = subprocess.Popen([*FLASK, *words], cwd=ROOT, env=environ)
    if children["prepare"].wait():
        raise Refusal("Threshold could not be prepared; the reason stands above")
    del children["prepare"]


def _serve(
    options: argparse.Namespace,
    environ: dict[str, str],
    settings: Settings,
    children: Children,
) -> int:
    """Start the site, say where it is, and wait until it ends."""
    figures = settings.instance / "metrics"
    shutil.rmtree(figures, ignore_errors=True)  # the figures of processes that are no more
    figures.mkdir()
    where = ["--host", options.host, "--port", str(options.port)]
    children["site"] = subprocess.Popen(
        [*QUICK_FLASK, "--app", "app", "serve", "web", "--with-jobs", *where],
        cwd=ROOT,
        env={**environ, "PROMETHEUS_MULTIPROC_DIR": str(figures)},
    )
    started, announced = time.monotonic(), False
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                print(f"The {name} process ended ({_how(child.returncode)}).", file=sys.stderr)
                return NOT_STARTED
        if not announced and _answers(options.host, options.port, settings.base_url):
            announced = True
            print(f"Threshold is ready at {settings.base_url} (Ctrl-C stops it)", flush=True)
        if not announced and time.monotonic() - started > READY_WITHIN_S:
            raise Refusal(f"The site did not answer within {READY_WITHIN_S:.0f} s")
        time.sleep(0.2 if announced else 0.05)


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _answers(host: str, port: int, base_url: str) -> bool:
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    request = f"GET /healthz HTTP/1.0\r\nHost: {urlsplit(base_url).netloc}\r\n\r\n"
    try:
        with socket.create_connection((name, port), timeout=5) as connection:
            connection.sendall(request.encode())
            return b" 200 " in connection.recv(64)
    except OSError:
        return False


def _end(children: Children) -> None:
    """Stop what still runs: asked first, and killed when that takes too long."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_WITHIN_S
    for child in children.values():
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

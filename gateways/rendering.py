"""One helper process for texts by people who are not trusted to be quick.

Markdown takes seconds on some hostile texts and cannot be interrupted inside a thread. So saves and
previews run the very function that the loader runs, but over there: started on first use, ended
after a minute without work, killed and started anew when a text takes longer than two seconds.

    parent -> child   one line of JSON: the request
    child -> parent   one line of JSON: {"answer": ...} or {"error": "RecursionError"}

The child ends when the parent does: it sees the end of its input, and while it works an alarm of
the kernel ends it, which no regular expression can hold back.
"""

import atexit
import contextlib
import importlib
import json
import os
import resource
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

ROOT = Path(__file__).parent.parent
SECONDS = 2.0
IDLE_SECONDS = 60.0
START_SECONDS = 20.0  # importing on a busy machine; counted apart from the work
TURN_SECONDS = 10.0
MAX_SOURCE_BYTES = 200 * 1024
MAX_MEMORY = 1024**3
READY = b"ready\n"

Work = dict[str, Any]


class RenderingRefused(Exception):
    """The base of what can go wrong between the request and its answer."""


class TooLarge(RenderingRefused):
    """The source is over the cap; nothing was started."""


class TooSlow(RenderingRefused):
    """The work took longer than the cap and was killed."""


class Failed(RenderingRefused):
    """The helper died or could not be started, or the work raised something unforeseen."""


class Renderer(Protocol):
    """What services ask for; tests may give a plain function instead."""

    def __call__(self, request: Work) -> Work:
        """Do one piece of work; `request["source"]` is the text. Raises RenderingRefused."""
        ...


class RenderingProcess:
    """Runs `module:function` in a helper process, one request at a time.

    seconds: cap for one request. idle: after so many seconds without work the helper ends.
    """

    def __init__(self, work: str, seconds: float = SECONDS, idle: float = IDLE_SECONDS) -> None:
        self.work = work
        self.seconds = seconds
        self.idle = idle
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = 0
        atexit.register(self.stop)

    def __call__(self, request: Work) -> Work:
        """Send one request and wait for its answer; raises TooLarge, TooSlow or Failed."""
        if len(request["source"].encode("utf-8", "replace")) > MAX_SOURCE_BYTES:
            raise TooLarge
        line = json.dumps(request).encode() + b"\n"
        if not self._turn.acquire(timeout=TURN_SECONDS):
            raise Failed("busy")
        try:
            answer = self._ask(line)
        finally:
            self._turn.release()
        if "error" in answer:
            raise Failed(answer["error"])
        found: Work = answer["answer"]
        return found

    @property
    def pid(self) -> int | None:
        """The helper's process id while it runs."""
        child = self._child
        return child.pid if child is not None and child.returncode is None else None

    def stop(self) -> None:
        """End the helper now; the next request starts a new one."""
        child, self._child = self._child, None
        if child is None or self._owner != os.getpid():
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _ask(self, line: bytes) -> Work:
        for last in (False, True):
            child = self._ready()
            try:
                return _object(_exchange(child, line, self.seconds))
            except TimeoutError:
                self.stop()
                raise TooSlow from None
            except (BrokenPipeError, EOFError):
                # It may have ended of idleness just before it was asked: once more with a new one.
                self.stop()
                if last:
                    raise Failed("the helper ended") from None
        raise AssertionError("unreachable")

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._owner == os.getpid() and self.pid is not None and self._child is not None:
            return self._child
        self.stop()
        self._owner = os.getpid()
        self._child = child = subprocess.Popen(
            [sys.executable, "-m", __name__, self.work, str(self.seconds), str(self.idle)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if not k.startswith("THRESHOLD_")},
            bufsize=0,
        )
        # Takes its exit status as soon as it ends, so that no defunct entry is left behind.
        threading.Thread(target=child.wait, daemon=True).start()
        try:
            started = _exchange(child, b"", START_SECONDS)
        except (TimeoutError, EOFError, BrokenPipeError):
            started = b""
        if started != READY:
            self.stop()
            raise Failed("the helper did not start")
        return child


def _exchange(child: subprocess.Popen[bytes], line: bytes, seconds: float) -> bytes:
    """Send a line and read one; raises TimeoutError, EOFError or BrokenPipeError."""
    assert child.stdin is not None
    assert child.stdout is not None
    late = threading.Event()

    def end() -> None:
        late.set()
        child.kill()  # which ends a write and a read that wait, in whatever state they are

    alarm = threading.Timer(seconds, end)
    alarm.daemon = True
    alarm.start()
    found = bytearray()
    try:
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(child.stdin.fileno(), rest) :]
        while not found.endswith(b"\n"):
            part = os.read(child.stdout.fileno(), 1 << 20)
            if not part:
                raise EOFError
            found += part
    except (EOFError, BrokenPipeError):
        if late.is_set():
            raise TimeoutError from None
        raise
    finally:
        alarm.cancel()
    return bytes(found)


def _object(line: bytes) -> Work:
    found = json.loads(line)
    if not isinstance(found, dict):
        raise Failed("not an object")
    return found


def serve(work: Callable[[Work], Work], seconds: float, idle: float) -> None:
    """The child's life: read, work, answer, until the input ends or nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent; then our input ends
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a stray print must not be taken for an answer
    answers.write(READY)
    answers.flush()
    while select.select([source], [], [], idle)[0]:
        line = source.readline()
        if not line:
            return
        signal.setitimer(signal.ITIMER_REAL, seconds + 1)
        answers.write(json.dumps(_worked(work, line)).encode() + b"\n")
        answers.flush()
        signal.setitimer(signal.ITIMER_REAL, 0)


def _worked(work: Callable[[Work], Work], line: bytes) -> Work:
    try:
        return {"answer": work(json.loads(line))}
    except Exception as error:  # the parent hears the kind only: messages may quote the text
        return {"error": type(error).__name__}


def main(arguments: list[str]) -> None:
    """`python -m gateways.rendering module:function seconds idle`."""
    module, _, function = arguments[0].partition(":")
    work = getattr(importlib.import_module(module), function)
    with contextlib.suppress(BrokenPipeError):
        serve(work, float(arguments[1]), float(arguments[2]))


if __name__ == "__main__":
    main(sys.argv[1:])

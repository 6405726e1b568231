"""What the process becomes that loaded the application and forked the others from itself.

Run as a file and importing little: as itself it would keep the application in memory only to wait
(docs/decisions/0019). It passes the signal to stop on, and ends all when one ends. It keeps its
number (pid), so whoever it forked is still its child.

    minder.py SUPERVISOR NAME=PID ...     SUPERVISOR: the pid to end with, or 0
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from typing import NoReturn

STOPS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
WATCHED = {*STOPS, signal.SIGCHLD}
LOOKS_EVERY_S = 0.5
STOP_WITHIN_S = 5.0

Children = dict[int, str]


def hold_signals() -> None:
    """Keep what is to be heard until somebody asks for it, over the change as well."""
    signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)


def become(supervisor: int, children: Children) -> NoReturn:
    """Turn this process, whose signals are held, into the minder of its children (pid: name)."""
    words = [f"{name}={pid}" for pid, name in children.items()]
    python = [sys.executable, "-I", "-S"]  # neither its packages nor its environment
    os.execv(sys.executable, [*python, os.path.abspath(__file__), str(supervisor), *words])


def main(words: Sequence[str]) -> int:
    """Wait; 0 when told to stop, 1 when a child ended by itself."""
    hold_signals()
    os.closerange(3, 4096)  # sockets and pipes of the children
    supervisor = int(words[0])
    children = {int(pid): name for name, _, pid in (word.partition("=") for word in words[1:])}
    while True:
        # After Ctrl-C children end, too. The signal to stop is heard first: its number is lower.
        heard = signal.sigtimedwait(WATCHED, LOOKS_EVERY_S)
        if heard is not None and heard.si_signo in STOPS:
            _end(children)
            return 0
        if supervisor and os.getppid() != supervisor:
            _kill(children)
            return 1
        if ended := _ended(children):
            for pid, code in ended.items():
                print(f"The {children.pop(pid)} process ended ({_how(code)}).", file=sys.stderr)
            _end(children)
            return 1


def _ended(children: Children) -> dict[int, int]:
    """The exit codes of those that are no more; a negative one is a signal's number."""
    found = {}
    for pid in children:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            found[pid] = os.waitstatus_to_exitcode(status)
    return found


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _end(children: Children) -> None:
    """Ask all to stop; kill who has not within a few seconds."""
    for pid in children:
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_WITHIN_S
    while children and time.monotonic() < deadline:
        for pid in _ended(children):
            del children[pid]
        signal.sigtimedwait(WATCHED, 0.05)
    _kill(children)


def _kill(children: Children) -> None:
    for pid in children:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A process of its own for each file that somebody sends: little time, little memory, no secrets.

    parent -> child   the file's bytes on its input, the options as JSON in its arguments
    child -> parent   JSON: {"answer": ...}, or {"refused": why} in words for the person

Whatever a file does to its reader, it does it there. The child is killed when it takes too long,
and ends of itself when it takes more memory or processor time than it has.
"""

import contextlib
import importlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from domain.exchange.questions import Unreadable

ROOT = Path(__file__).parent.parent
SECONDS = 4.0
MEMORY = 384 * 1024**2  # of addresses; a Python with its libraries takes 120 MB of it
MOST_ANSWER = 64 * 1024**2


def run(work: str, data: bytes, options: Mapping[str, Any], seconds: float = SECONDS) -> Any:
    """`module:function` of the bytes and the options; raises Unreadable with the reason."""
    command = [sys.executable, "-m", __name__, work, json.dumps(dict(options)), str(seconds)]
    try:
        done = subprocess.run(
            command,
            input=data,
            capture_output=True,
            cwd=ROOT,
            env={k: v for k, v in os.environ.items() if not k.startswith("THRESHOLD_")},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("takes too long to read; divide it into smaller files") from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        raise Unreadable("takes too much time or memory to read; divide it") from None
    if "refused" in answer:
        raise Unreadable(str(answer["refused"]))
    return answer["answer"]


def serve(
    work: Callable[[bytes, Mapping[str, Any]], Any], options: Mapping[str, Any]
) -> dict[str, Any]:
    """What the child answers."""
    try:
        return {"answer": work(sys.stdin.buffer.read(), options)}
    except Unreadable as refusal:
        return {"refused": str(refusal)}
    except (MemoryError, RecursionError) as error:
        return {"refused": f"takes too much memory to read ({type(error).__name__})"}


def main(arguments: list[str]) -> None:
    """`python -m gateways.isolated module:function options seconds`."""
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        limit = int(float(arguments[2])) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes no file
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    module, _, function = arguments[0].partition(":")
    work = getattr(importlib.import_module(module), function)
    answers, sys.stdout = sys.stdout, sys.stderr  # a stray print must not be taken for an answer
    answer = json.dumps(serve(work, json.loads(arguments[1])))
    if len(answer) > MOST_ANSWER:
        answer = json.dumps({"refused": "holds more than can be read at once; divide it"})
    answers.write(answer)
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1:])

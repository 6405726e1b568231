"""No process outlives its parent: not even when that was ended with kill -9."""

import os
import threading
import time
from collections.abc import Mapping
from typing import NoReturn

PARENT_VARIABLE = "SERVED_BY_PID"
EVERY_S = 0.5


def end_with(parent: int) -> None:
    """End this process within a second of its parent. Work under way is lost, as by kill -9."""

    def watch() -> NoReturn:
        while os.getppid() == parent:
            time.sleep(EVERY_S)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def supervisor_of(environ: Mapping[str, str]) -> int:
    """The pid of the supervisor that started this process; 0 for one started by hand."""
    return int(environ.get(PARENT_VARIABLE, 0))


def end_with_supervisor(environ: Mapping[str, str]) -> None:
    """Watch the supervisor that started this process; a process started by hand watches nobody."""
    if supervisor := supervisor_of(environ):
        end_with(supervisor)

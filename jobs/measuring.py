"""Calibrations and statistics. Each runs in a process of its own: numpy costs memory for good."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from config import ROOT

LASTS = timedelta(hours=1)


def command(*words: str, key: str, data: Mapping[str, Any]) -> None:
    """`flask measure ...` about the id under `key`; raises CalledProcessError when it fails."""
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "measure", *words, str(int(data[key]))],
        check=True,
        cwd=ROOT,
        # The threads of small products wait for each other longer than they compute.
        env={"OPENBLAS_NUM_THREADS": "1", **os.environ},
        timeout=LASTS.total_seconds(),
        stdout=subprocess.DEVNULL,
    )


def _task(*words: str, key: str) -> Callable[[Mapping[str, Any]], None]:
    return lambda data: command(*words, key=key, data=data)


TASKS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "calibration.run": _task("calibrate", key="run_id"),
    "statistics.run": _task("statistics", key="work_id"),
}

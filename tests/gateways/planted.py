"""Work that goes wrong, for the tests of gateways/isolated.py."""

import os
import re
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from domain.exchange.questions import Unreadable
from gateways import uploads


def sleeps(data: bytes, options: Mapping[str, Any]) -> None:
    time.sleep(60)


def fills(data: bytes, options: Mapping[str, Any]) -> int:
    return len([bytes(10_000_000) for _ in range(1000)])


def dies(data: bytes, options: Mapping[str, Any]) -> None:
    os.abort()


def measured(data: bytes, options: Mapping[str, Any]) -> int:
    """The real work, and the memory that it took at its peak (KiB), said with a refusal too."""
    try:
        getattr(uploads, options["work"])(data, {})
    except Unreadable as refusal:
        raise Unreadable(f"{refusal} [{peak()} KiB]") from None
    return peak()


def peak() -> int:
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0])

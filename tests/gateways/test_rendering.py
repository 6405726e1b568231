"""The helper process: it answers, is killed when slow, ends when idle, and outlives nobody."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config import ROOT
from gateways.rendering import MAX_SOURCE_BYTES, Failed, RenderingProcess, TooLarge, TooSlow

HERE = "tests.gateways.test_rendering"


def work(request: dict[str, Any]) -> dict[str, Any]:
    """What the helper runs in these tests; the source says what to do."""
    match request["source"]:
        case "sleep":
            time.sleep(60)
        case "crash":
            os._exit(1)
        case "raise":
            raise RecursionError("the text of somebody")
        case "print":
            print("a stray word")
        case "secrets":
            return {"names": sorted(n for n in os.environ if n.startswith("THRESHOLD_"))}
    return {"length": len(request["source"]), "pid": os.getpid()}


@pytest.fixture
def helper() -> Iterator[RenderingProcess]:
    process = RenderingProcess(f"{HERE}:work", seconds=0.5)
    yield process
    process.stop()


def _gone(pid: int, seconds: float = 5) -> bool:
    """Whether the process is gone; a defunct entry in the table counts as there."""
    for _ in range(int(seconds * 20)):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.05)
    return False


def test_nothing_runs_before_the_first_request(helper: RenderingProcess) -> None:
    assert helper.pid is None


def test_requests_are_answered_by_one_process(helper: RenderingProcess) -> None:
    first, second = helper({"source": "a"}), helper({"source": "中文"})
    assert (first["length"], second["length"]) == (1, 2)
    assert first["pid"] == second["pid"] == helper.pid != os.getpid()


def test_a_large_answer_and_a_large_request_pass_whole(helper: RenderingProcess) -> None:
    assert helper({"source": "x" * MAX_SOURCE_BYTES})["length"] == MAX_SOURCE_BYTES


def test_a_source_over_the_cap_starts_nothing(helper: RenderingProcess) -> None:
    with pytest.raises(TooLarge):
        helper({"source": "中" * (MAX_SOURCE_BYTES // 3 + 1)})
    assert helper.pid is None


def test_slow_work_is_killed_and_the_next_request_gets_a_new_process(
    helper: RenderingProcess,
) -> None:
    before = helper({"source": "a"})["pid"]
    started = time.monotonic()
    with pytest.raises(TooSlow):
        helper({"source": "sleep"})
    assert time.monotonic() - started < 2
    assert _gone(before)
    assert helper({"source": "a"})["pid"] != before


def test_a_crash_is_told_and_survived(helper: RenderingProcess) -> None:
    with pytest.raises(Failed):
        helper({"source": "crash"})
    assert helper({"source": "a"})["length"] == 1


def test_an_error_says_its_kind_and_not_the_text(helper: RenderingProcess) -> None:
    with pytest.raises(Failed) as caught:
        helper({"source": "raise"})
    assert str(caught.value) == "RecursionError"
    assert helper({"source": "print"})["length"] == 5


def test_the_helper_is_told_no_secrets(
    helper: RenderingProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THRESHOLD_SECRET_KEY", "s" * 40)
    assert helper({"source": "secrets"}) == {"names": []}


def test_an_idle_helper_ends_and_comes_back_when_needed() -> None:
    helper = RenderingProcess(f"{HERE}:work", idle=0.2)
    try:
        first = helper({"source": "a"})["pid"]
        assert _gone(first)
        assert helper.pid is None
        assert helper({"source": "a"})["pid"] != first
    finally:
        helper.stop()


def test_work_that_does_not_exist_is_a_failure() -> None:
    helper = RenderingProcess("gateways.rendering:nothing")
    with pytest.raises(Failed, match="did not start"):
        helper({"source": "a"})
    assert helper.pid is None


PARENT = """
import sys, threading, time
from gateways.rendering import RenderingProcess
helper = RenderingProcess("{here}:work", seconds=1)
print(helper({{"source": "a"}})["pid"], flush=True)
if {busy}:
    threading.Thread(target=lambda: helper({{"source": "sleep"}}), daemon=True).start()
time.sleep(60)
"""


@pytest.mark.parametrize("busy", [False, True])
def test_the_helper_ends_with_its_parent_however_that_ends(busy: bool) -> None:
    code = PARENT.format(here=HERE, busy=busy)
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        time.sleep(0.3 if busy else 0)
        parent.send_signal(signal.SIGKILL)
    assert _gone(child)

"""Where an application stands, over everything that can have happened to it."""

import datetime as dt
from dataclasses import replace

import pytest

from domain.hiring.applications import Facts, Stage, kept_until, stage

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
FRESH = Facts(NOW + DAY, None, None, None, "created", None)
OPENED = replace(FRESH, consented_at=NOW - DAY)
RUNNING = replace(
    OPENED, started_at=NOW, attempt_state="running", deadline=NOW + dt.timedelta(hours=1)
)
ENDED = replace(RUNNING, attempt_state="submitted")
GONE = {"expires_at": NOW - DAY, "revoked_at": NOW - DAY}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (FRESH, Stage.INVITED),
        (OPENED, Stage.OPENED),
        (RUNNING, Stage.STARTED),
        (ENDED, Stage.FINISHED),
        (replace(ENDED, attempt_state="expired"), Stage.FINISHED),
        (replace(FRESH, expires_at=NOW), Stage.EXPIRED),
        (replace(OPENED, expires_at=NOW - DAY), Stage.EXPIRED),
        (replace(FRESH, revoked_at=NOW - DAY), Stage.REVOKED),
        (replace(OPENED, **GONE), Stage.REVOKED),
        (replace(RUNNING, **GONE), Stage.STARTED),
        (replace(ENDED, **GONE), Stage.FINISHED),
        (replace(RUNNING, deadline=NOW - dt.timedelta(seconds=4)), Stage.STARTED),
        (replace(RUNNING, deadline=NOW - dt.timedelta(seconds=6)), Stage.FINISHED),
        (replace(FRESH, attempt_state="expired"), Stage.EXPIRED),
    ],
)
def test_stage(facts: Facts, expected: Stage) -> None:
    assert stage(facts, NOW) is expected


def test_keeping_counts_from_the_end() -> None:
    assert kept_until(NOW, 180) == NOW + 180 * DAY

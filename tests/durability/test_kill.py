"""No acknowledged answer is lost when every process is killed with -9 (trust rules 1 and 2)."""

from pathlib import Path

import pytest

from app import make_app
from bench.preparing import Prepared, prepare
from config import Settings
from tests.durability.kill_run import run


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    return prepare(tmp_path)


def killed(prepared: Prepared, target: str, rounds: int) -> tuple[int, list[str]]:
    app = make_app(Settings.from_environment(prepared.env))
    with app.app_context():
        return run(prepared, target, rounds, seed=20261122)


def test_a_sample_of_kills_loses_nothing(prepared: Prepared) -> None:
    saved, lost = killed(prepared, "app:create_app", rounds=3)
    assert saved > 50
    assert not lost, "\n".join(lost[:20])


@pytest.mark.proof
def test_fifty_kills_lose_nothing(prepared: Prepared) -> None:
    saved, lost = killed(prepared, "app:create_app", rounds=50)
    print(f"\n50 kills, {saved} acknowledged answers, {len(lost)} lost")
    assert not lost, "\n".join(lost[:20])


def test_the_run_catches_a_server_that_acknowledges_too_early(prepared: Prepared) -> None:
    saved, lost = killed(prepared, "tests.durability.planted:create_app", rounds=2)
    assert saved > 50
    assert lost

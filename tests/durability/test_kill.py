"""Nothing that was acknowledged is lost when every process is killed with -9, on both databases.

Trust rules 1 to 3: answers, leases and ends, whatever several tabs do at the same time.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ROOT
from models.base import db
from tests.conftest import NOW
from tests.durability.kill_run import Found, one_round, run
from tests.durability.site import Site, site_in
from tests.postgres import PostgresDatabases

SEED = 20261122
ROUNDS = 75  # of two kills each


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue("prepared"), tmp_path / "threshold.sqlite3")
        yield from _used(site_in(tmp_path, None))
        return
    databases: PostgresDatabases = request.getfixturevalue("postgres")
    with databases.fresh(NOW) as url:
        yield from _used(site_in(tmp_path, url))


def _used(site: Site) -> Iterator[Site]:
    yield site
    with site.app.app_context():
        db.engine.dispose()


def test_a_sample_of_kills_loses_nothing(site: Site) -> None:
    found = run(site, "app:create_app", range(SEED, SEED + 1))
    assert found.saves > 50
    assert found.openings > 5
    assert not found.problems, "\n".join(found.problems[:20])


@pytest.mark.proof
def test_many_kills_lose_nothing(site: Site, request: pytest.FixtureRequest) -> None:
    """Begins where it was interrupted, as long as the code is the same."""
    kept = _progress(request.node.callspec.id)
    done, total = json.loads(kept.read_text()) if kept.exists() else (0, 0)
    for number in range(done, ROUNDS):
        found = one_round(site, "app:create_app", SEED + number)
        assert not found.problems, f"seed {SEED + number}\n" + "\n".join(found.problems[:20])
        total += found.saves
        kept.write_text(json.dumps((number + 1, total)))
    rest: Found = run(site, "app:create_app", range(0))
    assert not rest.problems, "\n".join(rest.problems[:20])
    print(f"\n{2 * ROUNDS} kills, {total} acknowledged answers, none lost")
    kept.unlink()


def _progress(name: str) -> Path:
    """Where a long run notes how far it came; another file once anything has changed."""
    code = hashlib.sha256()
    for folder in ("domain", "models", "services", "blueprints", "migrations", "tests/durability"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            code.update(path.read_bytes())
    return Path(tempfile.gettempdir()) / f"threshold-kills-{name}-{code.hexdigest()[:12]}.json"


@pytest.mark.parametrize("site", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("flaw", "said"),
    [("eager", "acknowledged and lost"), ("in_two_steps", "ended with 0 questions marked")],
)
def test_the_run_catches_a_server_that(site: Site, flaw: str, said: str) -> None:
    found = run(site, f"tests.durability.planted:{flaw}", range(SEED, SEED + 1))
    assert any(problem.startswith(said) for problem in found.problems), found

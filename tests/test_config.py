"""Settings refuse nonsense, each with one line that names the variable."""

from pathlib import Path

import pytest

from config import Settings, SettingsError


def read(tmp_path: Path, **given: str) -> Settings:
    values = {f"THRESHOLD_{name.upper()}": value for name, value in given.items()}
    return Settings.from_environment({"THRESHOLD_INSTANCE": str(tmp_path), **values})


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.is_sqlite
    assert settings.sqlite_path == tmp_path / "threshold.sqlite3"
    assert settings.secret_key == read(tmp_path).secret_key, "made once and kept"
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_postgres_addresses_get_their_driver(tmp_path: Path) -> None:
    for scheme in ("postgres", "postgresql"):
        settings = read(tmp_path, database_url=f"{scheme}://u:p@db.example/threshold")
        assert settings.database_url == "postgresql+psycopg://u:p@db.example/threshold"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("workers", "0"),
        ("workers", "two"),
        ("workers", "-1"),
        ("trusted_proxies", "9"),
        ("database_url", "mysql://db.example/x"),
        ("database_url", "sqlite:///relative.db"),
        ("database_url", "postgresql://db.example:notaport/x"),
        ("redis_url", "http://cache.example"),
        ("smtp_url", "mail.example:25"),
        ("smtp_url", "smtp://mail.example:notaport"),
        ("base_url", "threshold.example"),
        ("base_url", "https://threshold.example/path"),
        ("secret_key", "short"),
        ("environment", "prod"),
        ("log_level", "loud"),
        ("company", "   "),
        ("mail_form", "typing error in the name"),
        ("require_second_factor", "recruiter, boss"),
        ("require_second_factor", "candidate"),
        ("erase_left_after_days", "-1"),
        ("erase_left_after_days", "never"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^THRESHOLD_{name.upper()}: "):
        read(tmp_path, **{name: value})


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        ("", set()),
        ("recruiter,manager, admin", {"recruiter", "manager", "admin"}),
        ("admin", {"admin"}),
    ],
)
def test_roles_that_need_a_second_factor(tmp_path: Path, given: str, roles: set[str]) -> None:
    assert read(tmp_path, require_second_factor=given).require_second_factor == roles


@pytest.mark.parametrize(
    ("base_url", "hosts"),
    [
        ("https://Threshold.Example", {"threshold.example"}),
        ("https://[2001:DB8::1]:8443", {"[2001:db8::1]"}),
        ("http://[::1]:8000", {"localhost", "127.0.0.1", "[::1]"}),
        ("http://127.0.0.1:8000", {"localhost", "127.0.0.1", "[::1]"}),
    ],
)
def test_hosts_are_written_as_requests_write_them(
    tmp_path: Path, base_url: str, hosts: set[str]
) -> None:
    assert read(tmp_path, base_url=base_url).hosts == hosts


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, workers="x", log_level="y")
    assert len(str(caught.value).splitlines()) == 2


def test_an_instance_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="THRESHOLD_INSTANCE: cannot write"):
        read(tmp_path / "file")

"""deploy/ and the operator's guide, held against the settings, the commands and the application."""

import re
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import request
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import make_app
from blueprints.shared.guards import public
from config import PREFIX, ROOT, Settings
from tests.test_docs import unknown_commands

DEPLOY = ROOT / "deploy"
GUIDE = ROOT / "docs" / "guides" / "operator.md"
SETTINGS = {PREFIX + field.name.upper() for field in fields(Settings)}
NAMED = re.compile(rf"\b{PREFIX}[A-Z_]*[A-Z]\b")
ROW = re.compile(r"^\| (\w+) \| (.+?) \|", re.MULTILINE)
GIVEN = {"POSTGRES_PASSWORD": "p" * 32, "THRESHOLD_SECRET_KEY": "s" * 48}
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
SIZE = re.compile(r"(?:client_max_body_size|max_size) (\d+)(?:m|MB)")


def unknown_settings(text: str) -> set[str]:
    """What a text names as settings that are none."""
    return set(NAMED.findall(text)) - SETTINGS


def compose() -> dict[str, Any]:
    """The compose file with its variables filled in as Docker does."""

    def filled(found: re.Match[str]) -> str:
        name, how, rest = found.groups()
        return GIVEN[name] if how != "-" else GIVEN.get(name, rest)

    text = VARIABLE.sub(filled, (DEPLOY / "compose.yaml").read_text())
    assert "${" not in text
    parsed: dict[str, Any] = yaml.safe_load(text)
    return parsed


def test_settings_that_are_named_exist() -> None:
    places = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / ".ci", ROOT / "scripts"]
    files = [path for place in (*places, DEPLOY, ROOT / "docs") for path in _files(place)]
    wrong = {path.name: found for path in files if (found := unknown_settings(path.read_text()))}
    assert not wrong
    assert unknown_settings("THRESHOLD_WORKER and THRESHOLD_WORKERS") == {"THRESHOLD_WORKER"}


def _files(place: Path) -> list[Path]:
    found = [place] if place.is_file() else sorted(place.rglob("*"))
    return [path for path in found if path.is_file() and path.suffix not in (".png", ".jpg")]


def test_the_guide_knows_every_setting_and_its_default(tmp_path: Path) -> None:
    rows = {name: said for name, said in ROW.findall(GUIDE.read_text()) if name.startswith(PREFIX)}
    assert set(rows) == SETTINGS
    usual = Settings.from_environment({"THRESHOLD_INSTANCE": str(tmp_path)})
    for name, said in rows.items():
        value = getattr(usual, name.removeprefix(PREFIX).lower())
        word = " ".join(value) if isinstance(value, tuple) else str(value)
        told = said.strip("`")
        if told == "none":
            assert not value, name
        elif " " not in told.replace(word, "") and not told.endswith("/"):
            assert told == word, name


def test_compose_gives_settings_that_are_sound(tmp_path: Path) -> None:
    services = compose()["services"]
    for name in ("prepare", "web", "jobs"):
        given = services[name]["environment"].items()
        environment = {key: str(value) for key, value in given if PREFIX in key}
        settings = Settings.from_environment({"THRESHOLD_INSTANCE": str(tmp_path), **environment})
        assert not settings.is_sqlite
        assert settings.redis_url is not None
        assert settings.trusted_proxies == 1, "the proxy of this file is the only one"


def test_compose_names_what_there_is() -> None:
    file = compose()
    services, volumes = file["services"], set(file["volumes"])
    for name, service in services.items():
        assert set(service.get("depends_on", ())) <= set(services), name
        used = {line.split(":")[0] for line in service.get("volumes", ())}
        assert used <= volumes, name
        if build := service.get("build"):
            assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()
    said = [service["command"] for service in services.values() if "flask" in str(service)]
    said.append(" ".join(_container_command()))
    assert len(said) >= 3
    assert unknown_commands("\n\n".join(f"`{line}`" for line in said)) == []


def _container_command() -> list[str]:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    words: list[str] = yaml.safe_load(next(x for x in lines if x.startswith("CMD "))[4:])
    return words


def test_the_container_copies_what_there_is() -> None:
    text = (DEPLOY / "Dockerfile").read_text()
    for words in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE):
        assert all((ROOT / word).exists() for word in words.split())


def test_the_unit_is_sound(tmp_path: Path) -> None:
    unit = (DEPLOY / "threshold.service").read_text()
    (start,) = re.findall(r"^ExecStart=/srv/threshold/(\S+)", unit, re.MULTILINE)
    assert (ROOT / start).is_file()
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze here: the unit's own words are not checked")
    copy = tmp_path / "threshold.service"
    copy.write_text(unit.replace("/srv/threshold", str(ROOT)))
    assert _complaints(copy) == ""
    copy.write_text(copy.read_text().replace("NoNewPrivileges=yes", "NoNewPrivilege=yes"))
    assert "NoNewPrivilege" in _complaints(copy)


def _complaints(unit: Path) -> str:
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60
    )
    return "\n".join(line for line in done.stderr.splitlines() if unit.name in line)


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_proxy_lets_every_file_through_and_no_figures(name: str, tmp_path: Path) -> None:
    text = (DEPLOY / name).read_text()
    views = make_app(_behind_a_proxy(tmp_path)).view_functions.values()
    largest = max(getattr(view, "most_bytes", 0) for view in views)
    assert largest < int(SIZE.findall(text)[0]) * 10**6
    assert "/metrics" in text


def test_the_headers_of_the_proxy_are_believed_and_a_visitors_are_not(tmp_path: Path) -> None:
    app = make_app(_behind_a_proxy(tmp_path))

    @app.get("/told")
    @public
    def told() -> str:
        return f"{request.scheme} {request.host} {request.remote_addr}"

    text = (DEPLOY / "nginx.conf").read_text()
    means = {"$host": "threshold.example", "$remote_addr": "203.0.113.7", "$scheme": "https"}
    given = dict(re.findall(r"proxy_set_header (\S+) (\S+);", text))
    headers = {name: means[word] for name, word in given.items() if word in means}
    forged = {"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Host": "elsewhere.example"}
    environ = EnvironBuilder("/told", headers=forged | headers).get_environ()
    body, status, sent = run_wsgi_app(app.wsgi_app, environ, buffered=True)
    assert status == "200 OK"
    assert b"".join(body) == b"https threshold.example 203.0.113.7"
    assert sent["Strict-Transport-Security"]


def _behind_a_proxy(instance: Path) -> Settings:
    return Settings.from_environment(
        {
            "THRESHOLD_INSTANCE": str(instance),
            "THRESHOLD_BASE_URL": "https://threshold.example",
            "THRESHOLD_TRUSTED_PROXIES": "1",
            "THRESHOLD_LOG_LEVEL": "error",
        }
    )

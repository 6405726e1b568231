"""All settings, read once from the environment and refused at start when one is wrong.

A setting is an environment variable named THRESHOLD_<FIELD>. An unknown THRESHOLD_ variable is an
error too: a misspelt setting must not be a silent default.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

ROOT = Path(__file__).parent
PREFIX = "THRESHOLD_"
DATABASE_SCHEMES = ("sqlite", "postgresql")
VOLUNTARY = ("gender", "age", "language")
ROLES = ("learner", "trainer", "recruiter", "manager", "admin")


class SettingsError(Exception):
    """One line per wrong setting."""


@dataclass(frozen=True)
class Settings:
    """What this installation is. Paths are absolute, URLs are checked, secrets are present."""

    instance: Path
    database_url: str
    redis_url: str | None
    secret_key: str
    base_url: str
    smtp_url: str | None
    mail_from: str
    company: str
    trusted_proxies: int
    workers: int
    environment: Literal["production", "development", "test"]
    log_level: Literal["debug", "info", "warning", "error"]
    # What candidates are asked about themselves after the test; empty: nothing.
    voluntary_questions: tuple[str, ...]
    # Roles that may not go on without a second factor.
    require_second_factor: frozenset[str]
    # Days after which members who were shut out are erased; 0: never by itself.
    erase_left_after_days: int

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_path(self) -> Path:
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def secure_cookies(self) -> bool:
        return self.base_url.startswith("https://")

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Host names in lower case that requests may carry; on a loopback address all its names."""
        name = urlsplit(self.base_url).hostname or ""
        host = f"[{name}]" if ":" in name else name  # as IPv6 addresses stand in a Host header
        loopback = frozenset({"localhost", "127.0.0.1", "[::1]"})
        return loopback if host in loopback else frozenset({host})

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check every setting; raises SettingsError naming each wrong one."""
        given = {k.removeprefix(PREFIX).lower(): v for k, v in environ.items() if _is_ours(k)}
        reader = _Reader(given)
        instance = Path(given.pop("instance", "") or ROOT / "instance").absolute()
        settings = cls(
            instance=instance,
            database_url=reader.database(instance),
            redis_url=reader.url("redis_url", ("redis", "rediss")),
            secret_key=reader.secret(instance),
            base_url=reader.base_url(),
            smtp_url=reader.url("smtp_url", ("smtp", "smtps", "smtp+starttls")),
            mail_from=reader.text("mail_from", "Threshold <threshold@localhost>"),
            company=reader.text("company", "Threshold"),
            trusted_proxies=reader.number("trusted_proxies", 0, 0, 5),
            workers=reader.number("workers", 2, 1, 64),
            environment=reader.choice(  # type: ignore[arg-type]  # checked against the same words
                "environment", "production", ("production", "development", "test")
            ),
            log_level=reader.choice(  # type: ignore[arg-type]  # checked against the same words
                "log_level", "info", ("debug", "info", "warning", "error")
            ),
            voluntary_questions=reader.several("voluntary_questions", VOLUNTARY),
            require_second_factor=reader.roles("require_second_factor"),
            erase_left_after_days=reader.number("erase_left_after_days", 0, 0, 3650),
        )
        reader.finish()
        return settings


def _is_ours(name: str) -> bool:
    return name.startswith(PREFIX) and not name.startswith(PREFIX + "TEST_")


class _Reader:
    """Takes settings out of a mapping and collects what is wrong with them."""

    def __init__(self, given: dict[str, str]) -> None:
        self.given = given
        self.problems: list[str] = []

    def _bad(self, name: str, message: str) -> None:
        self.problems.append(f"{PREFIX}{name.upper()}: {message}")

    def text(self, name: str, default: str) -> str:
        value = self.given.pop(name, default).strip()
        if not value or len(value) > 200 or any(ord(c) < 32 for c in value):
            self._bad(name, "must be 1 to 200 printable characters")
        return value

    def number(self, name: str, default: int, low: int, high: int) -> int:
        raw = self.given.pop(name, str(default))
        if not raw.isdecimal() or not low <= int(raw) <= high:
            self._bad(name, f"must be a whole number from {low} to {high}, not {raw!r}")
            return default
        return int(raw)

    def choice(self, name: str, default: str, words: tuple[str, ...]) -> str:
        value = self.given.pop(name, default)
        if value not in words:
            self._bad(name, f"must be one of {', '.join(words)}, not {value!r}")
            return default
        return value

    def several(self, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """Some of the known words, all where nothing is said, none for the word "none"."""
        raw = self.given.pop(name, None)
        if raw is None:
            return known
        wanted = set(raw.replace(",", " ").split()) - {"none"}
        if unknown := sorted(wanted.difference(known)):
            self._bad(name, f"knows {', '.join(known)}, none and not {', '.join(unknown)}")
        return tuple(word for word in known if word in wanted)

    def roles(self, name: str) -> frozenset[str]:
        wanted = frozenset(self.given.pop(name, "").replace(",", " ").split())
        if unknown := sorted(wanted.difference(ROLES)):
            self._bad(name, f"knows {', '.join(ROLES)} and not {', '.join(unknown)}")
        return wanted

    def url(self, name: str, schemes: tuple[str, ...]) -> str | None:
        value = self.given.pop(name, "")
        if not value:
            return None
        parts = _split(value)
        if parts is None or parts.scheme not in schemes or not parts.hostname:
            self._bad(name, f"must be a URL that starts with {' or '.join(schemes)}://")
        return value

    def database(self, instance: Path) -> str:
        value = self.given.pop("database_url", "") or f"sqlite:///{instance / 'threshold.sqlite3'}"
        scheme = value.split(":", 1)[0].split("+", 1)[0]
        if scheme == "postgres":
            scheme, value = "postgresql", "postgresql" + value.removeprefix("postgres")
        if scheme not in DATABASE_SCHEMES or "://" not in value:
            self._bad("database_url", "must start with sqlite:/// or postgresql://")
        elif _split(value) is None:
            self._bad("database_url", "names no host and port that could be read")
        if scheme == "sqlite" and not Path(value.removeprefix("sqlite:///")).is_absolute():
            self._bad(
                "database_url",
                "needs an absolute path, as in sqlite:////srv/threshold.db",
            )
        if scheme == "postgresql":
            return "postgresql+psycopg://" + value.split("://", 1)[-1]
        return value

    def base_url(self) -> str:
        value = self.given.pop("base_url", "http://127.0.0.1:8000").rstrip("/")
        parts = _split(value)
        if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
            self._bad(
                "base_url",
                "must be the site's address, as in https://threshold.example",
            )
        elif parts.path or parts.query or parts.fragment:
            self._bad("base_url", "must have no path: the site lives at the root of its host")
        return value

    def secret(self, instance: Path) -> str:
        value = self.given.pop("secret_key", "")
        if value and len(value) < 32:
            self._bad("secret_key", "must have at least 32 characters")
        return value or _kept_secret(instance)

    def finish(self) -> None:
        for name in sorted(self.given):
            self._bad(name, "is not a setting; see docs/guides/operator.md for the list")
        if self.problems:
            raise SettingsError("\n".join(self.problems))


def _split(value: str) -> SplitResult | None:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _kept_secret(instance: Path) -> str:
    """The key that signs cookies: made once and kept beside the database."""
    path = instance / "secret_key"
    try:
        instance.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass
        return path.read_text().strip()
    except OSError as error:
        raise SettingsError(
            f"{PREFIX}INSTANCE: cannot write in {instance}: {error.strerror}"
        ) from None

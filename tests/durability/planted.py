"""Flaws that the kill run must catch: servers that say or do a thing before it is committed."""

import json
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Flask, g
from sqlalchemy.orm import Session

from app import create_app as honest_app
from services.assessment import scoring, submission
from services.session import TURN

LATE_SECONDS = 0.5
SLOW_SECONDS = 60  # longer than a server lives


def eager() -> Flask:
    """Threshold, but each answer is acknowledged at once and saved half a second later."""
    app = honest_app()
    inner = app.wsgi_app

    def early(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
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

    app.wsgi_app = early  # type: ignore[method-assign]
    return app


def in_two_steps() -> Flask:
    """Threshold, but an attempt is ended in one transaction and scored in the next."""

    def score(session: Session, attempt_id: int, now: datetime) -> None:
        session.commit()
        turn = g.get(TURN)
        if turn is not None:
            turn.give_back()
        time.sleep(SLOW_SECONDS)
        scoring.score(session, attempt_id, now)

    submission.score = score  # type: ignore[attr-defined]
    return honest_app()

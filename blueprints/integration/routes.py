"""Health, metrics and the API's description."""

import os

from flask import Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from blueprints.integration import operations
from blueprints.integration.blueprint import bp
from blueprints.shared import figures
from blueprints.shared.guards import public
from services.library import catalogue
from services.session import reading

LOOPBACK = frozenset({"127.0.0.1", "::1"})


@bp.get("/healthz")
@public
def health() -> ResponseReturnValue:
    """The process is alive."""
    return jsonify(status="ok")


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """The database answers; 503 when it does not."""
    with reading() as session:
        catalogue.version(session)
    return jsonify(status="ready")


@bp.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus: to this machine itself, and to admins."""
    direct = request.remote_addr in LOOPBACK and "X-Forwarded-For" not in request.headers
    if not direct and not (current_user.is_authenticated and "admin" in current_user.roles):
        abort(403)
    figures.hand_over()
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


@bp.get("/api/v1/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """The API as OpenAPI 3.1."""
    return jsonify(operations.description(PROBES))


def _probe(summary: str, word: str, answers: dict[str, str]) -> dict[str, object]:
    schema = {
        "type": "object",
        "properties": {"status": {"type": "string", "const": word}},
        "required": ["status"],
    }
    responses: dict[str, object] = {code: {"description": text} for code, text in answers.items()}
    responses["200"] = {
        "description": answers["200"],
        "content": {"application/json": {"schema": schema}},
    }
    return {"get": {"summary": summary, "operationId": word, "responses": responses}}


PROBES = {
    "/healthz": _probe("The process is alive", "ok", {"200": "Alive"}),
    "/readyz": _probe(
        "The database answers",
        "ready",
        {"200": "Ready", "503": "The database is away"},
    ),
}

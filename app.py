"""Threshold's front door: what is switched on, in order.

`flask --app app ...` and the web server call `create_app()`; `make_app(settings)` is for tests and
for the commands that bring their own settings.
"""

import os

from flask import Flask

import cli
from blueprints import (
    accounts,
    admin,
    assessment,
    authoring,
    competencies,
    hiring,
    home,
    integration,
    learning,
)
from blueprints.shared import (
    assets,
    compression,
    context,
    errors,
    filters,
    fragments,
    guards,
    locale,
    logs,
    requests,
    security,
    sign_in,
)
from config import ROOT, Settings, SettingsError
from models.base import db
from services.session import prepare_engine

STREETS = (
    home,
    accounts,
    learning,
    assessment,
    competencies,
    hiring,
    authoring,
    admin,
    integration,
)


def create_app() -> Flask:
    """The application as the environment describes it; a wrong setting ends the process."""
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        raise SystemExit(str(error)) from None  # `flask` would trace back whatever else is raised
    return make_app(settings)


def make_app(settings: Settings) -> Flask:
    """The application for given settings."""
    settings.instance.mkdir(parents=True, exist_ok=True)
    app = Flask(__name__, instance_path=str(settings.instance), static_folder=None)
    app.extensions["threshold.settings"] = settings
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(settings)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    logs.install(settings)
    requests.install(app)
    security.install(app, settings)
    sign_in.install(app)
    guards.install(app)
    locale.install(app)
    context.install(app, settings)
    filters.install(app)
    fragments.install(app)
    errors.install(app)
    assets.install(app, ROOT / "static", settings.instance)
    compression.install(app)
    security.enclose(app, settings)

    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)

    for street in STREETS:
        app.register_blueprint(street.bp)
    app.register_blueprint(hiring.candidate_bp)
    app.register_blueprint(authoring.media_bp)
    guards.require_declarations(app)
    cli.install(app)
    return app


def _engine_options(settings: Settings) -> dict[str, object]:
    # An error must not carry what people typed into a log.
    if settings.is_sqlite:
        return {"connect_args": {"timeout": 10}, "hide_parameters": True}
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_timeout": 5,
        "connect_args": {"connect_timeout": 5},
    }

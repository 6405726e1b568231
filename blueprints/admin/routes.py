"""People, audit log, mail, backup."""

from flask import Blueprint

bp = Blueprint("admin", __name__, url_prefix="/admin")

"""The profile: estimates, evidence, self-rating."""

from flask import Blueprint

bp = Blueprint("competencies", __name__, url_prefix="/profile")

"""Quizzes and assessments: starting, answering, results."""

from flask import Blueprint

bp = Blueprint("assessment", __name__, url_prefix="/assess")

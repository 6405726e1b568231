"""Positions, candidates, results, decisions; the candidate's own pages."""

from flask import Blueprint

bp = Blueprint("hiring", __name__, url_prefix="/hiring")

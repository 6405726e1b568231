"""An answer that is a file to keep."""

from flask import Response


def attached(answer: Response, name: str) -> Response:
    """The answer as a file of this name. name: plain letters, digits, dots and dashes."""
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

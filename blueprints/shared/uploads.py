"""Files that people send: most routes take none, and the few that do say how large they may be."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request, session

View = TypeVar("View", bound=Callable[..., Any])
FORM_BYTES = 64 * 1024  # around the file: the form's other fields


def takes_file(most: int, too_large: object = "") -> Callable[[View], View]:
    """Declare that a view takes a file of up to so many bytes.

    too_large: a lazy sentence that the page of error 413 says instead of its own.
    """

    def declare(view: View) -> View:
        view.most_bytes = most + FORM_BYTES  # type: ignore[attr-defined]
        view.too_large = too_large  # type: ignore[attr-defined]
        return view

    return declare


def make_room() -> None:
    """Before the form is read: more than the usual for a declared view and a signed-in person."""
    view = current_app.view_functions.get(request.endpoint or "")
    most = getattr(view, "most_bytes", None)
    if most is not None and "_user_id" in session:
        request.max_content_length = most


def too_large() -> str:
    """What the view that was asked for says about files that are too large; mostly nothing."""
    view = current_app.view_functions.get(request.endpoint or "")
    return str(getattr(view, "too_large", ""))


def sent_file(name: str, most: int) -> tuple[bytes, str]:
    """The bytes of a file and its name as the browser says it; empty where none was sent."""
    file = request.files.get(name)
    if file is None or not file.filename:
        return b"", ""
    return file.stream.read(most + 1), file.filename[:200]

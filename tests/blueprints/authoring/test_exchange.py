"""Files over HTTP: refused in words, never with a 5xx; downloads; pictures as the site sends."""

import csv
import random
from collections.abc import Callable
from io import BytesIO, StringIO

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.caller import Caller
from tests.conftest import Cast
from tests.gateways.hostile import FILES
from tests.services.authoring import bringing

SAMPLE = random.Random(22).sample(sorted(FILES), 6)


def send(caller: Caller, url: str, data: bytes, **more: str) -> tuple[int, str]:
    # Encoded here: the client's own way leaves a temporary file open.
    form = {"csrf_token": caller.token(), "file": FileStorage(BytesIO(data), "some.file"), **more}
    boundary, body = encode_multipart(form)
    kind = f"multipart/form-data; boundary={boundary}"
    answer = caller.client.post(url, data=body, content_type=kind)
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize("name", SAMPLE)
def test_a_hostile_file_is_no_error(app: Flask, caller: Callable[..., Caller], name: str) -> None:
    work, made = FILES[name]
    url = "/author/import" if work == "read" else "/author/media"
    status, _ = send(caller("tao"), url, made(), alt="Odd")
    assert status in (303, 422)


def test_a_file_may_be_larger_than_other_forms(app: Flask, caller: Callable[..., Caller]) -> None:
    tao = caller("tao")
    question = b"// " + b"x" * 2_000_000 + b"\nWho? {=A ~B ~C}\n"
    assert send(tao, "/author/import", question)[0] == 303
    assert send(tao, "/author/import", b"x" * 13_000_000)[0] == 413
    answer = tao.post("/author/preview", {"source": "x" * 2_000_000})
    assert answer.status_code == 413


def test_a_stranger_sends_nothing_large(app: Flask, caller: Callable[..., Caller]) -> None:
    assert send(caller(), "/author/import", b"x" * 2_000_000)[0] in (400, 413)


def test_no_file_is_said(app: Flask, caller: Callable[..., Caller]) -> None:
    answer = caller("tao").post("/author/import", {})
    assert answer.status_code == 422
    assert "Choose a file first." in answer.get_data(as_text=True)


@pytest.mark.parametrize("form", ["gift", "aiken", "moodle", "qti-2.1", "csv", "xlsx"])
def test_every_export_comes_in_again(
    app: Flask, cast: Cast, caller: Callable[..., Caller], form: str
) -> None:
    """What was taken home and brought back is known here: nothing new comes of it."""
    tao = caller("tao")
    file = tao.post("/author/export", {"format": form, "competency": "A1"})
    assert file.headers["Content-Disposition"].startswith("attachment")
    status, _ = send(tao, "/author/import", file.data)
    assert status == 303


def test_formulas_are_words_in_a_csv(app: Flask, caller: Callable[..., Caller]) -> None:
    file = caller("tao").post("/author/export", {"format": "csv", "competency": "C6"})
    rows = list(csv.reader(StringIO(file.data.decode("utf-8-sig"))))
    assert len(rows) > 10
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


def test_a_picture_is_kept_by_browsers(
    app: Flask, cast: Cast, caller: Callable[..., Caller]
) -> None:
    bringing.add_picture(cast)
    tao = caller("tao")
    answer = tao.get("/media/crane")
    assert answer.status_code == 200
    assert answer.content_type == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    again = tao.get("/media/crane", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_editor_gets_a_line_to_write(app: Flask, caller: Callable[..., Caller]) -> None:
    tao = caller("tao")
    form = {"file": (BytesIO(bringing.png()), "Big crane.png"), "alt": "A crane"}
    answer = tao.post(
        "/author/media", form, content_type="multipart/form-data",
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert answer.status_code == 201
    assert answer.json == {"key": "big-crane", "markdown": "![A crane](media:big-crane)"}
    form = {"file": (BytesIO(b"<svg/>"), "a.svg"), "alt": "A drawing"}
    refused = tao.post(
        "/author/media", form, content_type="multipart/form-data",
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert refused.status_code == 422
    assert "SVG" in refused.json["error"]["fields"]["file"]

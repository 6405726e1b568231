"""Static files under one content hash: cached for ever, changed when anything changes.

At start the files are copied to `instance/assets/<hash>/` with a compressed twin each; the base
style sheets become one `css/app.css`, so a page asks for few files and nobody needs a build.
"""

import gzip
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

BUNDLE = "css/app.css"
BUNDLED = ("css/tokens.css", "css/base.css", "css/components.css", "css/print.css")
COMPRESSED = {".css", ".js", ".svg", ".json", ".txt", ".html"}


def install(app: Flask, static: Path, instance: Path) -> None:
    """Serve `static` at /static/<hash>/ and give templates `asset(path)`."""
    digest = _digest(static)
    target = instance / "assets" / digest
    if not target.exists():
        _prepare(static, target)
    prefix = f"/static/{digest}/"
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=target,
        prefix=prefix,
        immutable_file_test=lambda path, url: True,
        add_headers_function=_headers,
    )
    app.jinja_env.globals["asset"] = lambda path: prefix + path


def _headers(headers: dict[str, str], path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(static: Path) -> str:
    total = hashlib.sha256()
    for path in _files(static):
        total.update(path.relative_to(static).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


def _prepare(static: Path, target: Path) -> None:
    """Fill a folder beside the target and move it there whole: another worker may do the same."""
    target.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=target.parent))
    for path in _files(static):
        name = path.relative_to(static).as_posix()
        if name not in BUNDLED:
            _write(work / name, path.read_bytes())
    _write(work / BUNDLE, b"\n".join((static / name).read_bytes() for name in BUNDLED))
    try:
        os.rename(work, target)
    except OSError:
        shutil.rmtree(work)  # the other worker was quicker; its files are the same


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if path.suffix in COMPRESSED and len(content) > 300:
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))

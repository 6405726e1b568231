"""Headers, hosts and tokens that keep pages out of other people's hands."""

import re
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from blueprints.shared import uploads
from config import Settings


class TokenCheck(CSRFProtect):
    """Flask-WTF's check; where script sends the token in a header no form is read for it."""

    def protect(self, apply_exemptions: bool = False) -> None:
        uploads.make_room()
        super().protect(apply_exemptions)

    def _get_csrf_token(self) -> str | None:
        return request.headers.get("X-CSRFToken") or super()._get_csrf_token()


csrf = TokenCheck()

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
MAX_REQUEST_BYTES = 1024 * 1024
HOST_PORT = re.compile(r":\d+$")


def install(app: Flask, settings: Settings) -> None:
    """Switch on CSRF tokens, the host check and the headers."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="threshold",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # the token ends with the session
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
    )
    csrf.init_app(app)


def enclose(app: Flask, settings: Settings) -> None:
    """Put the armour around everything that answers; the last thing before the outside."""
    app.wsgi_app = Armour(app.wsgi_app, settings)  # type: ignore[method-assign, assignment]
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]


class Armour:
    """Around the application, static files included: refuses unknown hosts, adds the headers."""

    def __init__(self, inner: WSGIApplication, settings: Settings) -> None:
        self.inner = inner
        self.hosts = settings.hosts
        self.headers = list(HEADERS.items())
        if settings.secure_cookies:
            self.headers.append(("Strict-Transport-Security", "max-age=31536000"))

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        host = HOST_PORT.sub("", environ.get("HTTP_HOST", ""))
        if host not in self.hosts and host.lower() not in self.hosts:
            start("400 Bad Request", [("Content-Type", "text/plain"), *self.headers])
            return [b"This host name is not known here.\n"]

        def armoured(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            given = dict(headers)
            headers += [pair for pair in self.headers if pair[0] not in given]
            # What depends on the session (Flask says so in Vary) is nobody else's to keep.
            if "Cookie" in given.get("Vary", "") and "Cache-Control" not in given:
                headers.append(("Cache-Control", "no-store"))
            return start(status, headers, *rest)

        return self.inner(environ, armoured)


__all__ = ["CSRFError", "csrf", "install"]

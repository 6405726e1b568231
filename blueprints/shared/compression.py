"""Pages travel compressed when the browser can read it."""

import zlib

from flask import Flask, Response, request

SMALL = 1200  # below this a packet is a packet
LEVEL = 5


def install(app: Flask) -> None:
    """Compress HTML and JSON answers with gzip."""

    @app.after_request
    def _compress(response: Response) -> Response:
        if response.mimetype not in ("text/html", "application/json"):
            return response
        response.headers.add("Vary", "Accept-Encoding")
        if (
            response.direct_passthrough
            or response.is_streamed
            or "Content-Encoding" in response.headers
            or "gzip" not in request.headers.get("Accept-Encoding", "")
            or len(response.get_data()) < SMALL
        ):
            return response
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
        response.set_data(packer.compress(response.get_data()) + packer.flush())
        response.headers["Content-Encoding"] = "gzip"
        return response

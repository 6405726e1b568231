"""A server of our own that hears webhooks, with a certificate of its own; and webhooks for it."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sqlalchemy import insert

from models.integration import Webhook, WebhookDelivery
from services.accounts import sealing
from services.integration.webhooks import EVENTS, PURPOSE
from services.session import writing
from tests.conftest import NOW, Cast

SECRET = "whsec_for-tests"


@dataclass
class Ear:
    """What came in. answers: statuses to give, one a message, then 200; large: bytes to send."""

    url: str = ""
    trust: ssl.SSLContext | None = None
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    large: int = 0


@contextmanager
def ear(folder: Path) -> Iterator[Ear]:
    """An HTTPS server on this machine, for as long as the block lasts."""
    found = Ear()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.heard.append((dict(self.headers), body))
            status = found.answers.pop(0) if found.answers else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", found.url)
            self.send_header("Content-Length", str(found.large))
            self.end_headers()
            try:
                self.wfile.write(b"x" * found.large)
            except OSError:
                return  # the other side has heard enough

        def log_message(self, *args: object) -> None:
            return

    path = certificate(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    found.url = f"https://localhost:{server.server_port}/hook"
    found.trust = ssl.create_default_context(cafile=str(path))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certificate(folder: Path) -> Path:
    """A certificate for localhost with its key, in one file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def hook(cast: Cast, url: str, position_id: int | None = None) -> int:
    """A webhook for all events, made past the check of its address: it is this machine's."""
    with cast.app.app_context(), writing() as session:
        return session.execute(
            insert(Webhook)
            .values(
                url=url,
                secret=sealing.seal(PURPOSE, SECRET),
                events=list(EVENTS),
                position_id=position_id,
                made_by=cast.min,
                made_at=NOW,
                cursor=0,
                failures=0,
            )
            .returning(Webhook.id)
        ).scalar_one()


def hook_with_delivery(cast: Cast) -> int:
    """A webhook that has sent one event, whose number is 1."""
    hook_id = hook(cast, "https://hooks.example/in")
    with cast.app.app_context(), writing() as session:
        session.execute(
            insert(WebhookDelivery).values(
                id=1, webhook_id=hook_id, journal_id=1, event=EVENTS[0], application_id=1,
                position_id=1, happened_at=NOW, state="sent", tries=1, status=200, ms=12,
            )
        )  # fmt: skip
    return hook_id

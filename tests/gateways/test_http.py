"""Which addresses may be sent to: the default refuses everything that is not the open internet."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from gateways import http
from tests.services.integration.listening import certificate

REFUSED = (
    "https://127.0.0.1/", "https://10.1.2.3/", "https://172.16.0.1/", "https://192.168.1.1/",
    "https://169.254.169.254/latest", "https://100.64.0.1/", "https://0.0.0.0/",
    "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:10.0.0.1]/",
    "https://[fe80::1]/", "https://[fc00::1]/", "https://[64:ff9b::7f00:1]/", "https://[::]/",
    "https://[2002:7f00:1::]/", "https://224.0.0.1/", "https://255.255.255.255/",
    "https://2130706433/", "https://0177.0.0.1/", "https://0x7f.1/", "https://127.1/",
    "https://localhost/", "http://93.184.216.34/", "ftp://93.184.216.34/", "https:///x",
    "https://user:word@93.184.216.34/", "https://93.184.216.34:99999/", "https://93.184.216.34/ x",
    "https://93.184.216.34/#part", "https://exämple.test/", "file:///etc/passwd", "",
    "https://93.184.216.34/" + "x" * 500, "https://93.184.216.34/\r\nX: y",
)  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_the_default_refuses(url: str) -> None:
    with pytest.raises(http.Refused):
        http.look_up(url)


def test_a_public_address_is_let_through() -> None:
    found = http.look_up("https://93.184.216.34:8443/in?a=1")
    assert (found.address, found.port, found.path) == ("93.184.216.34", 8443, "/in?a=1")


@pytest.mark.parametrize(
    "addresses", [["10.0.0.7"], ["93.184.216.34", "127.0.0.1"], ["::ffff:192.168.0.1"]]
)
def test_a_name_that_leads_inside_is_refused(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One private address among public ones is enough."""

    def answers(host: str, port: int, **more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with pytest.raises(http.Refused, match="public"):
        http.look_up("https://inside.example/")


def test_it_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that changes its mind between look-up and connection changes nothing."""
    asked, reached = [], []

    def answers(host: str, port: int, **more: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))]

    def connect(address: tuple[str, int], *more: Any) -> socket.socket:
        reached.append(address)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(http.Refused, match="connection"):
        http.post("https://hooks.example/in", b"{}", {})
    assert asked == ["hooks.example"]
    assert reached == [("93.184.216.34", 443)]


LIMIT_S = 0.8
PATIENCE_S = 15.0  # far below what a server of these tests would go on dripping


def test_the_limit_is_the_one_that_is_promised() -> None:
    assert http.TIMEOUT_S == 5.0


@contextmanager
def dripping(folder: Path, kind: str) -> Iterator[tuple[str, ssl.SSLContext]]:
    """A real server that never stops saying a little: at the start, in the head or in the body."""
    path, over = certificate(folder), threading.Event()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            plain, _ = door.accept()
            with plain:
                if kind == "handshake":
                    over.wait(60)
                    return
                talk(context.wrap_socket(plain, server_side=True))

    def talk(secured: ssl.SSLSocket) -> None:
        with secured:
            first = {"head": b"HTTP/1.1 200 OK\r\nX: ", "body": b"HTTP/1.1 200 OK\r\n\r\n"}
            secured.sendall(
                first.get(kind, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            )
            while not over.wait(0.1):
                secured.sendall(b"1")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        trust = ssl.create_default_context(cafile=str(path))
        yield f"https://localhost:{door.getsockname()[1]}/", trust
    finally:
        over.set()
        door.close()
        thread.join()


@pytest.mark.parametrize("kind", ["handshake", "head", "body", "chunk"])
def test_a_server_that_drips_is_left_in_time(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each byte comes well within the limit; all of them together must do so too."""
    monkeypatch.setattr(http, "TIMEOUT_S", LIMIT_S)
    with dripping(tmp_path, kind) as (url, trust):
        begun = time.monotonic()
        with pytest.raises(http.Refused, match="no answer in time"):
            http.post(url, b"{}", {}, lambda address: True, trust)
        assert time.monotonic() - begun < PATIENCE_S


def test_a_name_server_that_hangs_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when so many look-ups hang that no more may begin; later ones go on as ever."""
    over, limit = threading.Event(), 0.2

    def hangs(host: str, port: int, **more: Any) -> list[Any]:
        over.wait(60)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", port))]

    monkeypatch.setattr(http, "TIMEOUT_S", limit)
    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    begun = time.monotonic()
    for _ in range(http.MOST_LOOK_UPS + 2):
        with pytest.raises(http.Refused, match="no answer in time"):
            http.look_up("https://slow.example/")
    assert time.monotonic() - begun < PATIENCE_S
    assert sum(one.name.endswith("(ask)") for one in threading.enumerate()) <= http.MOST_LOOK_UPS
    over.set()
    assert http.look_up("https://slow.example/").address == "93.184.216.34"


def test_an_answer_that_ends_with_the_connection_is_read(tmp_path: Path) -> None:
    """Without a length, the body goes on until the other side closes."""
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    door = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        plain, _ = door.accept()
        with context.wrap_socket(plain, server_side=True) as secured:
            heard = b""
            while not heard.endswith(b"{}"):
                heard += secured.recv(65536)
            secured.sendall(b"HTTP/1.0 202 Accepted\r\n\r\nthank you")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        trust = ssl.create_default_context(cafile=str(path))
        url = f"https://localhost:{door.getsockname()[1]}/"
        assert http.post(url, b"{}", {}, lambda address: True, trust).status == 202
    finally:
        thread.join()
        door.close()

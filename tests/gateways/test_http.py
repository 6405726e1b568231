"""Which addresses may be sent to: the default refuses everything that is not the open internet."""

import socket
from typing import Any

import pytest

from gateways import http

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

"""Sending to other servers: https to a public address, looked up once, no redirect, little time.

What a person types as an address must not reach what only this machine can reach: every address
that the name has must be a public one, and the connection goes to the one that was looked at, so
that a second look-up cannot lead elsewhere. One limit holds for all of it: look-up, handshake,
question and answer, however slowly the other side lets its bytes drip.
"""

import http.client
import io
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from domain.records import frozen

TIMEOUT_S = 5.0
MOST_LOOK_UPS = 8  # at once: a resolver that hangs must not fill the process with threads
MOST_BYTES = 1024 * 1024
LONGEST_URL = 500
PIECE = 64 * 1024
# Carriers translate these into IPv4 addresses, among them private ones (RFC 6052, RFC 3056, 4380).
TRANSLATED = tuple(
    ipaddress.ip_network(one)
    for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


_looking_up = threading.BoundedSemaphore(MOST_LOOK_UPS)


class Refused(Exception):
    """It was not sent, or its answer not read; the message is a kind and names nobody."""


@frozen
class Reply:
    """What the other server answered. ms: from the look-up to the end of the answer."""

    status: int
    ms: int


@frozen
class Target:
    """An address that may be sent to, with the numeric one that it was pinned to."""

    host: str
    port: int
    path: str
    address: str


def is_public(address: str) -> bool:
    """Whether a numeric address is one of the open internet, also behind a translation."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in net for net in TRANSLATED):
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def look_up(url: str, allowed: Callable[[str], bool] = is_public) -> Target:
    """The target of a URL, its name looked up once; raises Refused.

    allowed: what a numeric address must pass; every address of the name must.
    """
    host, port, path = _parts(url)
    addresses = _addresses(host, port)
    if not addresses or not all(allowed(address) for address in addresses):
        raise Refused("not a public address")
    return Target(host, port, path, addresses[0])


def _addresses(host: str, port: int) -> Sequence[str]:
    """What the name leads to. A resolver knows no time limit, so a thread asks it; when it hangs
    the thread is left behind until the system's own resolver gives up.
    """
    found: list[str] = []
    faults: list[Exception] = []

    def ask() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(str(entry[4][0]) for entry in entries)
        except (OSError, UnicodeError) as error:
            faults.append(error)
        finally:
            _looking_up.release()

    ends = time.monotonic() + TIMEOUT_S
    if not _looking_up.acquire(timeout=TIMEOUT_S):
        raise Refused("no answer in time")
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(0.0, ends - time.monotonic()))
    if asking.is_alive():
        raise Refused("no answer in time")
    if faults:
        raise Refused("unknown host")
    return found


def _parts(url: str) -> tuple[str, int, str]:
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise Refused("not a URL")
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        raise Refused("not a URL") from None
    if parts.scheme != "https" or not parts.hostname:
        raise Refused("not https")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("not a plain URL")
    path = parts.path or "/"
    return parts.hostname, port, f"{path}?{parts.query}" if parts.query else path


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    allowed: Callable[[str], bool] = is_public,
    trust: ssl.SSLContext | None = None,
) -> Reply:
    """Send a body and give back the status; raises Refused. Redirects are answers, not ways.

    trust: whose certificates are believed; the system's where none is given.
    """
    begun = time.monotonic()
    target = look_up(url, allowed)
    connection = _Pinned(target, trust or ssl.create_default_context(), begun + TIMEOUT_S)
    try:
        connection.request("POST", target.path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        read = 0
        while piece := answer.read1(PIECE):
            read += len(piece)
            if read > MOST_BYTES:
                raise Refused("answer too long")
    except ssl.SSLError:
        raise Refused("no trusted certificate") from None
    except TimeoutError:
        raise Refused("no answer in time") from None
    except http.client.HTTPException:
        raise Refused("not HTTP") from None
    except OSError:
        raise Refused("no connection") from None
    finally:
        connection.close()
    return Reply(answer.status, int((time.monotonic() - begun) * 1000))


class _Pinned(http.client.HTTPSConnection):
    """A connection to the address that was looked at; the certificate must be the name's."""

    def __init__(self, target: Target, trust: ssl.SSLContext, ends: float) -> None:
        super().__init__(target.host, target.port, timeout=TIMEOUT_S)
        self._target, self._trust, self._ends = target, trust, ends

    def connect(self) -> None:
        address, left = (self._target.address, self._target.port), _left(self._ends)
        plain = socket.create_connection(address, left)
        try:
            plain.settimeout(_left(self._ends))  # a handshake counts it once for all its steps
            secured = self._trust.wrap_socket(plain, server_hostname=self._target.host)
        except BaseException:
            plain.close()
            raise
        self.sock: Any = _Timed(secured, self._ends)


class _Timed:
    """A socket for http.client whose every step may take no longer than what is left of the whole.

    A timeout of the socket alone begins anew with each byte that drips in.
    """

    def __init__(self, plain: socket.socket, ends: float) -> None:
        self._plain, self._ends = plain, ends

    def sendall(self, piece: bytes) -> None:
        self._plain.settimeout(_left(self._ends))
        self._plain.sendall(piece)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self._plain, self._ends))

    def close(self) -> None:
        self._plain.close()


class _Incoming(io.RawIOBase):
    """The bytes that come in, as long as there is time.

    It reads through a file of the socket's own, which keeps the socket open until it is read.
    """

    def __init__(self, plain: socket.socket, ends: float) -> None:
        self._plain, self._ends = plain, ends
        self._file = plain.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int | None:
        self._plain.settimeout(_left(self._ends))
        return self._file.readinto(room)

    def close(self) -> None:
        self._file.close()
        super().close()


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left

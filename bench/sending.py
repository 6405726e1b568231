"""A small load generator: keep-alive connections, one request each at a time, all answers read."""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Load:
    """What a run gave: answers, seconds, the 99th percentile in ms, statuses other than 2xx."""

    requests: int
    seconds: float
    p99_ms: float
    bad: int

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


async def _worker(
    port: int, make: Callable[[int], bytes], stop: float, number: int, out: list[tuple[float, int]]
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    while time.perf_counter() < stop:
        begun = time.perf_counter()
        writer.write(make(number * 1_000_000 + count))
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(_length(head))
        out.append(((time.perf_counter() - begun) * 1000, int(head[9:12])))
        count += 1
    writer.close()


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: who asked, in which round, how long it took, and what came. status 0: nothing."""

    person: int
    round: int
    ms: float
    status: int
    body: bytes


def in_rounds(
    port: int, make: Callable[[int, int], bytes], people: int, rounds: int, every_s: float
) -> list[Reply]:
    """Everybody sends at the same moment, again and again; `make(person, round)` gives the bytes.

    Who still waits when a round begins sends as soon as the answer is there.
    """

    async def one(person: int, begins: float, replies: list[Reply]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in range(rounds):
            await asyncio.sleep(max(0.0, begins + number * every_s - time.perf_counter()))
            sent = time.perf_counter()
            status, body = 0, b""
            try:
                writer.write(make(person, number))
                head = await reader.readuntil(b"\r\n\r\n")
                status, body = int(head[9:12]), await reader.readexactly(_length(head))
            except (OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            took = (time.perf_counter() - sent) * 1000
            replies.append(Reply(person, number, took, status, body))
        writer.close()

    async def all_of_them() -> list[Reply]:
        replies: list[Reply] = []
        begins = time.perf_counter() + 1
        await asyncio.gather(*(one(person, begins, replies) for person in range(people)))
        return replies

    return asyncio.run(all_of_them())


def percentile(values: Sequence[float], share: int) -> float:
    """share: of 100."""
    return statistics.quantiles(values, n=100)[share - 1]


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


def run(port: int, make: Callable[[int], bytes], seconds: float) -> Load:
    """Send requests for some seconds; `make(n)` gives the bytes of the n-th."""

    async def all_of_them() -> list[tuple[float, int]]:
        out: list[tuple[float, int]] = []
        stop = time.perf_counter() + seconds
        await asyncio.gather(*(_worker(port, make, stop, n, out) for n in range(CONNECTIONS)))
        return out

    begun = time.perf_counter()
    answers = asyncio.run(all_of_them())
    took = time.perf_counter() - begun
    times = sorted(ms for ms, _ in answers)
    bad = sum(not 200 <= status < 300 for _, status in answers)
    p99 = statistics.quantiles(times, n=100)[98] if len(times) > 100 else max(times)
    return Load(len(answers), took, p99, bad)

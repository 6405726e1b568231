"""A browser's tab that saves, repeats, opens, looks and hands in, in an order of its own."""

import http.client
import json
import random
import threading
from dataclasses import dataclass, field

from flask.sessions import SecureCookieSessionInterface

from tests.durability.site import Site, connection_to

Save = tuple[int, int, int, int]  # attempt, position, lease, sequence
DEEDS = {"save": 80, "repeat": 8, "open": 6, "look": 4, "hand_in": 3, "beat": 2}
QUESTIONS = 4
FAITHFUL = 0.85  # how often a tab stays with its attempt; else it meets the other tabs


@dataclass
class Told:
    """What servers said to all tabs together. twice: leases that two openings were given."""

    saves: dict[Save, dict[str, str]] = field(default_factory=dict)
    openings: set[tuple[int, int]] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)
    twice: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Tab(threading.Thread):
    """Works until the server is gone or `stop` is set; what was not answered was not said."""

    def __init__(
        self,
        site: Site,
        port: int,
        attempts: list[int],
        told: Told,
        stop: threading.Event,
        seed: int,
    ) -> None:
        super().__init__(daemon=True)
        self.site, self.attempts, self.told, self.stop = site, attempts, told, stop
        self.chance = random.Random(seed)
        self.connection = connection_to(port)
        self.leases: dict[int, int] = {}
        self.over: set[int] = set()
        self.own = self.chance.choice(attempts)
        self.sequence = 0
        self.last: tuple[Save, dict[str, str]] | None = None

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self.work()
        except (OSError, http.client.HTTPException):
            pass  # the server is gone: what was under way was not acknowledged
        finally:
            self.connection.close()

    def work(self) -> None:
        attempt_id = self.choose()
        deed = self.chance.choices(list(DEEDS), list(DEEDS.values()))[0]
        if attempt_id not in self.leases:
            deed = "open"
        getattr(self, deed)(attempt_id)

    def choose(self) -> int:
        """The tab's own attempt, or any; another one is its own once that is over."""
        left = [number for number in self.attempts if number not in self.over] or self.attempts
        if self.own not in left:
            self.own = self.chance.choice(left)
        return self.own if self.chance.random() < FAITHFUL else self.chance.choice(self.attempts)

    def save(self, attempt_id: int) -> None:
        self.sequence += 1
        position = self.chance.randint(1, QUESTIONS)
        key = (attempt_id, position, self.leases[attempt_id], self.sequence)
        self.last = key, {"choice": self.chance.choice("abc")}
        self.send(*self.last)

    def repeat(self, attempt_id: int) -> None:
        if self.last is not None:
            self.send(*self.last)

    def send(self, key: Save, response: dict[str, str]) -> None:
        attempt_id, position, lease, sequence = key
        body = {
            "position": position,
            "lease": lease,
            "sequence": sequence,
            "response": response,
            "elapsed_ms": 1,
        }
        status, said, _ = self.post(attempt_id, "answers", json.dumps(body), "application/json")
        if status == 200 and json.loads(said).get("saved"):
            with self.told.lock:
                self.told.saves[key] = response
        elif status in (409, 410):
            if json.loads(said).get("outcome") == "stale":
                self.leases.pop(attempt_id, None)  # opened in another tab: it opens it again
            else:
                self.over.add(attempt_id)

    def open(self, attempt_id: int) -> None:
        """Take the attempt over; leaves the others' leases behind."""
        status, _, cookie = self.post(attempt_id, "open")
        if status != 303:
            return
        signer = SecureCookieSessionInterface().get_signing_serializer(self.site.app)
        value = cookie.removeprefix("threshold=").partition(";")[0]
        assert signer is not None
        lease = signer.loads(value).get("leases", {}).get(str(attempt_id)) if value else None
        if lease is None:  # over: it leads to the result
            self.leases.setdefault(attempt_id, 1)
            self.over.add(attempt_id)
            return
        self.leases[attempt_id] = lease
        with self.told.lock:
            if (attempt_id, lease) in self.told.openings:
                self.told.twice.append(f"lease given twice: {attempt_id}, {lease}")
            self.told.openings.add((attempt_id, lease))

    def look(self, attempt_id: int) -> None:
        self.connection.request("GET", f"/assess/attempts/{attempt_id}", headers=self.site.headers)
        self.connection.getresponse().read()

    def hand_in(self, attempt_id: int) -> None:
        if self.post(attempt_id, "submit")[0] == 303:
            with self.told.lock:
                self.told.ended.add(attempt_id)

    def beat(self, attempt_id: int) -> None:
        self.post(attempt_id, "beat", f"lease={self.leases[attempt_id]}")

    def post(
        self,
        attempt_id: int,
        way: str,
        body: str = "",
        kind: str = "application/x-www-form-urlencoded",
    ) -> tuple[int, bytes, str]:
        """Status, body and session cookie of the answer."""
        headers = {**self.site.headers, "Content-Type": kind}
        self.connection.request("POST", f"/assess/attempts/{attempt_id}/{way}", body, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read(), answer.getheader("Set-Cookie") or ""

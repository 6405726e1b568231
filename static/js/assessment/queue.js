// Answers on their way to the server. Each is written to IndexedDB before the network, so that a
// reload, a crash or signing in again loses nothing; the server takes repeats in any order.

const NAME = "threshold-answers";
const LONGEST_WAIT = 30_000; // ms between two tries
const TIMEOUT = 15_000; // ms for one try
// After these the page saves no more: it is open elsewhere, over, or its part is.
export const ENDS = ["stale", "over", "part"];

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

// One row per attempt and question, the newest answer; and per lease how far was counted.
class Disk {
  static async open() {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("waiting", { keyPath: ["attempt", "position"] });
      request.result.createObjectStore("counted", { keyPath: ["attempt", "lease"] });
    };
    const disk = new Disk();
    disk.base = await done(request);
    return disk;
  }

  // Count and write in one transaction: two windows never take the same number.
  put(entry, floor) {
    return new Promise((resolve, reject) => {
      const work = this.base.transaction(["waiting", "counted"], "readwrite", { durability: "strict" });
      const counted = work.objectStore("counted");
      const look = counted.get([entry.attempt, entry.lease]);
      look.onsuccess = () => {
        const sequence = Math.max(look.result?.sequence ?? 0, floor) + 1;
        counted.put({ attempt: entry.attempt, lease: entry.lease, sequence });
        entry = { ...entry, sequence };
        work.objectStore("waiting").put(entry);
      };
      work.oncomplete = () => resolve(entry);
      work.onabort = work.onerror = () => reject(work.error);
    });
  }

  async all(attempt) {
    const store = this.base.transaction("waiting").objectStore("waiting");
    const rows = await done(store.getAll(IDBKeyRange.bound([attempt], [attempt, []])));
    return rows.sort((a, b) => a.lease - b.lease || a.sequence - b.sequence);
  }

  // Only the very answer that was acknowledged goes: a newer one in its place stays.
  async remove(entry) {
    const store = this.base.transaction("waiting", "readwrite").objectStore("waiting");
    const key = [entry.attempt, entry.position];
    const found = await done(store.get(key));
    if (found?.lease === entry.lease && found.sequence === entry.sequence) await done(store.delete(key));
  }
}

// Where a browser keeps no database (some private windows): answers wait in the page only.
class Memory {
  rows = new Map();
  counted = 0;
  async put(entry, floor) {
    this.counted = Math.max(this.counted, floor) + 1;
    entry = { ...entry, sequence: this.counted };
    this.rows.set(entry.position, entry);
    return entry;
  }
  async all() {
    return [...this.rows.values()].sort((a, b) => a.sequence - b.sequence);
  }
  async remove(entry) {
    if (this.rows.get(entry.position)?.sequence === entry.sequence) this.rows.delete(entry.position);
  }
}

export class Queue extends EventTarget {
  // page: the element that carries attempt, lease, sequence and the address to save at.
  constructor(page) {
    super();
    const { attempt, lease, sequence, save } = page.dataset;
    this.attempt = Number(attempt);
    this.lease = Number(lease);
    this.floor = Number(sequence);
    this.url = save;
    this.token = document.querySelector("[name=csrf_token]").value;
    this.halted = false;
    this.tries = 0;
    this.flags = new Map(); // position -> [address, fields] on the way
    addEventListener("online", () => this.send());
    addEventListener("online", () => this.flags.forEach(([url, { position, flag }]) => this.flag(url, position, flag)));
    addEventListener("pageshow", (event) => event.persisted && this.send());
  }

  async open() {
    this.store = await Disk.open().catch(() => new Memory());
    const left = await this.store.all(this.attempt);
    for (const entry of left) {
      if (entry.lease === this.lease) continue;
      // This device held the lease before, and nobody another in between: what waits is newest.
      // Otherwise it goes out as it is, and the server keeps it aside.
      if (entry.lease === this.lease - 1 || entry.lease > this.lease) await this.put(entry);
      else this.tell("aside");
    }
    const waiting = await this.store.all(this.attempt);
    this.send();
    return waiting.filter((entry) => entry.lease === this.lease);
  }

  // given_at: by this device's clock, so that an answer that comes late can say how old it is.
  put({ position, response, elapsed_ms, given_at = Date.now() }) {
    const { attempt, lease } = this;
    return this.store.put({ attempt, lease, position, response, elapsed_ms, given_at }, this.floor);
  }

  async add(answer) {
    this.state("saving");
    this.writing = this.put(answer);
    await this.writing;
    await this.send();
  }

  async waiting() {
    return (await this.store.all(this.attempt)).length;
  }

  // Resolves to whether everything has arrived.
  async send() {
    clearTimeout(this.timer);
    if (this.sending) {
      this.again = true;
      return this.sending;
    }
    this.sending = this.drain();
    const empty = await this.sending;
    this.sending = null;
    if (this.again) {
      this.again = false;
      return this.send();
    }
    return empty;
  }

  async drain() {
    await this.writing;
    for (let next; !this.halted; ) {
      [next] = await this.store.all(this.attempt);
      if (!next) {
        this.state("saved");
        return true;
      }
      this.state("saving");
      if (!(await this.post(next))) break;
    }
    this.state("off", await this.waiting());
    return false;
  }

  // True when the entry is off our hands.
  async post(entry) {
    const { position, lease, sequence, response, elapsed_ms, given_at } = entry;
    const age_ms = Math.min(2 ** 31 - 1, Math.max(0, Date.now() - (given_at ?? Date.now())));
    let answer, body;
    try {
      answer = await fetch(this.url, {
        method: "POST",
        body: JSON.stringify({ position, lease, sequence, response, elapsed_ms, age_ms }),
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token },
        keepalive: true,
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT),
      });
      body = await answer.json();
    } catch {
      return this.later();
    }
    this.tries = 0;
    if (answer.ok && body.saved) {
      await this.store.remove(entry);
      this.dispatchEvent(new CustomEvent("saved", { detail: entry }));
      return true;
    }
    return this.refused(answer.status, body, entry);
  }

  async refused(status, body, entry) {
    switch (status) {
      case 409:
      case 410:
        if (body.outcome === "taken") {
          this.floor = Math.max(this.floor, body.last);
          await this.put(entry);
          return true;
        }
        if (body.outcome === "resting") {
          this.tell("resting");
          return this.later(); // nothing is taken in a break
        }
        await this.store.remove(entry); // the server has kept it aside
        if (body.outcome === "offline") this.tell("offline");
        if (body.outcome === "stale") this.tell(entry.lease < this.lease ? "aside" : "stale", entry);
        else this.tell(body.state === "running" ? "closed" : "over", entry);
        return true;
      case 413:
      case 422:
        await this.store.remove(entry); // it would be refused for ever
        this.tell("refused", entry);
        return true;
      case 400:
      case 401:
      case 403:
      case 404: // signed out, or somebody else signed in: the answers wait for their person
        this.halted = true;
        this.tell("signedout");
        return false;
      default:
        return this.later();
    }
  }

  // A small post beside the answers. True when it has arrived; where it leads is not fetched.
  async beside(url, fields) {
    const body = new URLSearchParams({ csrf_token: this.token, ...fields });
    const answer = await fetch(url, { method: "POST", body, redirect: "manual" }).catch(() => null);
    return answer?.type === "opaqueredirect";
  }

  // A flag waits for the line as long as the page lives; the newest of a question counts.
  async flag(url, position, on) {
    this.flags.set(position, [url, { position, flag: Number(on) }]);
    for (const [place, waiting] of this.flags)
      if ((await this.beside(...waiting)) && this.flags.get(place) === waiting) this.flags.delete(place);
  }

  later() {
    const wait = Math.min(LONGEST_WAIT, 1000 * 2 ** this.tries++) * (0.5 + Math.random() / 2);
    this.timer = setTimeout(() => this.send(), wait);
    return false;
  }

  state(name, count = 0) {
    if (this.stopped) document.querySelector("[data-status]").hidden = true;
    else show(name, count);
  }

  tell(what, entry) {
    if (ENDS.includes(what)) this.stopped = true; // no word of "saved" any more
    const notice = document.querySelector(`[data-notice="${what}"]`);
    if (notice) notice.hidden = false;
    this.dispatchEvent(new CustomEvent(what, { detail: entry }));
  }
}

// Saved, saving, offline: always in the same corner.
function show(name, count) {
  const place = document.querySelector("[data-status]");
  place.hidden = false;
  for (const part of place.querySelectorAll("[data-state]")) part.hidden = part.dataset.state !== name;
  place.querySelector("[data-count]").textContent = count;
}

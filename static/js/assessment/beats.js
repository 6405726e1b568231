// Signs of life of a page, one every ten seconds, so that the server can measure a lost line. A tab
// out of sight is slowed down or frozen by the browser: that is no lost line, so each sign says how
// long the page was out of sight since the last one that arrived. It only ever lowers a credit.

const BEAT = 10_000; // ms between two signs of life

export class Beats {
  // heard: called with what the server says of the clock.
  constructor(page, queue, heard = () => {}) {
    const { beat, lease, attempt } = page.dataset;
    Object.assign(this, { url: beat, lease, queue, heard, name: `threshold-away-${attempt}` });
    this.recall();
    if (document.hidden) this.gone();
    document.addEventListener("visibilitychange", () => (document.hidden ? this.gone() : this.back()));
    addEventListener("pagehide", () => this.gone());
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      this.recall(); // other pages of this attempt have counted meanwhile
      this.back();
    });
    addEventListener("online", () => this.send());
    this.timer = setInterval(() => this.send(), BEAT);
    this.send();
  }

  gone() {
    this.since ??= Date.now();
    this.keep();
  }

  back() {
    this.count();
    this.since = null;
    this.send();
  }

  // Adds the time out of sight until now to what is still to be told.
  count() {
    const now = Date.now();
    if (this.since !== null) this.away += Math.max(0, now - this.since);
    if (this.since !== null) this.since = now;
    this.keep();
  }

  async send() {
    if (this.queue.stopped) return this.stop();
    this.count();
    const told = this.away;
    let answer, body;
    try {
      answer = await fetch(this.url, {
        method: "POST",
        body: new URLSearchParams({ lease: this.lease, away_s: Math.min(2 ** 31 - 1, Math.ceil(told / 1000)) }),
        headers: { Accept: "application/json", "X-CSRFToken": this.queue.token },
        redirect: "error",
        signal: AbortSignal.timeout(BEAT - 1000),
      });
      body = await answer.json();
    } catch {
      return; // no line: the next one tells the server how long it was away
    }
    if (answer.status === 409) this.queue.tell("stale");
    else if (answer.status === 410) this.queue.tell("over");
    else if (answer.ok) {
      this.away = Math.max(0, this.away - told);
      this.keep();
      if (body.heard === "resting") this.queue.tell("resting");
      else this.heard(body);
    }
  }

  // What a page before this one, left or closed or thrown away, still had to tell.
  recall() {
    let left = {};
    try {
      left = JSON.parse(localStorage.getItem(this.name)) ?? {};
    } catch {} // nothing is kept here, as in some private windows
    this.away = left.away || 0;
    this.since = left.since || null;
    this.count();
    this.since = null;
  }

  keep() {
    try {
      localStorage.setItem(this.name, JSON.stringify({ away: this.away, since: this.since }));
    } catch {}
  }

  stop() {
    clearInterval(this.timer);
    try {
      localStorage.removeItem(this.name);
    } catch {}
  }
}

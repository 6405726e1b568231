// The clock of a timed attempt, and its signs of life. The server says how much is left; ours only
// counts down from there. A sign of life every ten seconds lets the server measure a lost line.

const BEAT = 10_000; // ms between two signs of life
const SLACK = 2_000; // ms by which the two clocks may differ before ours is set

export function run(page, queue, finish) {
  const place = page.querySelector("[data-clock]");
  const words = page.querySelector("[data-words]").content;
  const word = (name) => words.querySelector(`[data-word=${name}]`).textContent;
  const said = page.querySelector("[data-clock-said]");
  const { secondsLeft, wholeLeft, beat, lease, part } = page.dataset;
  let end = performance.now() + 1000 * secondsLeft;
  let whole = performance.now() + 1000 * wholeLeft;
  let before = null;

  function tick() {
    if (queue.stopped) return stop();
    const left = Math.ceil((end - performance.now()) / 1000);
    const minutes = Math.floor(left / 60);
    place.textContent = left <= 0 ? word("over") : minutes ? word("minutes").replace("{n}", minutes) : word("last");
    if (before !== null && minutes !== before && [5, 1, 0].includes(minutes)) said.textContent = place.textContent;
    before = minutes;
    if (left > 0) return;
    stop();
    finish().finally(() => queue.tell(part ? "part" : "over"));
  }

  async function live() {
    let answer, body;
    try {
      answer = await fetch(beat, {
        method: "POST",
        body: new URLSearchParams({ lease }),
        headers: { Accept: "application/json", "X-CSRFToken": queue.token },
        redirect: "error",
        signal: AbortSignal.timeout(BEAT - 1000),
      });
      body = await answer.json();
    } catch {
      return; // no line: the next one tells the server how long it was away
    }
    if (answer.status === 409) queue.tell("stale");
    else if (answer.status === 410) queue.tell("over");
    else if (answer.ok) heard(body);
  }

  function heard(body) {
    if (body.heard === "resting") return queue.tell("resting");
    const shift = 1000 * body.seconds_left - (whole - performance.now());
    if (Math.abs(shift) < SLACK) return;
    end += shift;
    whole += shift;
    if (body.message) note("drop", body.message);
    else if (shift >= 60_000 - SLACK) note("given", word("given").replace("{n}", Math.round(shift / 60_000)));
  }

  function note(what, text) {
    const notice = document.querySelector(`[data-notice="${what}"]`);
    notice.querySelector("p").textContent = text;
    notice.hidden = false;
  }

  function stop() {
    for (const timer of timers) clearInterval(timer);
  }

  const timers = [setInterval(tick, 1000), setInterval(live, BEAT)];
  addEventListener("online", live);
  document.addEventListener("visibilitychange", () => document.hidden || queue.stopped || live());
  tick();
  live();
}

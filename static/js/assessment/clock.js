// The clock of a timed attempt. The server says how much is left; ours only counts down from there.

import { Beats } from "./beats.js";

const SLACK = 2_000; // ms by which the two clocks may differ before ours is set

export function run(page, queue, finish) {
  const place = page.querySelector("[data-clock]");
  const words = page.querySelector("[data-words]").content;
  const word = (name) => words.querySelector(`[data-word=${name}]`).textContent;
  const said = page.querySelector("[data-clock-said]");
  const { secondsLeft, wholeLeft, part } = page.dataset;
  let end = performance.now() + 1000 * secondsLeft;
  let whole = performance.now() + 1000 * wholeLeft;
  let before = null;

  function tick() {
    if (queue.stopped) return clearInterval(timer);
    const left = Math.ceil((end - performance.now()) / 1000);
    const minutes = Math.floor(left / 60);
    place.textContent = left <= 0 ? word("over") : minutes ? word("minutes").replace("{n}", minutes) : word("last");
    if (before !== null && minutes !== before && [5, 1, 0].includes(minutes)) said.textContent = place.textContent;
    before = minutes;
    if (left > 0) return;
    clearInterval(timer);
    finish().finally(() => queue.tell(part ? "part" : "over"));
  }

  function heard(body) {
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

  const timer = setInterval(tick, 1000);
  tick();
  new Beats(page, queue, heard);
}

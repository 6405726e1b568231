// The live preview: rendered by the server's one function, already clean when it comes. It scrolls
// together with the text, and a line that is named leads to its place.

import * as panes from "../learning/panes.js";

const PAUSE_MS = 350;

// Piece by piece between headings: how far the text is scrolled is how far the page is.
const mapped = (value, from, to) => {
  const at = Math.max(1, from.findIndex((place) => place >= value));
  const [a, b, c, d] = [from[at - 1], from[at] ?? from.at(-1), to[at - 1], to[at] ?? to.at(-1)];
  return b > a ? c + ((value - a) / (b - a)) * (d - c) : c;
};

export const start = (form, text, send, isLarge) => {
  const checked = form.querySelector("[data-checked]");
  const page = () => checked.querySelector(".preview");
  panes.start(checked);

  const places = () => {
    const lines = [...checked.querySelectorAll("[data-section]")].map((link) => Number(link.dataset.line));
    const parts = [...page().querySelectorAll(":scope > .part")];
    const [textEnd, pageEnd] = [text.scrollHeight - text.clientHeight, page().scrollHeight - page().clientHeight];
    const starts = [0];
    for (let at = 0; (at = text.value.indexOf("\n", at) + 1) > 0; ) starts.push(at);
    const scale = text.scrollHeight / Math.max(1, text.value.length);
    const a = [0], b = [0];
    lines.slice(0, parts.length).forEach((line, n) => {
      const here = (starts[line - 1] ?? 0) * scale;
      const there = parts[n].offsetTop - page().offsetTop;
      if (here > a.at(-1) && here < textEnd && there > b.at(-1) && there < pageEnd) a.push(here), b.push(there);
    });
    return [[...a, Math.max(textEnd, 1)], [...b, Math.max(pageEnd, 1)]];
  };

  let leader = text; // who moves; the other one follows and does not answer
  const lead = (who) => () => (leader = who);
  for (const name of ["pointerenter", "wheel", "focus", "touchstart"]) text.addEventListener(name, lead(text), { passive: true });
  for (const name of ["pointerover", "wheel", "focusin", "touchstart"]) checked.addEventListener(name, lead(checked), { passive: true });
  text.addEventListener("scroll", () => {
    if (leader !== text || !page()) return;
    const [a, b] = places();
    page().scrollTop = mapped(text.scrollTop, a, b);
  });
  checked.addEventListener("scroll", (event) => {
    if (leader !== checked || event.target !== page()) return;
    const [a, b] = places();
    text.scrollTop = mapped(page().scrollTop, b, a);
  }, true);

  let timer;
  let asking;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const fields = { lesson: form.dataset.lesson, source: text.value };
    const answer = await send(form.dataset.preview, fields, "text/html", asking.signal).catch(() => null);
    if (!answer?.ok) return; // the older preview stays
    const html = await answer.text();
    const top = page()?.scrollTop ?? 0;
    const open = [...checked.querySelectorAll("details[open][data-keep-open]")].map((one) => one.dataset.keepOpen);
    checked.innerHTML = html;
    panes.start(checked);
    for (const one of checked.querySelectorAll("[data-keep-open]")) one.open = open.includes(one.dataset.keepOpen);
    if (page()) page().scrollTop = top;
  };
  const soon = () => {
    clearTimeout(timer);
    if (!isLarge()) timer = setTimeout(ask, PAUSE_MS);
  };
  text.addEventListener("input", soon);

  const toLine = (number) => {
    const lines = text.value.split("\n");
    const line = Math.min(number, lines.length);
    const begin = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    leader = text;
    text.focus();
    text.setSelectionRange(begin, begin + lines[line - 1].length);
    // Long lines are folded: where a line stands is its share of the text, not its number.
    const share = begin / Math.max(1, text.value.length);
    text.scrollTop = Math.max(0, share * text.scrollHeight - text.clientHeight / 4);
  };
  addEventListener("click", (event) => {
    const named = event.target.closest?.("[data-line]");
    if (!named) return;
    event.preventDefault();
    toLine(Number(named.dataset.line));
  });
  return soon;
};

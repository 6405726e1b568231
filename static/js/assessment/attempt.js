// The questions: saves each answer as it is given, moves between questions without the network,
// keeps the clock. Without script the same forms are sent one by one.

import { Flags, Queue } from "./queue.js";

const page = document.querySelector("[data-attempt]");
const sections = [...page.querySelectorAll("section[data-position]")];
const whole = page.dataset.whole === "1";
const queue = new Queue(page);
const flags = new Flags(page.dataset.attempt);
const TYPING_MS = 800; // a number is saved when the person stops typing for so long
let here = Number(page.dataset.here);

// ---- reading and filling a question's form

const READ = {
  single: (form) => one(form.elements.choice),
  sjt: (form) => one(form.elements.choice),
  multiple: (form) => some("choices", checked(form)),
  numeric: (form) => some("value", form.elements.value.value.trim()),
  matching: (form) => some("pairs", chosen(form)),
  ordering(form) {
    const rows = [...form.querySelectorAll("[data-letter]")];
    const place = (row) => Number(row.querySelector("select").value);
    const all = rows.every(place) && new Set(rows.map(place)).size === rows.length;
    rows.sort((a, b) => place(a) - place(b));
    return all ? { order: rows.map((row) => row.dataset.letter) } : {};
  },
};
const some = (name, value) => (Object.keys(value).length ? { [name]: value } : {});
const one = (radios) => (radios.value ? { choice: radios.value } : {});
const checked = (form) => [...form.querySelectorAll(":checked")].map((box) => box.value).sort();
const chosen = (form) =>
  Object.fromEntries(
    [...form.querySelectorAll("select")]
      .filter((select) => select.value)
      .map((select) => [select.name.slice("pairs.".length), select.value]),
  );

function fill(section, response) {
  const form = section.querySelector("form");
  const ticked = [].concat(response.choice ?? response.choices ?? []);
  for (const box of form.querySelectorAll("[type=radio], [type=checkbox]")) box.checked = ticked.includes(box.value);
  if (section.dataset.kind === "numeric") form.elements.value.value = response.value ?? "";
  if (section.dataset.kind === "matching")
    for (const select of form.querySelectorAll("select"))
      select.value = response.pairs?.[select.name.slice("pairs.".length)] ?? "";
  if (section.dataset.kind === "ordering") {
    const list = form.querySelector("[data-order]");
    for (const letter of response.order ?? []) list.append(list.querySelector(`[data-letter="${letter}"]`));
    number(list, Boolean(response.order));
  }
}

// ---- ordering without drag: a number per step, or up and down

function number(list, on = true) {
  [...list.children].forEach((row, index) => (row.querySelector("select").value = on ? String(index + 1) : ""));
}

function move(row, to) {
  const list = row.parentElement;
  const others = [...list.children].filter((other) => other !== row);
  list.insertBefore(row, others[to] ?? null);
  number(list);
}

// ---- time on a question, as long as it is in view

const spent = new Map();
let since = performance.now();
function clockQuestion() {
  const time = performance.now();
  if (!document.hidden) spent.set(here, (spent.get(here) ?? 0) + time - since);
  since = time;
}
document.addEventListener("visibilitychange", () => {
  // The time until now belongs to the state before this event.
  const time = performance.now();
  if (document.hidden) spent.set(here, (spent.get(here) ?? 0) + time - since);
  since = time;
});
function elapsed(section) {
  clockQuestion();
  const position = Number(section.dataset.position);
  return Math.round(Number(section.dataset.elapsed) + (spent.get(position) ?? 0));
}

// ---- saving

const mapLink = (position) => page.querySelector(`[data-map="${position}"]`);
const last = new Map(); // position -> the answer as it was last queued

async function save(section) {
  const position = Number(section.dataset.position);
  const response = READ[section.dataset.kind](section.querySelector("form"));
  if (last.get(position) === JSON.stringify(response)) return;
  last.set(position, JSON.stringify(response));
  section.querySelector("[data-bad]").hidden = true;
  section.querySelector("[data-said]").hidden = true;
  mark(section, response);
  await queue.add({ position, response, elapsed_ms: elapsed(section) });
}

function mark(section, response) {
  const answered = Object.keys(response).length > 0;
  const link = mapLink(section.dataset.position);
  link.classList.toggle("q--on", answered);
  link.querySelector("[data-answered]").hidden = !answered;
  section.querySelector("[data-clear]").hidden = !answered;
  const count = page.querySelectorAll("[data-map].q--on").length;
  page.querySelector("[data-progress]").value = count;
  page.querySelector("[data-count-on]").textContent = count;
  page.querySelector("[data-count-off]").textContent = sections.length - count;
}

function section(position) {
  return sections[position - 1];
}

queue.addEventListener("saved", ({ detail }) => {
  const said = section(detail.position)?.querySelector("[data-said]");
  if (!said) return;
  said.hidden = false;
  said.querySelector("[data-when]").textContent = new Date().toLocaleTimeString(document.documentElement.lang);
});
queue.addEventListener("refused", ({ detail }) => {
  const bad = section(detail.position)?.querySelector("[data-bad]");
  if (!bad) return;
  bad.hidden = false;
  last.delete(detail.position);
  const control = bad.parentElement.elements.value;
  if (control) control.setAttribute("aria-invalid", "true");
  mark(section(detail.position), {});
});
for (const end of ["stale", "over"])
  queue.addEventListener(end, () => {
    for (const part of sections) {
      part.querySelector("fieldset").disabled = true;
      for (const thing of part.querySelectorAll("[data-clear], [data-said]")) thing.hidden = true;
    }
    document.querySelector("[data-notices]").scrollIntoView({ block: "center" });
  });

// ---- moving between questions

function go(position, push = true) {
  clockQuestion();
  if (!whole) for (const part of sections) part.hidden = part !== section(position);
  here = position;
  if (!whole)
    for (const link of page.querySelectorAll("[data-map]")) {
      const current = Number(link.dataset.map) === position;
      link.classList.toggle("q--here", current);
      if (current) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
  if (push && !whole) history.pushState(position, "", `?q=${position}`);
  section(position).focus({ preventScroll: true });
  if (!whole) scrollTo(0, 0);
}

async function leave(url) {
  if (await queue.send()) location.assign(url);
  else document.querySelector('[data-notice="waiting"]').hidden = false;
}

addEventListener("popstate", (event) => go(event.state ?? Number(page.dataset.here), false));

function wire(part) {
  const form = part.querySelector("form");
  const position = Number(part.dataset.position);
  let typing;
  form.addEventListener("change", (event) => {
    clearTimeout(typing);
    const row = event.target.closest("[data-letter]");
    if (row && event.target.value) move(row, Number(event.target.value) - 1);
    save(part);
  });
  form.addEventListener("input", (event) => {
    if (event.target.name !== "value") return;
    event.target.removeAttribute("aria-invalid");
    clearTimeout(typing);
    typing = setTimeout(save, TYPING_MS, part);
  });
  form.addEventListener("focusin", () => whole && position !== here && go(position));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button?.name === "clear") fill(part, {});
    const saving = save(part);
    if (button?.name !== "go") return;
    if (button.value === "review") {
      await saving;
      leave(page.querySelector("a[data-review]").href);
    } else go(Number(button.value));
  });
  for (const button of form.querySelectorAll("[data-move]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const row = button.closest("[data-letter]");
      const to = [...row.parentElement.children].indexOf(row) + Number(button.dataset.move);
      if (to < 0 || to >= row.parentElement.children.length) return;
      move(row, to);
      button.focus();
      save(part);
    });
  }
  const flag = form.querySelector("[data-flag]");
  flag.hidden = false;
  flag.addEventListener("click", () => {
    flags.toggle(position);
    drawFlags();
  });
  for (const plain of form.querySelectorAll("[data-plain]")) plain.hidden = true;
}

function drawFlags() {
  for (const part of sections) {
    const on = flags.set.has(Number(part.dataset.position));
    part.querySelector("[data-flag]").setAttribute("aria-pressed", String(on));
    const link = mapLink(part.dataset.position);
    link.classList.toggle("q--flag", on);
    link.querySelector("[data-flagged]").hidden = !on;
  }
  page.querySelector("[data-legend-flag]").hidden = !flags.set.size;
  page.querySelector("[data-count-flag]").textContent = flags.set.size;
}

// ---- the clock: the server says how much is left; ours only counts down from there

function startClock() {
  const place = page.querySelector("[data-clock]");
  if (!place) return;
  const words = page.querySelector("[data-words]").content;
  const word = (name) => words.querySelector(`[data-word=${name}]`).textContent;
  const end = performance.now() + 1000 * Number(page.dataset.secondsLeft);
  const said = page.querySelector("[data-clock-said]");
  let before = null;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    const minutes = Math.floor(left / 60);
    place.textContent = left <= 0 ? word("over") : minutes ? word("minutes").replace("{n}", minutes) : word("last");
    if (before !== null && minutes !== before && [5, 1, 0].includes(minutes)) said.textContent = place.textContent;
    before = minutes;
    if (left <= 0) {
      clearInterval(timer);
      save(section(here))
        .then(() => queue.send())
        .finally(() => queue.tell("over"));
    }
  };
  const timer = setInterval(tick, 1000);
  tick();
}

// ---- begin

sections.forEach(wire);
drawFlags();
startClock();
if (!whole) history.replaceState(here, "");
page.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.dataset.map && !whole) {
    event.preventDefault();
    go(Number(link.dataset.map));
  } else if ("review" in link.dataset || "leave" in link.dataset) {
    event.preventDefault();
    leave(link.href);
  }
});

// What was given before this script came stands in the form and nowhere else: it is saved now.
const given = (control) => {
  if (control.tagName !== "SELECT")
    return control.checked !== control.defaultChecked || control.value !== control.defaultValue;
  const sent = [...control.options].find((option) => option.defaultSelected) ?? control.options[0];
  return control.value !== sent.value;
};
const early = sections.filter((part) => [...part.querySelectorAll("input, select")].some(given));
for (const part of sections)
  if (!early.includes(part))
    last.set(Number(part.dataset.position), JSON.stringify(READ[part.dataset.kind](part.querySelector("form"))));
for (const entry of await queue.open()) {
  const part = section(entry.position);
  if (!part || early.includes(part)) continue;
  fill(part, entry.response);
  mark(part, entry.response);
  last.set(entry.position, JSON.stringify(entry.response));
}
early.forEach(save);

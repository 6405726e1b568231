// The questions: saves each answer as it is given, moves between them without the network.
// Without script the same forms are sent one by one.

import { ENDS, Queue } from "./queue.js";

const page = document.querySelector("[data-attempt]");
const sections = [...page.querySelectorAll("section[data-position]")];
const whole = page.dataset.whole === "1";
const forward = page.dataset.forward === "1"; // no way back: a question that was left is closed
const queue = new Queue(page);
const TYPING_MS = 800; // a number is saved when typing stops for so long
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
// Kinds that are not named here are read by the names of their controls. What only some questions
// need is fetched for them alone.
const kinds = sections.every((part) => READ[part.dataset.kind]) ? null : await import("./kinds.js");
if (page.querySelector("[data-figure]")) import("./hotspot.js");
const readingOf = (section) => (READ[section.dataset.kind] ?? kinds.read)(section.querySelector("form"));
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
  if (!READ[section.dataset.kind]) return kinds.fill(form, response);
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
function clockQuestion(seen = !document.hidden) {
  const time = performance.now();
  if (seen) spent.set(here, (spent.get(here) ?? 0) + time - since);
  since = time;
}
// The time until now belongs to the state before this event.
document.addEventListener("visibilitychange", () => clockQuestion(document.hidden));
function elapsed(section) {
  clockQuestion();
  const position = Number(section.dataset.position);
  return Math.round(Number(section.dataset.elapsed) + (spent.get(position) ?? 0));
}

// ---- saving

// Saved when the person stops typing, the rest at once.
const typed = (control) => control.name === "value" || "typed" in control.dataset;

const mapLink = (position) => page.querySelector(`[data-map="${position}"]`);
const last = new Map(); // position -> the answer as it was last queued

async function save(section) {
  const position = Number(section.dataset.position);
  const response = readingOf(section);
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
  if (!link) return; // adaptive: there is no map
  link.classList.toggle("q--on", answered);
  link.querySelector("[data-answered]").hidden = !answered;
  section.querySelector("[data-clear]").hidden = !answered;
  const count = page.querySelectorAll("[data-map].q--on").length;
  page.querySelector("[data-progress]").value = count;
  page.querySelector("[data-count-on]").textContent = count;
  page.querySelector("[data-count-off]").textContent = sections.length - count;
}

function section(position) {
  return sections.find((part) => Number(part.dataset.position) === position);
}

function notice(name) {
  document.querySelector(`[data-notice="${name}"]`).hidden = false;
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
for (const end of ENDS)
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
  if (push && !whole && !forward) history.pushState(position, "", `?q=${position}`);
  section(position).focus({ preventScroll: true });
  if (!whole) scrollTo(0, 0);
}

async function leave(url) {
  if (await queue.send()) location.assign(url);
  else notice("waiting");
}

// To the next question where there is no way back: that it was reached is an answer without words.
function goOn(position) {
  const next = section(position);
  if (forward && next && !Object.keys(readingOf(next)).length) queue.add({ position, response: {}, elapsed_ms: 0 });
  if (next) go(position);
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
    if (!typed(event.target)) return;
    event.target.removeAttribute("aria-invalid");
    clearTimeout(typing);
    typing = setTimeout(save, TYPING_MS, part);
  });
  form.addEventListener("focusin", () => whole && position !== here && go(position));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button?.name === "clear") fill(part, {});
    if (button?.name === "flag") return flag(part, button);
    const saving = part.querySelector("fieldset").disabled ? null : save(part);
    if (onward) return saving?.then(onward);
    if (button && "reload" in button.dataset) {
      await saving;
      return reload(button, position);
    }
    if (button?.name !== "go") return;
    if (button.value === "review") {
      await saving;
      leave(page.querySelector("a[data-review]").href);
    } else goOn(Number(button.value));
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
  for (const plain of form.querySelectorAll("[data-plain]")) plain.hidden = true;
}

// ---- flags and hints

function flag(part, button) {
  const position = Number(part.dataset.position);
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  mapLink(position).classList.toggle("q--flag", on);
  mapLink(position).querySelector("[data-flagged]").hidden = !on;
  const count = page.querySelectorAll("[data-map].q--flag").length;
  page.querySelector("[data-legend-flag]").hidden = !count;
  page.querySelector("[data-count-flag]").textContent = count;
  queue.flag(button.dataset.flag, position, on);
}

// A hint or the reasons change what the page holds: it is asked for again.
async function reload(button, position) {
  if (!(await queue.send()) || !(await queue.beside(button.dataset.reload, { position, [button.name]: button.value })))
    return notice("waiting");
  history.replaceState(position, "", whole ? `?view=all#q-${position}` : `?q=${position}`);
  location.reload();
}

// ---- begin

// Where the server chooses the next question, the form follows its answer.
const onward = "adaptive" in page.dataset && (await import("./adaptive.js")).ready(page, queue);
sections.forEach(wire);
if (page.dataset.secondsLeft)
  import("./clock.js").then(({ run }) =>
    run(page, queue, async () => {
      await save(section(here));
      await queue.send();
    }),
  );
if (!whole) history.replaceState(here, "");
page.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const to = link.dataset.go ?? (whole ? null : link.dataset.map);
  if (to) {
    event.preventDefault();
    go(Number(to));
  } else if ("review" in link.dataset || "leave" in link.dataset) {
    event.preventDefault();
    leave(link.href);
  }
});

for (const form of document.querySelectorAll("form[data-drain]"))
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (await queue.send()) form.submit();
    else notice("waiting");
  });

// What was given before this script came stands in the form and nowhere else: it is saved now.
const given = (control) => {
  if (control.tagName !== "SELECT")
    return control.checked !== control.defaultChecked || control.value !== control.defaultValue;
  const sent = [...control.options].find((option) => option.defaultSelected) ?? control.options[0];
  return control.value !== sent.value;
};
const early = sections.filter((part) => [...part.querySelectorAll("input, select, textarea")].some(given));
for (const part of sections)
  if (!early.includes(part))
    last.set(Number(part.dataset.position), JSON.stringify(readingOf(part)));
for (const entry of await queue.open()) {
  const part = section(entry.position);
  if (!part || early.includes(part)) continue;
  fill(part, entry.response);
  mark(part, entry.response);
  last.set(entry.position, JSON.stringify(entry.response));
}
early.forEach(save);

// The editor with script: live preview, saving in place, blocks at a press, no lost text.
// Without it every button is a plain form post.

const form = document.querySelector("#editor");
const text = form.elements.source;
const checked = form.querySelector("[data-checked]");
const most = Number(form.dataset.most);
const PAUSE_MS = 500;

// What is kept: shown beside the text, and asked before the page is left.
let kept = form.dataset.kept === "true" ? text.value : null;
let saved = false;
let leaving = false;

const show = (state) => {
  for (const line of form.querySelectorAll("[data-state]")) line.hidden = line.dataset.state !== state;
};
const isLarge = () => new TextEncoder().encode(text.value).length > most;
// The difference below belongs to the text that the page came with.
const difference = document.querySelector("#difference");
const compared = text.value;
const settle = () => {
  difference.hidden = text.value !== compared;
  show(isLarge() ? "large" : text.value === kept ? (saved ? "saved" : "kept") : "unsaved");
};

addEventListener("beforeunload", (event) => {
  if (!leaving && text.value !== kept) event.preventDefault();
});

const send = (url, fields, accept, signal) =>
  fetch(url, {
    method: "POST",
    body: new URLSearchParams({ csrf_token: form.elements.csrf_token.value, ...fields }),
    headers: { Accept: accept },
    signal,
  });

// Live preview: rendered by the server's one function, already clean when it comes.
let timer;
let asking;
const preview = async () => {
  asking?.abort();
  asking = new AbortController();
  const fields = { lesson: form.dataset.lesson, source: text.value };
  const answer = await send(form.dataset.preview, fields, "text/html", asking.signal).catch(() => null);
  if (!answer?.ok) return; // the older preview stays
  const html = await answer.text();
  const before = checked.querySelector(".preview");
  const at = before?.scrollTop ?? 0;
  checked.innerHTML = html;
  const after = checked.querySelector(".preview");
  if (after) after.scrollTop = at;
};
text.addEventListener("input", () => {
  settle();
  clearTimeout(timer);
  if (!isLarge()) timer = setTimeout(preview, PAUSE_MS);
});
for (const button of form.querySelectorAll("[data-by-hand]")) button.hidden = true;

// A problem leads to its line.
checked.addEventListener("click", (event) => {
  const link = event.target.closest("[data-line]");
  if (!link) return;
  event.preventDefault();
  const lines = text.value.split("\n");
  const line = Math.min(Number(link.dataset.line), lines.length);
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + lines[line - 1].length);
  const height = parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max(0, (line - 4) * height);
});

// After signing in again in another tab the page's token is an old one: take the new one.
const renewToken = async () => {
  const answer = await fetch(form.action).catch(() => null);
  if (!answer?.ok || answer.redirected) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("#editor [name=csrf_token]");
  if (token) form.elements.csrf_token.value = token.value;
  return Boolean(token);
};

// Saving in place. A conflict, and everything else that is not plain success, goes the form's way.
const save = async (again = true) => {
  const sent = text.value;
  show("saving");
  const fields = { base: form.elements.base.value, version: form.elements.version.value, source: sent };
  const answer = await send(form.action, fields, "application/json").catch(() => null);
  if (!answer || answer.status >= 500) return show("off");
  if ([400, 401].includes(answer.status)) {
    return again && (await renewToken()) ? save(false) : show("out");
  }
  if (!answer.ok) {
    leaving = true;
    return form.submit();
  }
  form.elements.version.value = (await answer.json()).version;
  kept = sent;
  saved = true;
  form.querySelector("[data-time]").textContent = new Date().toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
  });
  return settle();
};
form.addEventListener("submit", (event) => {
  if (isLarge()) {
    event.preventDefault();
    return settle();
  }
  if (event.submitter?.hasAttribute("formaction")) {
    leaving = true;
    return undefined;
  }
  event.preventDefault();
  return save();
});
addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector(".btn--go"));
});

// Toolbar: whole blocks, or signs around the selection. insertText keeps the browser's undo.
const insert = (words, from, to) => {
  text.focus();
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words);
    text.dispatchEvent(new Event("input"));
  }
  const start = text.selectionEnd - words.length;
  text.setSelectionRange(start + from, start + to);
};
const bar = form.querySelector(".bar");
bar.hidden = false;
bar.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  const { insert: block, around } = button.dataset;
  if (around) {
    const chosen = text.value.slice(text.selectionStart, text.selectionEnd);
    return insert(around + chosen + around, around.length, around.length + chosen.length);
  }
  // A block stands between empty lines.
  const before = text.value.slice(0, text.selectionStart);
  const head = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = text.value.slice(text.selectionEnd).startsWith("\n") ? "\n" : "\n\n";
  return insert(head + block + tail, head.length, head.length + block.length);
});
// One stop for the tab key; arrows move inside, as a toolbar does.
const tools = [...bar.querySelectorAll("button")];
tools.forEach((tool, place) => (tool.tabIndex = place ? -1 : 0));
bar.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = tools[(tools.indexOf(document.activeElement) + step + tools.length) % tools.length];
  for (const tool of tools) tool.tabIndex = tool === next ? 0 : -1;
  next.focus();
});

if (kept === null) settle();

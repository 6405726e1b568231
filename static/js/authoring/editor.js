// The editor with script: live preview, saving in place, blocks at a press, no lost text.
// Without it every button is a plain form post.

import * as facts from "./facts.js";
import * as local from "./local.js";
import * as pictures from "./pictures.js";
import * as preview from "./preview.js";
import * as toolbar from "./toolbar.js";

const form = document.querySelector("#editor");
const text = form.elements.source;
const most = Number(form.dataset.most);
const AUTOSAVE_MS = 4000;
const AGAIN_MS = 8000;

// What is kept: shown beside the text, and asked before the page is left.
let kept = form.dataset.kept === "true" ? text.value : null;
let saved = false;
let leaving = false;
let clashed = false;

const show = (state) => {
  for (const line of form.querySelectorAll("[data-state]")) line.hidden = line.dataset.state !== state;
};
const isLarge = () => new TextEncoder().encode(text.value).length > most;
// The difference below belongs to the text that the page came with.
const difference = document.querySelector("#difference");
const compared = text.value;
const settle = () => {
  difference.hidden = text.value !== compared;
  if (text.value === kept) local.forget(form);
  if (isLarge()) show("large");
  else if (text.value === kept) show(saved ? "saved" : "kept");
  else show(clashed ? "clash" : "unsaved");
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

// After signing in again in another tab the page's token is an old one: take the new one.
const renewToken = async () => {
  const answer = await fetch(form.action).catch(() => null);
  if (!answer?.ok || answer.redirected) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("#editor [name=csrf_token]");
  if (token) form.elements.csrf_token.value = token.value;
  return Boolean(token);
};

// Saves go one after the other. By itself the page never leaves the text: a conflict is only said,
// and shown with both texts when the person asks to save.
let timer;
let turn = Promise.resolve();
const later = (ms) => {
  clearTimeout(timer);
  timer = setTimeout(() => save(false), ms);
};
const save = (asked) => (turn = turn.then(() => saveNow(asked)));
const saveNow = async (asked, again = true) => {
  clearTimeout(timer);
  if (leaving || isLarge() || (!asked && text.value === kept)) return settle();
  const sent = text.value;
  const { base, version, tab, step } = form.elements;
  show("saving");
  step.value = Number(step.value) + 1;
  const fields = { base: base.value, version: version.value, tab: tab.value, step: step.value, source: sent };
  const answer = await send(form.action, fields, "application/json").catch(() => null);
  if (!answer || answer.status >= 500) {
    later(AGAIN_MS);
    return show("off");
  }
  if ([400, 401].includes(answer.status)) {
    return again && (await renewToken()) ? saveNow(asked, false) : show("out");
  }
  if (!answer.ok) {
    clashed = answer.status === 409;
    if (!asked) return settle();
    leaving = true;
    return form.submit();
  }
  version.value = (await answer.json()).version;
  for (const other of document.querySelectorAll("[data-remark-version]")) other.value = version.value;
  kept = sent;
  saved = true;
  clashed = false;
  if (text.value === sent) local.forget(form);
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
    clearTimeout(timer);
    return undefined;
  }
  event.preventDefault();
  return save(true);
});
addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  save(true);
});

const soon = preview.start(form, text, send, isLarge);
const changed = () => {
  settle();
  if (text.value !== kept) local.keep(form, text);
  if (!clashed) later(AUTOSAVE_MS);
};
text.addEventListener("input", changed);
for (const part of document.querySelectorAll("[data-by-hand]")) part.hidden = true;
toolbar.start(form, text);
facts.start(form, text, send);
pictures.start(form, text);
if (kept === null) settle();
local.start(form, text, () => {
  changed();
  soon();
});
// A remark is made where the caret stands.
text.addEventListener("blur", () => {
  const line = text.value.slice(0, text.selectionStart).split("\n").length;
  const field = document.querySelector("#remark-line");
  if (field) field.value = line;
});

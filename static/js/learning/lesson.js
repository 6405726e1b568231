// Remembers which sections were read. Without script the button at the end does it for all.

import * as panes from "./panes.js";

panes.start(document);

const form = document.querySelector("form[data-place]");
const bar = document.querySelector("[data-progress]");
const READ_MS = 4000; // a section counts as read when its end was in view this long

if (form && "IntersectionObserver" in window) {
  const token = form.querySelector("[name=csrf_token]").value;
  const parts = [...document.querySelectorAll(".prose .part")];
  const timers = new Map();

  const keep = async (part) => {
    const entry = document.querySelector(`.outline a[href="#${CSS.escape(part.id)}"]`)?.parentElement;
    if (!entry || entry.classList.contains("was")) return;
    const body = new URLSearchParams({ csrf_token: token, section: part.id });
    const answer = await fetch(form.dataset.place, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    }).catch(() => null);
    if (!answer?.ok) return; // offline: the next visit will note it
    entry.classList.add("was");
    if (bar) bar.value = document.querySelectorAll(".outline .was").length;
  };

  const ends = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const part = target.closest(".part");
      clearTimeout(timers.get(part));
      if (isIntersecting) timers.set(part, setTimeout(keep, READ_MS, part));
    }
  });
  for (const part of parts) if (part.lastElementChild) ends.observe(part.lastElementChild);
}

// The outline shows where the reader is.
const links = new Map(
  [...document.querySelectorAll(".outline a")].map((link) => [link.hash.slice(1), link]),
);
const here = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(target.id)?.setAttribute("aria-current", "location");
    }
  },
  { rootMargin: "-20% 0px -70% 0px" },
);
for (const part of document.querySelectorAll(".prose .part")) here.observe(part);

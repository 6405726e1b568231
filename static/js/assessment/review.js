// The look back: what still waits is sent before handing in; flagged questions are listed.

import { Flags, Queue } from "./queue.js";

const page = document.querySelector("[data-attempt]");
const queue = new Queue(page);
const form = page.querySelector("[data-submit]");
const opened = queue.open();

let shown = (await opened).length; // answers that the page could not know of
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await queue.send()) form.submit();
  else page.querySelector('[data-notice="waiting"]').hidden = false;
});
queue.addEventListener("saved", () => {
  shown -= 1;
  if (shown === 0) location.reload();
});

const flags = [...new Flags(page.dataset.attempt).set].sort((a, b) => a - b);
const model = page.querySelector("[data-flag-link]").content.firstElementChild;
const list = page.querySelector("[data-flag-list]");
flags.forEach((position, index) => {
  const link = model.cloneNode();
  link.href = link.getAttribute("href").replace("q=0", `q=${position}`);
  link.textContent = position;
  list.append(index ? ", " : "", link);
});
page.querySelector("[data-flags]").hidden = !flags.length;

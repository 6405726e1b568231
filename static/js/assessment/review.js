// The look back: what still waits is sent before handing in.

import { Queue } from "./queue.js";

const page = document.querySelector("[data-attempt]");
const queue = new Queue(page);
// The clock runs on while somebody looks back: without signs of life that would count as a drop.
if (page.dataset.beat) import("./beats.js").then(({ Beats }) => new Beats(page, queue));
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

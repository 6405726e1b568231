// Keys for a list of candidates: j and k (or the arrows) go through it, x ticks, Enter opens, ? helps.
// Everything works without: each line is a link and a box to tick.
const lines = [...document.querySelectorAll("[data-line]")];
const help = document.getElementById("keys");
const ticked = document.querySelector("[data-ticked]");
const boxes = [...document.querySelectorAll("[data-line] input[type=checkbox]")];
let at = -1;

function link(line) {
  return line.querySelector("a");
}

function go(step) {
  if (!lines.length) return;
  at = Math.min(Math.max(at + step, 0), lines.length - 1);
  link(lines[at]).focus();
}

function typing(target) {
  return target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]");
}

function count() {
  if (!ticked) return;
  const n = boxes.filter((box) => box.checked).length;
  ticked.textContent = n ? `(${n})` : "";
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  if (event.target.closest("[popover]") || event.target.matches("[type=radio]")) return;
  // The arrows scroll the page until somebody is in the list.
  const inList = event.target.closest("[data-line]");
  const step = { j: 1, k: -1 }[event.key] ?? (inList ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : undefined);
  if (step) {
    event.preventDefault();
    go(step);
  } else if (event.key === "x" && inList) {
    const box = inList.querySelector("input[type=checkbox]");
    if (box) box.click();
  } else if (event.key === "?" && help) {
    event.preventDefault();
    help.togglePopover();
  }
});

document.addEventListener("focusin", (event) => {
  const line = event.target.closest("[data-line]");
  if (line) at = lines.indexOf(line);
});
document.addEventListener("change", count);
for (const button of document.querySelectorAll("[data-keys]")) button.hidden = false;
count(); // the browser may bring ticks back

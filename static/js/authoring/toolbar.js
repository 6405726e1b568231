// Signs and blocks at a press or a key. The textarea stays a textarea: insertText keeps its undo.

const SHORTCUTS = { b: "[data-around='**']", i: "[data-around='*']", k: "[data-link='https://']" };

export const write = (text, words, from = words.length, to = from) => {
  text.focus();
  const start = text.selectionStart;
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words, start, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
  text.setSelectionRange(start + from, start + to);
};

const chosen = (text) => text.value.slice(text.selectionStart, text.selectionEnd);

const around = (text, sign) => {
  const words = chosen(text);
  write(text, sign + words + sign, sign.length, sign.length + words.length);
};

const link = (text, target) => {
  const words = chosen(text);
  const at = words.length + 3;
  write(text, `[${words}](${target})`, words ? at : 1, words ? at + target.length : 1);
};

// Every chosen line becomes an entry of a list.
const lines = (text, sign) => {
  const start = text.value.lastIndexOf("\n", text.selectionStart - 1) + 1;
  text.setSelectionRange(start, text.selectionEnd);
  write(text, chosen(text).split("\n").map((line) => sign + line).join("\n"));
};

// A block stands between empty lines.
const block = (text, words) => {
  const before = text.value.slice(0, text.selectionStart);
  const head = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const tail = text.value.slice(text.selectionEnd).startsWith("\n") ? "\n" : "\n\n";
  write(text, head + words + tail, head.length, head.length + words.length);
};

const press = (text, { around: sign, link: target, lines: mark, insert: words }) => {
  if (sign) around(text, sign);
  else if (target) link(text, target);
  else if (mark) lines(text, mark);
  else if (words) block(text, words);
};

// One stop for the tab key; arrows, Home and End move inside.
const roving = (box, tools, keys) => {
  tools.forEach((tool, place) => (tool.tabIndex = place ? -1 : 0));
  box.addEventListener("keydown", (event) => {
    const here = tools.indexOf(document.activeElement);
    const place = {
      [keys[0]]: here - 1,
      [keys[1]]: here + 1,
      Home: 0,
      End: tools.length - 1,
    }[event.key];
    if (place === undefined || here < 0) return;
    event.preventDefault();
    const next = tools[(place + tools.length) % tools.length];
    for (const tool of tools) tool.tabIndex = tool === next ? 0 : -1;
    next.focus();
  });
};

export const start = (form, text) => {
  const bar = form.querySelector(".bar");
  const menu = form.querySelector("#insert-menu");
  const keys = form.querySelector("#keys");
  bar.hidden = false;
  bar.addEventListener("click", ({ target }) => {
    const tool = target.closest("button");
    if (tool) press(text, tool.dataset);
  });
  menu.addEventListener("click", ({ target }) => {
    const tool = target.closest("button");
    if (!tool) return;
    menu.hidePopover();
    press(text, tool.dataset);
  });
  menu.addEventListener("toggle", (event) => {
    if (event.newState === "open") menu.querySelector("button").focus();
  });
  roving(bar, [...bar.querySelectorAll("button")], ["ArrowLeft", "ArrowRight"]);
  roving(menu, [...menu.querySelectorAll("button")], ["ArrowUp", "ArrowDown"]);
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const selector = SHORTCUTS[event.key.toLowerCase()];
    if (event.key === "/") {
      event.preventDefault();
      keys.togglePopover();
    } else if (selector && document.activeElement === text) {
      event.preventDefault();
      press(text, bar.querySelector(selector).dataset);
    }
  });
};

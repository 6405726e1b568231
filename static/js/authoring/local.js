// What was typed stays in this browser until the server has it: a crash, a dead server or a closed
// tab loses nothing.

const DAYS = 30;
const PREFIX = "threshold-lesson:";

const keyOf = (form) => `${PREFIX}${form.dataset.person}:${form.dataset.lesson}`;

const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
};

export const keep = (form, text) => {
  const { base, version, tab, step } = form.elements;
  const kept = { source: text.value, base: base.value, version: version.value, tab: tab.value, step: step.value, at: Date.now() };
  try {
    localStorage.setItem(keyOf(form), JSON.stringify(kept));
  } catch {
    // No room, or no storage at all: the server has every save all the same.
  }
};

export const forget = (form) => {
  try {
    localStorage.removeItem(keyOf(form));
  } catch {
    // Nothing was kept.
  }
};

const clean = () => {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && Date.now() - (read(key)?.at ?? 0) > DAYS * 864e5) localStorage.removeItem(key);
  }
};

// A text that was kept here and never reached the server: put back by itself where nothing else was
// saved since, offered where something was. take(): puts it into the form.
export const start = (form, text, changed) => {
  let kept = null;
  try {
    clean();
    kept = read(keyOf(form));
  } catch {
    return;
  }
  if (!kept?.source || kept.source.trimEnd() === text.value.trimEnd()) return void forget(form);
  const box = document.querySelector("#kept-here");
  const part = (name) => box.querySelector(`[data-kept-${name}]`);
  const server = { source: text.value, base: form.elements.base.value, version: form.elements.version.value, tab: form.elements.tab.value, step: form.elements.step.value };
  const put = (what) => {
    text.value = what.source;
    for (const name of ["base", "version", "tab", "step"]) form.elements[name].value = what[name];
    changed();
  };
  const same = kept.version === server.version && kept.base === server.base;
  part("when").textContent = new Date(kept.at).toLocaleString();
  part(same ? "same" : "other").hidden = false;
  part("take").hidden = same;
  box.hidden = false;
  part("take").addEventListener("click", () => {
    box.hidden = true;
    put(kept);
  });
  part("drop").addEventListener("click", () => {
    box.hidden = true;
    forget(form);
    put(server);
  });
  if (same) put(kept);
};

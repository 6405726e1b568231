// The front matter's form: a field that was changed is written into the text by the server, and the
// form follows the text when it is opened again.

export const start = (form, text, send) => {
  const panel = form.querySelector("[data-facts-panel]");
  const box = form.querySelector("[data-facts-form]");
  const front = () => text.value.slice(0, text.value.indexOf("\n---", 3) + 1);
  let shown = front();
  let turn = Promise.resolve();

  const fields = () => Object.fromEntries(
    [...box.querySelectorAll("[name]")].filter((one) => one.type !== "checkbox" || one.checked).map((one) => [one.name, one.value]),
  );
  const ask = async (given) => {
    const sent = text.value;
    const answer = await send(form.dataset.facts, { source: sent, ...given }, "application/json").catch(() => null);
    if (!answer?.ok || text.value !== sent) return; // somebody types: the fields go with the save
    const told = await answer.json();
    if (told.source !== sent && told.source.trimEnd() !== sent.trimEnd()) {
      text.setRangeText(told.source, 0, text.value.length, "preserve");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
    const at = document.activeElement?.id;
    box.innerHTML = told.form;
    if (at) box.querySelector(`#${CSS.escape(at)}`)?.focus();
    shown = front();
  };
  box.addEventListener("change", () => (turn = turn.then(() => ask(fields()))));
  panel.addEventListener("toggle", () => {
    if (panel.open && front() !== shown) turn = turn.then(() => ask({}));
  });
};

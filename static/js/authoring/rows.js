// Rows of an item's form are added, moved and taken away without a reload: the server draws the form
// anew from what was typed, as it does without script. And nobody leaves typed text by accident.

const form = document.querySelector("#item-form");
const said = document.querySelector("#rows-said");

const list = (name) => form.querySelector(`[data-rows="${CSS.escape(name)}"]`);
const rowsOf = (name) => [...(list(name)?.querySelectorAll(":scope > ol > li") ?? [])];

let changed = form.dataset.changed === "yes";

// Where somebody goes on: in the new row, or at the same button of the row that moved.
const follow = ([name, verb, place]) => {
  const rows = rowsOf(name);
  const at = { add: rows.length - 1, up: Number(place) - 1, down: Number(place) + 1 }[verb];
  const row = rows[at ?? Math.min(Number(place), rows.length - 1)];
  const button = row?.querySelector(`[value="${CSS.escape(`${name}.${verb}.${at}`)}"]`);
  const first = (verb === "add" ? null : button ?? row?.querySelector("button")) ?? row?.querySelector("input, select, textarea");
  (first ?? list(name)?.querySelector("button") ?? form.querySelector("textarea")).focus();
  said.classList.add("vh");
  if (list(name)) said.textContent = `${list(name).querySelector("legend").textContent}. ${said.dataset.words} ${rows.length}`;
};

const redraw = async (button) => {
  const sent = new URLSearchParams(new FormData(form, button));
  form.inert = true; // what is typed while the answer is on its way would be lost
  try {
    const answer = await fetch(button.formAction, { method: "POST", body: sent });
    const page = answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const fresh = page?.querySelector("#item-form");
    if (!fresh) return false;
    form.replaceChildren(...fresh.childNodes);
    hint();
    return true;
  } catch {
    return false;
  } finally {
    form.inert = false;
  }
};

// A click into the figure fills in where the place is: the one whose fields somebody was in last.
let place = 0;
form.addEventListener("focusin", (event) => {
  const row = event.target.closest('[data-rows="areas"] > ol > li');
  if (row) place = rowsOf("areas").indexOf(row);
});
form.addEventListener("click", (event) => {
  const figure = event.target.closest("[data-plan] svg");
  const row = figure && rowsOf("areas")[place];
  if (!row) return;
  const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(figure.getScreenCTM().inverse());
  for (const name of ["x", "y"]) row.querySelector(`[name$="-${name}"]`).value = Math.max(0, Math.round(at[name]));
  changed = true;
  said.textContent = `${row.querySelector("legend").textContent}: ${Math.round(at.x)}, ${Math.round(at.y)}`;
});
const hint = () => form.querySelector("[data-plan-hint]")?.removeAttribute("hidden");
hint();

form.addEventListener("input", () => (changed = true));
form.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (button?.name !== "do") {
    changed = false;
    return;
  }
  event.preventDefault();
  changed = true;
  if (await redraw(button)) {
    follow(button.value.split("."));
  } else {
    said.textContent = said.dataset.failed;
    said.classList.remove("vh");
    button.focus();
  }
});
addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

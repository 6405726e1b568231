// Reading and filling the controls of a question by their names: `truth`, or `cells.a1` for one of
// several parts. The names are those of the payload, see domain/assessment/responses.py.

const controls = (form) => form.querySelectorAll("fieldset :is(input, select, textarea)[name]");

export function read(form) {
  const response = {};
  for (const control of controls(form)) {
    const value = control.type === "radio" && !control.checked ? "" : control.value.trim();
    if (!value) continue;
    const [name, part] = control.name.split(".");
    if (part) (response[name] ??= {})[part] = value;
    else response[name] = value;
  }
  return response;
}

export function fill(form, response) {
  for (const control of controls(form)) {
    const [name, part] = control.name.split(".");
    const value = (part ? response[name]?.[part] : response[name]) ?? "";
    if (control.type === "radio") control.checked = control.value === value;
    else control.value = value;
  }
  form.dispatchEvent(new Event("filled"));
}

// The typed text exists only on this page: ask before it is left unsaved.

import * as local from "./local.js";

let leaving = false;
for (const form of document.querySelectorAll("[data-guard]")) {
  form.addEventListener("submit", () => {
    leaving = true;
    local.forget(form); // what was kept in this browser stands in the form that is sent
  });
}
addEventListener("beforeunload", (event) => {
  if (!leaving) event.preventDefault();
});

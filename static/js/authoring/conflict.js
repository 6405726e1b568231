// The typed text exists only on this page: ask before it is left unsaved.

let leaving = false;
document.querySelector("[data-guard]").addEventListener("submit", () => (leaving = true));
addEventListener("beforeunload", (event) => {
  if (!leaving) event.preventDefault();
});

// Copies a link that is shown once. Without script the field can be selected by hand.
const button = document.querySelector("[data-copy]");
const source = document.querySelector("[data-copy-from]");
const said = document.querySelector("[data-copied]");

if (button && source && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.value);
    said.textContent = said.dataset.text;
  });
}
source?.addEventListener("focus", () => source.select());

// A click on a figure picks the place in the list beside it; the list alone is enough without script.

for (const figure of document.querySelectorAll("[data-figure]")) {
  const form = figure.closest("form");
  const radio = (letter) => form.querySelector(`[name=choice][value="${letter}"]`);
  const draw = () => {
    for (const spot of figure.querySelectorAll("[data-letter]"))
      spot.classList.toggle("spot--on", radio(spot.dataset.letter).checked);
  };
  figure.classList.add("place--live");
  figure.addEventListener("click", (event) => {
    const spot = event.target.closest("[data-letter]");
    if (!spot || form.querySelector("fieldset").disabled) return;
    radio(spot.dataset.letter).checked = true;
    radio(spot.dataset.letter).dispatchEvent(new Event("change", { bubbles: true }));
  });
  for (const change of ["change", "filled"]) form.addEventListener(change, draw);
  draw();
}

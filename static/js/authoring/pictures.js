// A picture that is pasted or dropped goes to the library of pictures; the text gets its address.

import { write } from "./toolbar.js";

export const start = (form, text) => {
  const box = form.querySelector("#picture");
  const words = box.querySelector("#picture-alt");
  const bad = box.querySelector("[data-picture-bad]");
  let file = null;

  const offer = (event, data) => {
    const found = [...(data?.files ?? [])].find((one) => one.type.startsWith("image/"));
    if (!found) return;
    event.preventDefault();
    file = found;
    bad.hidden = true;
    box.showPopover();
    words.focus();
  };
  text.addEventListener("paste", (event) => offer(event, event.clipboardData));
  text.addEventListener("drop", (event) => offer(event, event.dataTransfer));

  const send = async () => {
    const alt = words.value.trim();
    if (!file || !alt) return void (bad.hidden = false);
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    body.set("file", file, file.name || "pasted.png");
    body.set("alt", alt);
    const answer = await fetch(form.dataset.media, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    const told = answer?.ok ? await answer.json().catch(() => null) : null;
    if (!told?.markdown) return void (bad.hidden = false);
    box.hidePopover();
    words.value = "";
    write(text, `\n\n${told.markdown}\n\n`);
  };
  box.querySelector("[data-picture-go]").addEventListener("click", send);
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    send();
  });
};

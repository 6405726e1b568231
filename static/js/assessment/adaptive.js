// Adaptive practice: the server chooses the next question by the answer to this one. The answer is kept
// on this device and sent as on every page of questions; the form follows once it has arrived, so
// that a lost line loses nothing.

// Gives back what to do when the person wants the next question and their answer is in the queue.
export function ready(page, queue) {
  const form = page.querySelector("section[data-position] form");
  const waits = page.querySelector('[data-notice="next"]');
  let going = false;
  let gone = false;

  async function go() {
    const arrived = (await queue.send()) && navigator.onLine; // else the form would lead to an error page
    if (!going || gone) return;
    waits.hidden = arrived || queue.halted;
    if (!arrived) return;
    gone = true;
    form.submit();
  }

  const again = () => going && go();
  queue.addEventListener("saved", again);
  addEventListener("online", again);
  for (const end of ["refused", "closed", "stale", "over"])
    queue.addEventListener(end, () => {
      going = false;
      waits.hidden = true;
    });
  // Back from the next question: this one is closed by then.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  return () => {
    going = true;
    return go();
  };
}

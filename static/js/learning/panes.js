// Tabs of a lesson: without script all texts stand one below the other, each under its heading; with
// it a row of buttons chooses one. Printed whole either way.

let sets = 0;

const turnOn = (group) => {
  const panes = [...group.querySelectorAll(":scope > .pane")];
  if (panes.length < 2) return;
  const name = `panes-${(sets += 1)}`;
  const list = document.createElement("div");
  list.className = "panes__list";
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", group.getAttribute("aria-label"));
  group.removeAttribute("role"); // the list and the text below it have the names now
  group.removeAttribute("aria-label");

  const tabs = panes.map((pane, n) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.id = `${name}-tab-${n}`;
    tab.textContent = pane.querySelector(".pane__t").textContent;
    tab.setAttribute("role", "tab");
    pane.id = `${name}-${n}`;
    pane.tabIndex = 0;
    pane.setAttribute("role", "tabpanel");
    pane.setAttribute("aria-labelledby", tab.id);
    tab.setAttribute("aria-controls", pane.id);
    list.append(tab);
    return tab;
  });
  const choose = (chosen) => {
    tabs.forEach((tab, n) => {
      tab.setAttribute("aria-selected", String(n === chosen));
      tab.tabIndex = n === chosen ? 0 : -1;
      panes[n].classList.toggle("pane--off", n !== chosen); // not `hidden`: paper shows them all
    });
  };
  const moves = { ArrowRight: 1, ArrowLeft: -1 };
  list.addEventListener("click", (event) => {
    const at = tabs.indexOf(event.target.closest("[role=tab]"));
    if (at >= 0) choose(at);
  });
  list.addEventListener("keydown", (event) => {
    const at = tabs.indexOf(document.activeElement);
    const ends = { Home: 0, End: tabs.length - 1 };
    const to = ends[event.key] ?? (moves[event.key] ? (at + moves[event.key] + tabs.length) % tabs.length : null);
    if (at < 0 || to === null) return;
    event.preventDefault();
    choose(to);
    tabs[to].focus();
  });
  group.classList.add("panes--on");
  group.prepend(list);
  choose(0);
};

export const start = (root) => {
  for (const group of root.querySelectorAll(".panes:not(.panes--on)")) turnOn(group);
};

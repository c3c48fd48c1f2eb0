// Single keys of the staff pages. What a key does is printed on its button:
//   <button data-key="a">Aceptar <kbd>A</kbd></button>     pressing A clicks it
//   <input data-key-focus="/">                             pressing / goes there
//   <details data-key-scope> … </details>                  while open, only the keys inside it work; Esc closes it
// <body data-keys="off"> switches all of them off (WCAG 2.1.4). Keys with Ctrl, Alt or Meta are never ours,
// and nothing listens to Enter.
(() => {
  "use strict";

  const typing = (node) =>
    node.isContentEditable ||
    node.matches("textarea, select, input:not([type=button], [type=submit], [type=reset], [type=radio], [type=checkbox])");

  // A closed <details> still gives its content a box, so only its <summary> counts as shown.
  const shown = (node) =>
    node.getClientRects().length > 0 &&
    !node.disabled &&
    (node.matches("summary") || !node.closest("details:not([open])"));

  const openScope = () => document.querySelector("[data-key-scope][open]");

  const findTarget = (key) => {
    const within = openScope() ?? document;
    const name = CSS.escape(key);
    return [...within.querySelectorAll(`[data-key="${name}"], [data-key-focus="${name}"]`)].find(shown);
  };

  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.keys === "off") return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    const scope = openScope();
    if (event.key === "Escape" && scope) {
      scope.open = false;
      scope.querySelector("summary")?.focus();
      return;
    }
    if (event.key === "Enter" || typing(event.target)) return;
    const target = findTarget(event.key.toLowerCase());
    if (!target) return;
    event.preventDefault();
    if (target.hasAttribute("data-key-focus")) {
      target.focus();
      target.select?.();
    } else {
      target.click();
    }
  });

  // <div data-undo-seconds="10"> counts down aloud only for the eyes, then goes away.
  const countDown = (toast) => {
    let left = Number(toast.dataset.undoSeconds);
    const clock = toast.querySelector("[data-undo-left]");
    const timer = setInterval(() => {
      left -= 1;
      if (clock) clock.textContent = `${left} s`;
      if (left > 0) return;
      clearInterval(timer);
      toast.remove();
    }, 1000);
  };

  const start = (root) => root.querySelectorAll("[data-undo-seconds]").forEach(countDown);
  start(document);
  document.addEventListener("htmx:afterSwap", (event) => start(event.detail.elt));
})();

// The review page: zoom and turn the sheet, and lead the cursor through the panel of reasons. Without script it works
// with forms and links alone.
(() => {
  "use strict";

  const pages = [...document.querySelectorAll("[data-page]")];
  let zoom = 1;
  let turn = 0;

  const draw = () => {
    for (const page of pages) {
      const width = Number(page.dataset.width);
      const height = Number(page.dataset.height);
      const isOnSide = turn % 180 !== 0;
      page.setAttribute("viewBox", isOnSide ? `0 0 ${height} ${width}` : `0 0 ${width} ${height}`);
      const places = { 0: "", 90: `translate(${height} 0) `, 180: `translate(${width} ${height}) `, 270: `translate(0 ${width}) ` };
      page.querySelector("g").setAttribute("transform", `${places[turn]}rotate(${turn})`);
      page.style.width = `${zoom * 100}%`;
    }
  };

  for (const button of document.querySelectorAll("[data-zoom], [data-turn]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (button.hasAttribute("data-turn")) turn = (turn + 90) % 360;
      else zoom = Math.min(4, Math.max(0.5, zoom * Number(button.dataset.zoom)));
      draw();
    });
  }

  const panel = document.querySelector(".reject");
  if (!panel) return;
  const form = panel.querySelector("form");
  const submit = form.querySelector("[type=submit]");
  const note = form.querySelector("textarea");

  panel.addEventListener("toggle", () => {
    if (!panel.open || form.contains(document.activeElement)) return;
    (form.querySelector("[type=radio]:checked") ?? form.querySelector("[type=radio]")).focus();
  });

  // A number key chose the reason (a click of a script, not of a hand): Enter may send it now.
  panel.addEventListener("click", (event) => {
    if (event.isTrusted || event.target.type !== "radio") return;
    (event.target.hasAttribute("data-needs-note") ? note : submit).focus();
  });
})();

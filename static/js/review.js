// The review page: zoom and turn the sheet, and lead the cursor through the panel of reasons.
// The keys themselves are those of keys.js; without this file the page works with forms and links alone.
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

// The colonias arrive by themselves, so their button hides; «Escribe tu colonia» shows only when it is needed.
(() => {
  "use strict";

  for (const part of document.querySelectorAll("[data-without-script]")) part.hidden = true;

  const show = () => {
    const list = document.getElementById("id_colonia");
    const other = document.getElementById("div_id_other_colonia");
    if (list && other) other.hidden = list.value !== "otra";
  };
  show();
  document.addEventListener("change", (event) => {
    if (event.target.id === "id_colonia") show();
  });
  document.addEventListener("htmx:afterSwap", show);
})();

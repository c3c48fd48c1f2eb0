// How many sheets come out of the ticked groups, said beside the button. Without this file the sentence counts all of them,
// and each row its own.
(() => {
  "use strict";

  const form = document.querySelector("[data-sheets-form]");
  if (!form) return;
  const total = form.querySelector("[data-sheets-total]");
  const ofAll = total.textContent;

  const say = () => {
    const chosen = [...form.querySelectorAll("[data-sheets]:checked")];
    const issues = form.elements.issues?.checked;
    const sheets = chosen.reduce(
      (sum, { dataset }) => sum + Number(dataset.sheets) + (issues ? Number(dataset.toIssue) : 0), 0);
    const words = sheets === 1 ? "1 hoja" : `${sheets.toLocaleString("es-MX")} hojas`;
    total.textContent = chosen.length ? `Vas a imprimir ${words} Carta, por grupo y apellido.` : ofAll;
  };

  form.addEventListener("change", say);
  window.addEventListener("pageshow", say);
})();

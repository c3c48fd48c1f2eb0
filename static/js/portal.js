// Small helps for every page; each one only improves a page that already works without it.
(() => {
  "use strict";

  // A second tap on a slow connection must not send the form twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("data-repeatable")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-disabled", "true");
  });

  // Coming back with the browser's arrow shows the page as it was left: make it usable again.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      form.querySelector("[aria-disabled]")?.removeAttribute("aria-disabled");
    }
  });

  // What was typed while htmx was still on its way is asked for too: fields with the trigger «early».
  document.addEventListener("DOMContentLoaded", () => {
    for (const field of document.querySelectorAll('[hx-trigger$=" early"]')) {
      if (field.value !== field.defaultValue) window.htmx?.trigger(field, "early");
    }
  });

  // Without signal there is an honest page and the guide (service_worker.js), from the second page on.
  if ("serviceWorker" in navigator) {
    window.addEventListener("load", () => {
      navigator.serviceWorker.register("/sin-conexion.js").catch(() => {}); // a private window keeps nothing
    });
  }

  // A photo that upload.js could not send is gone after a day, whichever page is opened then.
  const forgetOldPhoto = (database) => {
    const photos = database.transaction("foto", "readwrite").objectStore("foto");
    photos.get("foto").onsuccess = ({ target }) => {
      if (target.result && Date.now() - target.result.at >= 24 * 60 * 60 * 1000) photos.delete("foto");
    };
    photos.transaction.oncomplete = () => database.close();
  };
  window.indexedDB?.databases?.().then((found) => {
    if (!found.some(({ name }) => name === "acuse")) return;
    const opening = indexedDB.open("acuse", 1);
    opening.onsuccess = () => forgetOldPhoto(opening.result);
  });

  // While htmx waits for an answer, the place it will fill says so.
  document.addEventListener("htmx:beforeRequest", (event) => event.detail.target.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));

  // <button type="button" data-copy="text" hidden>: appears where copying is possible.
  if (navigator.clipboard) {
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        const words = button.querySelector("[data-copy-text]") ?? button;
        const before = words.textContent;
        words.textContent = "Copiado";
        setTimeout(() => (words.textContent = before), 2000);
      });
    }
  }
})();

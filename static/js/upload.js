// E-10 on a phone: make the photo lighter, send it at once, try again when the signal fails, and keep it in
// this phone (24 h at most) while there is none. Without this file the form sends the file by its button.
(() => {
  "use strict";

  const form = document.querySelector("[data-acuse-form]");
  const input = form?.querySelector("input[type=file]");
  if (!input) return;

  const LONG_SIDE = 1600;
  const QUALITY = 0.7;
  const KEEP_MS = 24 * 60 * 60 * 1000;
  const PAUSES = [1000, 3000, 9000];
  const CHOOSING = "acuse-eligiendo";
  const status = form.querySelector("[data-upload-status]");
  const bar = form.querySelector("[data-upload-progress]");

  const say = (text, ...controls) => {
    status.replaceChildren(text, ...controls.flatMap((control) => [" ", control]));
  };

  const control = (text, action) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "link-button action-link";
    made.textContent = text;
    made.addEventListener("click", action);
    return made;
  };

  // A lighter photo ---------------------------------------------------------------------------------
  const sized = (width, height) => {
    const scale = Math.min(1, LONG_SIDE / Math.max(width, height));
    return [Math.round(width * scale), Math.round(height * scale)];
  };

  const decode = async (file) => {
    if ("createImageBitmap" in window) {
      return createImageBitmap(file, { imageOrientation: "from-image" });
    }
    const image = new Image();
    image.src = URL.createObjectURL(file);
    await image.decode();
    return image;
  };

  const lighter = async (file) => {
    if (!file.type.startsWith("image/")) return file;
    try {
      const image = await decode(file);
      const [width, height] = sized(image.width, image.height);
      const canvas = document.createElement("canvas");
      canvas.width = width;
      canvas.height = height;
      canvas.getContext("2d").drawImage(image, 0, 0, width, height);
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      return file; // what this phone cannot decode, the server looks at
    }
  };

  // The phone's own drawer --------------------------------------------------------------------------
  const drawer = (mode, action) =>
    new Promise((resolve) => {
      if (!("indexedDB" in window)) return resolve(undefined);
      const opening = indexedDB.open("acuse", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("foto");
      opening.onerror = () => resolve(undefined);
      opening.onsuccess = () => {
        const asked = action(opening.result.transaction("foto", mode).objectStore("foto"));
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => resolve(undefined);
      };
    });
  const keep = (file) =>
    drawer("readwrite", (store) => store.put({ file, key: form.elements.key.value, at: Date.now() }, "foto"));
  const forget = () => drawer("readwrite", (store) => store.delete("foto"));
  const kept = () => drawer("readonly", (store) => store.get("foto"));

  // Sending -----------------------------------------------------------------------------------------
  const post = (file) =>
    new Promise((resolve, reject) => {
      const data = new FormData(form);
      data.set("acuse", file, file.name);
      const request = new XMLHttpRequest();
      request.open("POST", form.action || location.href);
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        const share = Math.round((100 * event.loaded) / event.total);
        bar.hidden = false;
        bar.max = 100;
        bar.value = share;
        say(`Enviando… ${share} %`);
      });
      request.addEventListener("load", () => (request.status < 500 ? resolve(request) : reject(request)));
      request.addEventListener("error", reject);
      request.addEventListener("timeout", reject);
      request.timeout = 120000;
      request.send(data);
    });

  const wait = (pause) => new Promise((resolve) => setTimeout(resolve, pause));

  const send = async (file) => {
    say("Enviando…");
    for (const pause of [...PAUSES, null]) {
      try {
        await arrive(await post(file));
        return;
      } catch {
        if (pause === null) break;
        say("Se cortó la conexión. Intentando otra vez…");
        await wait(pause);
      }
    }
    bar.hidden = true;
    await keep(file);
    offer(file, "No hay señal. Guardamos tu foto en este teléfono; aún no la hemos recibido.");
  };

  // The answer is a page: the next step, or this one with what to put right.
  const arrive = async (request) => {
    await forget();
    if (request.responseURL && new URL(request.responseURL).pathname !== location.pathname) {
      location.replace(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const key = page.querySelector("[name=key]");
    const errors = page.querySelector(".error-summary");
    if (!errors) throw request;
    bar.hidden = true;
    input.value = "";
    if (key) form.elements.key.value = key.value;
    document.title = page.title;
    document.querySelector(".error-summary")?.remove();
    document.querySelector("main").prepend(document.adoptNode(errors));
    say(errors.querySelector("li")?.textContent.trim() ?? "");
    document.getElementById(errors.id)?.focus();
  };

  const offer = (file, text) => {
    say(
      text,
      control("Reintentar", () => send(file)),
      control("Borrarla de este teléfono", async () => {
        await forget();
        say("La borramos de este teléfono.");
      }),
    );
  };

  // The camera may make the phone close the page ----------------------------------------------------
  input.addEventListener("click", () => sessionStorage.setItem(CHOOSING, "1"));
  input.addEventListener("cancel", () => sessionStorage.removeItem(CHOOSING));
  input.addEventListener("change", async () => {
    sessionStorage.removeItem(CHOOSING);
    const file = input.files[0];
    if (!file) return;
    say(file.type.startsWith("image/") ? "Preparando tu foto…" : "Preparando tu archivo…");
    send(await lighter(file));
  });
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    input.dispatchEvent(new Event("change"));
  });

  (async () => {
    const found = await kept();
    if (found && Date.now() - found.at > KEEP_MS) await forget();
    else if (found) {
      form.elements.key.value = found.key;
      offer(found.file, "Tienes una foto guardada en este teléfono; aún no la hemos recibido.");
      return;
    }
    if (sessionStorage.getItem(CHOOSING) && !input.files.length) {
      say(
        "Tu teléfono cerró la página al abrir la cámara y la foto no llegó. " +
          "Tómala primero con tu cámara y luego elígela desde la galería.",
      );
    }
    sessionStorage.removeItem(CHOOSING);
  })();
})();

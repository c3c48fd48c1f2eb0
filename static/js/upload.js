// E-10 on a phone: keep the photo in this phone (24 h at most) until the server has it, make it lighter, send it at
// once and again when the signal fails. Without this file the form sends the file by its button.
(() => {
  "use strict";

  const form = document.querySelector("[data-acuse-form]");
  const input = form?.querySelector("input[type=file]");
  if (!input) return;

  const LONG_SIDE = 1600;
  const QUALITIES = [0.7, 0.6, 0.5];
  const ENOUGH_BYTES = 200000;
  const KEEP_MS = 24 * 60 * 60 * 1000;
  const PAUSES = [1000, 3000, 9000];
  const SILENCE_MS = 60000;
  const DRAWER_MS = 3000;
  const MEGABYTE = 1024 * 1024;
  const CHOOSING = "acuse-eligiendo";
  const { acuseForm: owner, next, signIn, maxBytes, tooLarge } = form.dataset;
  const status = form.querySelector("[data-upload-status]");
  const bar = form.querySelector("[data-upload-progress]");
  let isSending = false;
  let waiting = null;

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
  const shown = (file) =>
    new Promise((resolve, reject) => {
      const image = new Image();
      image.className = "upload__preview";
      image.alt = "La foto que elegiste";
      image.onload = () => resolve(image);
      image.onerror = reject;
      image.src = URL.createObjectURL(file);
    });

  const drawn = async (file, image) => {
    const share = Math.min(1, LONG_SIDE / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * share);
    canvas.height = Math.round(image.naturalHeight * share);
    const size = { resizeWidth: canvas.width, resizeHeight: canvas.height, resizeQuality: "high" };
    let picture = image; // where a browser cannot shrink while it decodes
    try {
      picture = await createImageBitmap(image, size);
    } catch {}
    const pen = canvas.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  };

  const lighter = async (file) => {
    if (!file.type.startsWith("image/")) return file;
    try {
      const image = await shown(file);
      document.querySelector(".upload__preview")?.remove();
      status.before(image);
      const canvas = await drawn(file, image);
      let blob = null;
      for (const quality of QUALITIES) {
        blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
        if (!blob || blob.size <= ENOUGH_BYTES) break;
      }
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      return file; // what this phone cannot decode, the server looks at
    }
  };

  const wait = (pause) => new Promise((resolve) => setTimeout(resolve, pause));

  // The phone's own drawer: one file, with the key under which it is sent and whose it is. Some phones never answer
  // when it is opened: they send without it. ------------------------------------------------------------
  const drawer = (mode, action) => Promise.race([opened(mode, action), wait(DRAWER_MS)]);
  const opened = (mode, action) =>
    new Promise((resolve) => {
      if (!("indexedDB" in window)) return resolve(null);
      const opening = indexedDB.open("acuse", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("foto");
      opening.onerror = () => resolve(null);
      opening.onsuccess = () => {
        const database = opening.result;
        const transaction = database.transaction("foto", mode);
        const asked = action(transaction.objectStore("foto"));
        const end = (result) => {
          database.close();
          resolve(result);
        };
        transaction.oncomplete = () => end({ value: asked.result });
        transaction.onabort = () => end(null);
      };
    });
  const keep = (record) => drawer("readwrite", (store) => store.put(record, "foto"));
  const forget = () => drawer("readwrite", (store) => store.delete("foto"));
  const kept = async () => (await drawer("readonly", (store) => store.get("foto")))?.value;

  // Sending -----------------------------------------------------------------------------------------
  const post = (record) =>
    new Promise((resolve, reject) => {
      const data = new FormData(form);
      data.set("acuse", record.file, record.file.name);
      data.set("key", record.key);
      const request = new XMLHttpRequest();
      let silence = 0;
      const listen = () => {
        clearTimeout(silence);
        silence = setTimeout(() => request.abort(), SILENCE_MS);
      };
      request.open("POST", record.address);
      request.upload.addEventListener("progress", (event) => {
        listen();
        if (!event.lengthComputable) return;
        bar.hidden = false;
        bar.value = Math.round((100 * event.loaded) / event.total);
        say(`Enviando… ${bar.value} %`);
      });
      request.addEventListener("loadend", () => {
        clearTimeout(silence);
        const isAnswer = request.status > 0 && request.status < 500 && request.status !== 429;
        isAnswer ? resolve(request) : reject(request);
      });
      listen();
      request.send(data);
    });

  const send = async (record) => {
    if (isSending) return;
    isSending = true;
    waiting = null;
    input.disabled = true;
    say("Enviando…");
    const answer = await tried(record);
    isSending = false;
    input.disabled = false;
    if (answer) return arrive(answer, record);
    bar.hidden = true;
    waiting = record;
    const isKept = await keep(record);
    offer(
      record,
      isKept
        ? "No hay señal. Guardamos tu foto en este teléfono; aún no la hemos recibido."
        : "Se cortó la conexión y no llegó tu archivo. Inténtalo otra vez.",
    );
  };

  const tried = async (record) => {
    for (const pause of [...PAUSES, null]) {
      try {
        return await post(record);
      } catch {
        if (pause === null) return null;
        say("Se cortó la conexión. Intentando otra vez…");
        await wait(pause);
      }
    }
  };

  // Only an answer that says so lets go of the file: the next step, or this page with what to put right.
  const arrive = async (request, record) => {
    const path = new URL(request.responseURL).pathname;
    if (path === signIn) {
      location.assign(request.responseURL); // the session ended: the file waits for the next one
      return;
    }
    if (request.status < 400 && (path === next || path !== record.address)) {
      await forget();
      location.replace(request.responseURL);
      return;
    }
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const errors = request.status < 400 && page.querySelector(".error-summary");
    bar.hidden = true;
    if (errors) return correct(page, errors);
    waiting = record;
    offer(record, "No pudimos recibir tu archivo. Carga otra vez esta página y reintenta; no se ha perdido.");
  };

  const correct = async (page, errors) => {
    await forget();
    input.value = "";
    document.querySelector(".upload__preview")?.remove();
    document.title = page.title;
    document.querySelector(".error-summary")?.remove();
    document.querySelector("main h1").before(document.adoptNode(errors));
    say(errors.querySelector("li")?.textContent.trim() ?? "");
    document.getElementById(errors.id)?.focus();
  };

  const offer = (record, text) => {
    say(
      text,
      control("Reintentar", () => send(record)),
      control("Borrarla de este teléfono", async () => {
        waiting = null;
        await forget();
        document.querySelector(".upload__preview")?.remove();
        input.value = "";
        say("La borramos de este teléfono.");
      }),
    );
  };
  window.addEventListener("online", () => waiting && send(waiting));

  // Kept before anything else is done: a phone that closes the page now loses nothing --------------------
  const begin = async (file) => {
    if (isSending) return;
    const key = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");
    const record = { file, key, owner, address: location.pathname, at: Date.now() };
    say(file.type.startsWith("image/") ? "Preparando tu foto…" : "Preparando tu archivo…");
    await keep(record);
    record.file = await lighter(file);
    if (record.file.size > Number(maxBytes)) return leave(record.file);
    if (record.file !== file) await keep(record);
    send(record);
  };

  // It would travel for minutes, at the student's cost, to be refused.
  const leave = async ({ size }) => {
    await forget();
    input.value = "";
    document.querySelector(".upload__preview")?.remove();
    say(`Error: ${tooLarge.replace("{size}", `${Math.ceil(size / MEGABYTE)} MB`)}`);
  };

  // The camera may make the phone close the page ----------------------------------------------------
  input.addEventListener("click", () => sessionStorage.setItem(CHOOSING, "1"));
  input.addEventListener("cancel", () => sessionStorage.removeItem(CHOOSING));
  input.addEventListener("change", () => {
    sessionStorage.removeItem(CHOOSING);
    if (input.files[0]) begin(input.files[0]);
  });
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    begin(input.files[0]);
  });

  (async () => {
    const found = await kept();
    const isOurs = found && found.owner === owner && Date.now() - found.at < KEEP_MS;
    if (found && !isOurs) await forget();
    if (isOurs) {
      waiting = found;
      offer(found, "Tienes una foto guardada en este teléfono que no terminó de enviarse.");
    } else if (sessionStorage.getItem(CHOOSING) && !input.files.length) {
      say(
        "Tu teléfono cerró la página al abrir la cámara y la foto no llegó. " +
          "Tómala primero con tu cámara y luego elígela desde la galería.",
      );
    }
    sessionStorage.removeItem(CHOOSING);
  })();
})();

// A code that came in the #fragment of a slip or a mail goes into its field and out of the address bar.
(() => {
  "use strict";

  const field = document.querySelector("[data-from-address]");
  const brought = decodeURIComponent(location.hash.slice(1));
  if (!field || !/^[\w-]{8,64}$/.test(brought)) return;
  field.value = brought;
  history.replaceState(null, "", location.pathname + location.search);
})();

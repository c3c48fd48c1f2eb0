// The answers of the Subdelegación: a column of numbers pasted into one row fills the rows below it, unless it is longer than
// they are: then it is of other rows. A number whose last digit does not fit, or that bears another year of birth, says so beside it. Without this file the same is checked when the form is sent.
(() => {
  "use strict";

  const form = document.querySelector("[data-answers]");
  if (!form) return;
  const inputs = [...form.querySelectorAll("input[data-nss]")];

  const fits = (digits) => {
    const sum = [...digits].reverse().reduce((total, digit, at) => {
      const value = Number(digit) * (at % 2 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    return sum % 10 === 0;
  };

  const fault = (text) => {
    const digits = text.replace(/[\s-]/g, "");
    if (!digits) return "";
    if (!/^\d{11}$/.test(digits)) return "El NSS tiene 11 números";
    return fits(digits) ? "" : "Revisar el NSS: el último número no corresponde con los demás";
  };

  const doubt = (input) => {
    const digits = input.value.replace(/[\s-]/g, "");
    const year = digits.slice(4, 6);
    if (!digits || year === input.dataset.born.slice(2)) return "";
    return `. El NSS trae el año de nacimiento ${year} y la CURP dice ${input.dataset.born}: comprobar que sea de este estudiante`;
  };

  const say = (input, words) => {
    input.setAttribute("aria-invalid", words ? "true" : "false");
    document.getElementById(input.getAttribute("aria-describedby")).textContent =
      words || (input.value.trim() ? `Se registra el NSS y se le avisa${doubt(input)}` : "En espera");
  };

  const check = (input) => say(input, fault(input.value));

  for (const input of inputs) {
    input.addEventListener("input", () => check(input));
    input.addEventListener("paste", (event) => {
      const lines = event.clipboardData.getData("text").split(/\r?\n/);
      while (lines.length && !lines.at(-1).trim()) lines.pop();
      if (lines.length < 2) return;
      event.preventDefault();
      const rows = inputs.slice(inputs.indexOf(input));
      if (lines.length > rows.length) {
        say(input, `No se pegó nada: son ${lines.length} números y desde aquí quedan ${rows.length} renglones`);
        return;
      }
      lines.forEach((line, at) => {
        rows[at].value = line.trim();
        check(rows[at]);
      });
    });
  }
})();

// Judging by keyboard: one letter judges the value in focus and leads to the next. The page works without it.
(() => {
  "use strict";
  const form = document.querySelector("form[data-judge]"), status = document.getElementById("status");
  if (!form) { return; }
  const values = [...form.querySelectorAll("[data-value]")];
  const radios = (value) => [...value.querySelectorAll("input[type=radio]")];
  const chosen = (value) => radios(value).find((one) => one.checked);

  function focus(value) {
    const one = value ? chosen(value) || radios(value)[0] : form.querySelector("button");
    if (!one) { return; }
    one.focus({ preventScroll: true });
    (value || one).scrollIntoView({ block: "nearest" });
  }

  // What lets a text go may ask for words first: a meaning, or a reason.
  function onward(value, radio) {
    const asked = radio.hasAttribute("data-lets")
      ? [...value.querySelectorAll("[data-needed]")].find((one) => !one.value.trim()) : undefined;
    if (asked) { asked.focus(); } else { focus(values[values.indexOf(value) + 1]); }
  }

  function tell(value) {
    const judged = values.filter((one) => chosen(one) && chosen(one).value !== "later").length;
    const said = `${value.querySelector("legend").textContent}: ${chosen(value).parentElement.textContent.trim()}.`;
    const counted = form.dataset.counted.replace("{n}", judged).replace("{all}", values.length);
    status.textContent = `${said} ${counted}`;
  }

  form.addEventListener("keydown", (event) => {
    const value = event.target.closest("[data-value]");
    if (!value || event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Enter" && event.target.type === "text") {
      event.preventDefault();
      focus(values[values.indexOf(value) + 1]);
    }
    if (event.target.type !== "radio") { return; }
    const radio = radios(value).find((one) => one.dataset.key === event.key.toLowerCase());
    if (!radio) { return; }
    event.preventDefault();
    radio.checked = true;
    tell(value);
    onward(value, radio);
  });

  document.getElementById("keys").hidden = false;
  if (matchMedia("(hover: hover)").matches && values.length && !location.hash) { focus(values[0]); }
})();

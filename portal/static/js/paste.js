// Paste to file: a button with data-paste-into="#field" puts the clipboard there, where the browser allows it; a field with
// data-read-on-paste presses its form's data-read button once something is pasted. Nothing is filed by pasting.
(function () {
  "use strict";

  function read(field) {
    // On phones the button stands in the bar below, outside the form's element but one of its controls.
    const button = field.form && Array.from(field.form.elements).find(function (one) { return one.matches("[data-read]"); });
    if (button && field.value.trim()) button.click();
  }

  function offer() {
    if (!navigator.clipboard || !navigator.clipboard.readText) return;
    document.querySelectorAll("[data-paste-into]").forEach(function (button) { button.hidden = false; });
  }
  document.addEventListener("DOMContentLoaded", offer);
  // The form that came back is new on the page.
  document.addEventListener("htmx:afterSettle", offer);

  document.addEventListener("click", async function (event) {
    const button = event.target.closest("[data-paste-into]");
    if (!button) return;
    const field = document.querySelector(button.dataset.pasteInto);
    try {
      field.value = await navigator.clipboard.readText();
    } catch {
      field.focus();
      return;
    }
    field.dispatchEvent(new Event("input", { bubbles: true }));
    read(field);
  });

  document.addEventListener("paste", function (event) {
    const field = event.target;
    if (!field.matches || !field.matches("[data-read-on-paste]")) return;
    setTimeout(function () { read(field); }, 0);
  });
})();

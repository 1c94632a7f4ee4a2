// Keys on decision pages: an element with data-key="j" is clicked or focused by J. Only where data-keys is on the page,
// never while somebody types, and off for good when the person turns them off.
(function () {
  "use strict";
  const OFF = "keys-off";

  function areOn() {
    return document.querySelector("[data-keys]") && localStorage.getItem(OFF) !== "yes";
  }

  function isTyping(target) {
    return target.isContentEditable || target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (!areOn() || isTyping(event.target)) return;
    const chosen = document.querySelector("[data-key='" + CSS.escape(event.key.toLowerCase()) + "']");
    if (!chosen) return;
    event.preventDefault();
    if (chosen.hasAttribute("data-key-focus")) chosen.focus();
    else chosen.click();
  });

  function showSwitch(button) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(localStorage.getItem(OFF) !== "yes"));
  }
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll("[data-keys-switch]").forEach(showSwitch);
  });
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-keys-switch]");
    if (!button) return;
    if (localStorage.getItem(OFF) === "yes") localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
    showSwitch(button);
  });
})();

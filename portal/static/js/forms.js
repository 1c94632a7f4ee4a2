// Forms: one sending at a time (a retry is never blocked), and the first field to correct gets the focus.
// Rows of choices that are wider than a phone begin at the one that is chosen.
(function () {
  "use strict";
  const QUIET_MS = 3000;
  const sentAt = new WeakMap();

  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented || (form.getAttribute("method") || "").toLowerCase() !== "post") return;
    const last = sentAt.get(form);
    if (last !== undefined && Date.now() - last < QUIET_MS) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    sentAt.set(form, Date.now());
    form.setAttribute("aria-busy", "true");
    // A later listener may keep the form here, an empty signature for one; htmx stops the event too, but sends.
    setTimeout(function () {
      if (event.defaultPrevented && !form.hasAttribute("hx-post")) release(form);
    }, 0);
  }, true);

  function release(form) {
    sentAt.delete(form);
    form.removeAttribute("aria-busy");
  }
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[aria-busy]").forEach(release);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    const form = event.detail.elt.closest("form");
    if (form) release(form);
  });
  // Whoever changes something sends something else: that is no double click.
  document.addEventListener("input", function (event) {
    if (event.target.form) release(event.target.form);
  });

  function focusFirstBad(root) {
    const bad = root.querySelector("[aria-invalid=true]");
    if (!bad) return;
    const field = bad.matches("fieldset") ? bad.querySelector("input:checked") || bad.querySelector("input") : bad;
    if (field) field.focus();
  }
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.detail.xhr && event.detail.xhr.status === 422) focusFirstBad(event.detail.target.isConnected ? event.detail.target : document);
  });
  function showChosen() {
    document.querySelectorAll(".pills [aria-current]").forEach(function (chosen) {
      const row = chosen.closest(".pills");
      row.scrollLeft = Math.max(0, chosen.offsetLeft - row.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2);
    });
    const here = document.querySelector(".side [aria-current]");
    if (!here) return;
    // Who is signed in stands over the end of the menu.
    const menu = here.closest(".side"), who = menu.querySelector(".who");
    menu.scrollTop = Math.max(0, here.offsetTop + here.offsetHeight + (who ? who.offsetHeight : 0) + 8 - menu.clientHeight);
  }
  document.addEventListener("DOMContentLoaded", function () {
    showChosen();
    focusFirstBad(document);
  });
  // Scrolling to the part that an address names takes the focus away again.
  window.addEventListener("load", function () {
    setTimeout(function () {
      if (document.activeElement === document.body) focusFirstBad(document);
    }, 0);
  });
})();

// htmx answers that must not destroy what was typed: failures go to the notices, never into a form.
(function () {
  "use strict";

  function showOffline() {
    const notices = document.getElementById("notices");
    const words = document.getElementById("offline-note");
    if (!notices || !words) return;
    notices.replaceChildren(words.content.cloneNode(true));
    show(notices);
  }

  function show(notices) {
    notices.scrollIntoView({ block: "nearest" });
  }

  // Our own failures name their target (HX-Retarget). A failure without it comes from a proxy: its page is not ours to show.
  document.addEventListener("htmx:beforeSwap", function (event) {
    const answer = event.detail.xhr;
    if (answer.status < 400 || answer.status === 422) return;
    // A page of ours that a whole form asked for is shown as it is: a rule refused what was sent.
    const page = /HX-Request/i.test(answer.getResponseHeader("Vary") || "") && event.detail.requestConfig.elt.hasAttribute("hx-select");
    if (page || answer.getResponseHeader("HX-Retarget")) {
      event.detail.shouldSwap = true;
      return;
    }
    event.detail.shouldSwap = false;
    showOffline();
  });
  // The button that was pressed may stand far below: what it led to is brought into sight.
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id === "notices") show(event.detail.target);
  });
  document.addEventListener("htmx:sendError", showOffline);
  document.addEventListener("htmx:timeout", showOffline);
})();

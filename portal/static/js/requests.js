// htmx answers that must not destroy what was typed: failures go to the notices, never into a form.
(function () {
  "use strict";

  function showOffline() {
    const notices = document.getElementById("notices");
    const words = document.getElementById("offline-note");
    if (!notices || !words) return;
    notices.replaceChildren(words.content.cloneNode(true));
    notices.scrollIntoView({ block: "nearest" });
  }

  // Our own failures name their target (HX-Retarget). A failure without it comes from a proxy: its page is not ours to show.
  document.addEventListener("htmx:beforeSwap", function (event) {
    const answer = event.detail.xhr;
    if (answer.status < 400 || answer.status === 422) return;
    if (answer.getResponseHeader("HX-Retarget")) {
      event.detail.shouldSwap = true;
      return;
    }
    event.detail.shouldSwap = false;
    showOffline();
  });
  document.addEventListener("htmx:sendError", showOffline);
  document.addEventListener("htmx:timeout", showOffline);
})();

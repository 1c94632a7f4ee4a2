// Boards that refresh themselves: an element with data-poll="15" (seconds) and data-poll-url asks for its own replacement.
// The replacement decides: without data-poll the board has stopped. Typing, open details and a hidden page make it wait.
(function () {
  "use strict";
  const SLOWEST = 300;

  function isInUse(board) {
    const active = document.activeElement;
    if (board.querySelector("details[open]")) return true;
    return board.contains(active) && active.matches("input, textarea, select");
  }

  function placeOf(board, element) {
    if (!board.contains(element)) return null;
    if (element.id) return "#" + CSS.escape(element.id);
    const address = element.getAttribute("href") || element.getAttribute("formaction");
    return address ? "[href='" + CSS.escape(address) + "'], [formaction='" + CSS.escape(address) + "']" : null;
  }

  async function ask(board) {
    const answer = await fetch(board.dataset.pollUrl, {
      credentials: "same-origin",
      headers: { "HX-Request": "true", "HX-Target": board.id },
    });
    if (answer.redirected || [401, 403, 404].includes(answer.status)) return "stop";
    if (!answer.ok) return "later";
    return answer.text();
  }

  function replace(board, html) {
    const place = placeOf(board, document.activeElement);
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const fresh = holder.content.querySelector("#" + CSS.escape(board.id));
    if (!fresh) return;
    board.replaceWith(fresh);
    if (window.htmx) window.htmx.process(fresh);
    const again = place && fresh.querySelector(place);
    if (again) again.focus({ preventScroll: true });
    watch(fresh);
  }

  function watch(board) {
    const usual = Number(board.dataset.poll);
    if (!usual || board.dataset.watched) return;
    board.dataset.watched = "yes";
    let pause = usual;

    async function turn() {
      if (!board.isConnected) return;
      if (document.hidden || isInUse(board)) return void setTimeout(turn, usual * 1000);
      let answer;
      try {
        answer = await ask(board);
      } catch {
        answer = "later";
      }
      if (answer === "stop") return;
      if (answer !== "later" && board.isConnected && !isInUse(board)) return replace(board, answer);
      pause = Math.min(pause * 2, SLOWEST);
      setTimeout(turn, pause * 1000);
    }
    setTimeout(turn, pause * 1000);
  }

  function watchAll(root) {
    root.querySelectorAll("[data-poll]").forEach(watch);
  }
  document.addEventListener("DOMContentLoaded", function () { watchAll(document); });
  document.addEventListener("htmx:load", function (event) {
    if (event.detail.elt.matches("[data-poll]")) watch(event.detail.elt);
    watchAll(event.detail.elt);
  });
})();

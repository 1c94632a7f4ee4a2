// Signing on the glass: the canvas has the pixels of the screen, the form gets the strokes in CSS pixels with milliseconds.
(function () {
  "use strict";

  function start(form) {
    const canvas = form.querySelector("canvas");
    const clear = form.querySelector("[data-clear]");
    const hint = form.querySelector("[data-hint]");
    const empty = form.querySelector("[data-empty]");
    const pad = new window.SignaturePad(canvas, { penColor: "#14233a", minWidth: 1.2, maxWidth: 3, throttle: 8 });
    let width = 0;
    let height = 0;

    function fit() {
      const before = { width: width, strokes: pad.toData() };
      if (canvas.clientWidth === width && canvas.clientHeight === height) return;
      width = canvas.clientWidth;
      height = canvas.clientHeight;
      const ratio = Math.max(window.devicePixelRatio || 1, 1);
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      pad.clear();
      if (!before.strokes.length) return;
      const scale = Math.min(width / before.width, 1);
      before.strokes.forEach(function (stroke) {
        stroke.points.forEach(function (point) { point.x *= scale; point.y *= scale; });
      });
      pad.fromData(before.strokes);
    }

    function show() {
      const none = pad.isEmpty();
      clear.hidden = none;
      hint.hidden = !none;
      if (!none) empty.hidden = true;
    }

    function strokes() {
      const groups = pad.toData();
      const first = groups[0].points[0].time;
      return groups.map(function (group) {
        return group.points.map(function (point) {
          return [Math.round(point.x * 10) / 10, Math.round(point.y * 10) / 10, Math.max(0, Math.round(point.time - first))];
        });
      });
    }

    // A form that comes back with something to correct brings the drawing along.
    function restore(text) {
      const look = { penColor: pad.penColor, dotSize: pad.dotSize, minWidth: pad.minWidth, maxWidth: pad.maxWidth };
      pad.fromData(JSON.parse(text).map(function (stroke) {
        const points = stroke.map(function (point) { return { x: point[0], y: point[1], time: point[2], pressure: 0.5 }; });
        return Object.assign({ velocityFilterWeight: 0.7, compositeOperation: "source-over", points: points }, look);
      }));
      show();
    }

    pad.addEventListener("endStroke", show);
    clear.addEventListener("click", function () {
      pad.clear();
      show();
    });
    form.addEventListener("submit", function (event) {
      if (pad.isEmpty()) {
        event.preventDefault();
        event.stopPropagation();
        empty.hidden = false;
        canvas.scrollIntoView({ block: "nearest" });
        return;
      }
      form.elements.strokes.value = JSON.stringify(strokes());
      form.elements.width.value = String(width);
      form.elements.height.value = String(height);
      form.elements.image.value = pad.toDataURL("image/png");
    });
    new ResizeObserver(fit).observe(canvas);
    fit();
    if (form.elements.strokes.value) restore(form.elements.strokes.value);
  }

  function startAll(root) {
    root.querySelectorAll("form[data-signature]:not([data-started])").forEach(function (form) {
      form.dataset.started = "yes";
      start(form);
    });
  }
  document.addEventListener("DOMContentLoaded", function () { startAll(document); });
  document.addEventListener("htmx:load", function (event) {
    startAll(event.detail.elt.parentElement || document);
  });
})();

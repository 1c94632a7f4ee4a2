// Reading a filing's QR code with the camera: data-scan-into="#field" opens the dialog of its form, the first code found is
// put into the field and the form is sent. Browsers without BarcodeDetector never show the button: one types the number.
(function () {
  "use strict";
  const PAUSE_MS = 200;

  async function canScan() {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return false;
    return (await window.BarcodeDetector.getSupportedFormats()).includes("qr_code");
  }

  function stop(dialog) {
    const video = dialog.querySelector("video");
    if (video.srcObject) video.srcObject.getTracks().forEach(function (track) { track.stop(); });
    video.srcObject = null;
    if (dialog.open) dialog.close();
  }

  function take(field, dialog, text) {
    stop(dialog);
    field.value = text;
    field.form.requestSubmit();
  }

  async function look(detector, field, dialog) {
    const video = dialog.querySelector("video");
    if (!dialog.open || !video.srcObject) return;
    const codes = video.readyState >= 2 ? await detector.detect(video).catch(function () { return []; }) : [];
    if (codes.length && codes[0].rawValue) return void take(field, dialog, codes[0].rawValue);
    setTimeout(function () { look(detector, field, dialog); }, PAUSE_MS);
  }

  async function scan(button) {
    const field = document.querySelector(button.dataset.scanInto);
    const dialog = field.form.querySelector("[data-scanner]");
    const failed = dialog.querySelector("[data-scan-failed]");
    failed.hidden = true;
    dialog.showModal();
    dialog.addEventListener("close", function () { stop(dialog); }, { once: true });
    try {
      const video = dialog.querySelector("video");
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      if (!dialog.open) return void stream.getTracks().forEach(function (track) { track.stop(); });
      video.srcObject = stream;
      await video.play();
      look(new window.BarcodeDetector({ formats: ["qr_code"] }), field, dialog);
    } catch {
      failed.hidden = false;
    }
  }

  document.addEventListener("DOMContentLoaded", async function () {
    const buttons = document.querySelectorAll("[data-scan-into]");
    if (!buttons.length || !(await canScan())) return;
    buttons.forEach(function (button) { button.hidden = false; });
  });
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-scan-into]");
    if (button) return void scan(button);
    const stopper = event.target.closest("[data-scan-stop]");
    if (stopper) stop(stopper.closest("dialog"));
  });
})();

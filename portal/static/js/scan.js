// Reading a filing's QR code with the camera: data-scan-into="#field" opens the dialog of its form, the first code found is
// put into the field and the form is sent. The browser's own detector reads where there is one; elsewhere the decoder of
// data-decoder is fetched at the first scan. Without a camera the button is never shown: one types the number.
(function () {
  "use strict";
  const PAUSE_MS = 200;
  const LONGEST_SIDE = 800;
  let decoder = null;

  async function hasCamera() {
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return false;
    const devices = await navigator.mediaDevices.enumerateDevices().catch(function () { return []; });
    return devices.some(function (device) { return device.kind === "videoinput"; });
  }

  function load(address) {
    decoder = decoder || new Promise(function (resolve, reject) {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = function () {
        decoder = null;
        reject(new Error("no decoder"));
      };
      document.head.append(script);
    });
    return decoder;
  }

  async function ownReader() {
    if (!("BarcodeDetector" in window)) return null;
    const formats = await window.BarcodeDetector.getSupportedFormats().catch(function () { return []; });
    if (!formats.includes("qr_code")) return null;
    const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
    return async function (video) {
      const codes = await detector.detect(video).catch(function () { return []; });
      return codes.length ? codes[0].rawValue : "";
    };
  }

  async function loadedReader(address) {
    await load(address);
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    return async function (video) {
      const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      if (!canvas.width || !canvas.height) return "";
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const picture = context.getImageData(0, 0, canvas.width, canvas.height);
      const code = window.jsQR(picture.data, picture.width, picture.height, { inversionAttempts: "dontInvert" });
      return code ? code.data : "";
    };
  }

  function stop(dialog) {
    const video = dialog.querySelector("video");
    if (video.srcObject) video.srcObject.getTracks().forEach(function (track) { track.stop(); });
    video.srcObject = null;
    if (dialog.open) dialog.close();
  }

  async function look(read, field, dialog) {
    const video = dialog.querySelector("video");
    if (!dialog.open || !video.srcObject) return;
    const text = video.readyState >= 2 ? await read(video) : "";
    if (!dialog.open) return;
    if (!text) return void setTimeout(function () { look(read, field, dialog); }, PAUSE_MS);
    stop(dialog);
    field.value = text;
    field.form.requestSubmit();
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
      look((await ownReader()) || (await loadedReader(button.dataset.decoder)), field, dialog);
    } catch {
      failed.hidden = false;
    }
  }

  document.addEventListener("DOMContentLoaded", async function () {
    const buttons = document.querySelectorAll("[data-scan-into]");
    if (!buttons.length || !(await hasCamera())) return;
    buttons.forEach(function (button) { button.hidden = false; });
  });
  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-scan-into]");
    if (button) return void scan(button);
    const stopper = event.target.closest("[data-scan-stop]");
    if (stopper) stop(stopper.closest("dialog"));
  });
})();

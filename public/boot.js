// Starts the page: puts the service worker in charge, then loads the page program.

const script = document.getElementById("boot-script");
const status = document.getElementById("boot-status");

// Until the program listens, a dropped file would make the browser leave the page.
// The program takes what was dropped before it was ready from here.
window.__sluice_early_files = [];
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  if (document.getElementById("boot") && event.dataTransfer) {
    window.__sluice_early_files.push(...event.dataTransfer.files);
    status.textContent = "Starting… your file opens in a moment";
  }
});

// A fault in the page's program ends the program. What was decided is in the address, so that a reload brings it back.
function sayFault(error) {
  if (!(error instanceof WebAssembly.RuntimeError) || document.getElementById("fault")) return;
  const bar = document.createElement("div");
  bar.id = "fault";
  bar.setAttribute("role", "alert");
  const reload = document.createElement("button");
  reload.type = "button";
  reload.textContent = "Reload";
  reload.addEventListener("click", () => location.reload());
  bar.append("Sluice met a fault of its own and has stopped. A reload brings your analysis back", reload);
  document.body.append(bar);
}
addEventListener("error", (event) => sayFault(event.error));
addEventListener("unhandledrejection", (event) => sayFault(event.reason));

// Resolves when a service worker answers for this page, or when waiting longer would cost more than it gives:
// the page works without one, only workers then run under no policy of their own.
async function serviceWorkerInCharge() {
  if (!("serviceWorker" in navigator)) return;
  const container = navigator.serviceWorker;
  try {
    await container.register("sw.js", { updateViaCache: "none" });
  } catch (error) {
    console.info("Sluice works online only here:", error.message);
    return;
  }
  if (container.controller) return;
  await Promise.race([
    new Promise((resolve) => container.addEventListener("controllerchange", resolve, { once: true })),
    new Promise((resolve) => setTimeout(resolve, 2000)),
  ]);
}

// Everything else is stored for offline use once the page has nothing better to do.
function storeForOffline() {
  const ask = () => navigator.serviceWorker?.controller?.postMessage({ type: "precache" });
  "requestIdleCallback" in window ? requestIdleCallback(ask, { timeout: 5000 }) : setTimeout(ask, 2000);
}

try {
  // Both downloads run while the service worker starts.
  const [program] = await Promise.all([import(new URL(script.dataset.js, document.baseURI)), serviceWorkerInCharge()]);
  await program.default({ module_or_path: new URL(script.dataset.wasm, document.baseURI) });
  storeForOffline();
} catch (error) {
  console.error(error);
  if (status) {
    status.textContent =
      "Sluice could not start. Reload the page; if that does not help, use a current browser: " +
      "Chrome 91, Firefox 89 or Safari 16.4 and newer";
  }
}

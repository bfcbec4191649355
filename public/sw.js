// Service worker: offline use, a policy for workers, and a gate for requests to other origins.
// xtask/src/finish.rs fills in the words in double braces.

const BUILD = "{{build}}";
const CSP = "{{csp}}";
const FILES = ["{{files}}"];

const CACHE = `sluice-${BUILD}`;
const INDEX = new URL("./", self.location).href;
const ASSETS = new URL("./assets/", self.location).href;
const INDEX_TIMEOUT_MS = 3000;

// Origins that the person has confirmed by entering a URL. Kept in memory only: a confirmation is for one sitting.
const allowedOrigins = new Set();

async function precache() {
  const cache = await caches.open(CACHE);
  for (const file of FILES) {
    const url = new URL(file, self.location).href;
    if (!(await cache.match(url))) {
      const response = await fetch(url, { cache: "no-cache" });
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      await cache.put(url, response);
    }
  }
}

self.addEventListener("install", (event) => {
  // The first install takes over at once, so that workers get their policy, and stores files when the page is idle.
  // An update stores everything first and waits until the tabs of the old build are closed.
  event.waitUntil(self.registration.active ? precache() : self.skipWaiting());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith("sluice-") && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  const message = event.data ?? {};
  if (message.type === "precache") {
    event.waitUntil(precache().then(() => event.ports[0]?.postMessage("stored"), console.info));
  } else if (message.type === "allow-origin") {
    allowedOrigins.add(message.origin);
    event.ports[0]?.postMessage("allowed");
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.protocol === "blob:" || url.protocol === "data:") return;
  if (url.origin !== self.location.origin) {
    if (!allowedOrigins.has(url.origin)) event.respondWith(Response.error());
    return;
  }
  if (request.method !== "GET") {
    event.respondWith(Response.error());
  } else if (request.mode === "navigate") {
    event.respondWith(index(request));
  } else {
    event.respondWith(asset(request));
  }
});

// The network has the newest page; a slow or absent one must not keep a stored page from opening.
async function index(request) {
  const cache = await caches.open(CACHE);
  const stored = await cache.match(INDEX);
  if (!stored) return fetch(request);
  const late = new Promise((resolve) => setTimeout(resolve, INDEX_TIMEOUT_MS, stored));
  const fresh = fetch(request).then((response) => (response.ok ? response : stored), () => stored);
  return (await Promise.race([fresh, late])).clone();
}

// Stored files never go stale: their URL carries a hash or the build, and another build has another cache.
async function asset(request) {
  const cache = await caches.open(CACHE);
  let response = await cache.match(request.url);
  if (!response) {
    try {
      response = await fetch(request);
    } catch (error) {
      // Without a network the page itself is a stored one, so that the stored file is the one it means.
      response = await cache.match(request.url, { ignoreSearch: true });
      if (!response) throw error;
    }
    // Word lists and other optional data: stored once somebody has needed them.
    if (request.url.startsWith(ASSETS) && response.status === 200) await cache.put(request.url, response.clone());
  }
  return request.destination === "worker" || request.destination === "sharedworker" ? withPolicy(response) : response;
}

// A page's <meta> policy does not govern dedicated workers, and static hosts send no headers.
function withPolicy(response) {
  const headers = new Headers(response.headers);
  headers.set("Content-Security-Policy", CSP);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

// What every browser test uses: one server and one browser per file, a fresh profile per test,
// and a failure for any error that reaches the browser's console.
import assert from "node:assert/strict";
import { after, before, test as nodeTest } from "node:test";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, resolve } from "node:path";
import { launch, ROOT } from "../browser.js";
import { serve } from "./server.js";

const DIST = resolve(ROOT, "dist");
const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

// A slow machine under load; nothing waits this long when all is well.
const TIMEOUT_MS = 60_000;

let server;
let browser;

before(async () => {
  server = await serve({ "/": DIST, "/some/path/": DIST });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
});

// Like node's `test`, with a fresh browser context. The body gets `open(options)`, which returns a page, `context`,
// and `origin`; when it ends, an error on the console of any of its pages fails the test.
export function test(name, body) {
  nodeTest(name, { timeout: 3 * TIMEOUT_MS }, async () => {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "UTC",
    });
    context.setDefaultTimeout(TIMEOUT_MS);
    const errors = [];
    context.on("console", (message) => {
      if (message.type() === "error") errors.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => errors.push(`page: ${error.error().stack ?? error.error()}`));
    // A test that provokes errors says by a pattern which ones; the browser reports some of them late or not at all.
    const allowed = [];
    const allowErrors = (pattern) => allowed.push(pattern);
    try {
      await body({ context, open: (options) => openPage(context, options), allowErrors, origin: server.origin });
      const unexpected = errors.filter((error) => !allowed.some((pattern) => pattern.test(error)));
      assert.deepEqual(unexpected, [], "the browser reported errors");
    } finally {
      await context.close();
    }
  });
}

// Opens Sluice and waits until it is ready. `path` is where the folder is served, `hash` what follows `#`.
async function openPage(context, { path = "/", hash = "", wait = true } = {}) {
  const page = await context.newPage();
  await page.goto(`${server.origin}${path}${hash && `#${hash}`}`);
  if (wait) await idle(page);
  return page;
}

// Waits until the page says that nothing is running: never for a fixed time.
export function idle(page) {
  return page.waitForFunction(() => document.documentElement.dataset.idle === "true", undefined, { timeout: TIMEOUT_MS });
}

// Drops a file on the page as a person does. `source` is a path below the repository, or the bytes or text themselves.
export async function dropFile(page, name, source) {
  const bytes = await contents(name, source);
  const transfer = await page.evaluateHandle(
    ({ name, base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name));
      return transfer;
    },
    { name: basename(name), base64: bytes.toString("base64") },
  );
  // Where a pointer would be: the middle of the window.
  const target = await page.evaluateHandle(() => document.elementFromPoint(innerWidth / 2, innerHeight / 2) ?? document.body);
  for (const type of ["dragenter", "dragover", "drop"]) {
    await target.asElement().dispatchEvent(type, { dataTransfer: transfer });
  }
  await idle(page);
}

async function contents(name, source = name) {
  if (typeof source !== "string") return Buffer.from(source);
  const looksLikeText = source.includes("\n");
  return looksLikeText ? Buffer.from(source) : readFile(resolve(ROOT, source));
}

// Fails on what keeps people from using the page. Contrast and roles are judged in the page's present state.
export async function accessible(page, state) {
  // Evaluated through the debugger rather than added as a script, which the page's policy refuses.
  await page.evaluate(`${await readFile(AXE, "utf8")}; undefined`);
  const { violations } = await page.evaluate(() =>
    window.axe.run(document, { resultTypes: ["violations"], rules: { "color-contrast": { enabled: true } } }),
  );
  const grave = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  assert.deepEqual(grave, [], `accessibility of the page ${state}`);
}

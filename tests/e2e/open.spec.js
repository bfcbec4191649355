import assert from "node:assert/strict";
import { accessible, idle, test } from "./harness.js";

for (const path of ["/", "/some/path/"]) {
  test(`the page opens below ${path}`, async ({ open }) => {
    const page = await open({ path });
    assert.equal(await page.title(), "Sluice");
    assert.ok((await page.locator("#app > *").count()) > 0, "the page program has mounted into #app");
    assert.equal(await page.locator("#boot").count(), 0, "the static shell is gone");
  });
}

test("the empty page is accessible", async ({ open }) => {
  await accessible(await open(), "with nothing loaded");
});

test("the shell is there before any program", async ({ context, open, allowErrors }) => {
  allowErrors(/Failed to (load|fetch)/);
  await context.route(/page-.*\.wasm/, (route) => route.abort());
  const page = await open({ wait: false });
  await page.getByText("Your data never leaves this tab").waitFor();
  await page.getByText("Sluice could not start").waitFor();
});

test("a second visit works without a network", async ({ context, open }) => {
  const page = await open();
  const stored = await page.evaluate(async () => {
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
    navigator.serviceWorker.controller.postMessage({ type: "precache" }, [port2]);
    return answer;
  });
  assert.equal(stored, "stored");
  await context.setOffline(true);
  await page.reload();
  await idle(page);
  assert.ok((await page.locator("#app > *").count()) > 0);
});

test("another origin is refused until it is confirmed", async ({ context, open, allowErrors }) => {
  allowErrors(/other\.example|ERR_FAILED/);
  const reached = [];
  await context.route("https://other.example/**", (route) => {
    reached.push(route.request().url());
    return route.fulfill({ body: "data", headers: { "Access-Control-Allow-Origin": "*" } });
  });
  const page = await open();
  const reach = () => page.evaluate(() => fetch("https://other.example/a.csv").then((answer) => answer.text(), () => "refused"));
  assert.equal(await reach(), "refused");
  assert.deepEqual(reached, [], "nothing has left the browser");
  await page.evaluate(() => {
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => (port1.onmessage = resolve));
    navigator.serviceWorker.controller.postMessage({ type: "allow-origin", origin: "https://other.example" }, [port2]);
    return answer;
  });
  assert.equal(await reach(), "data");
});

test("workers are under the same policy", async ({ context, open, allowErrors }) => {
  allowErrors(/Content Security Policy|other\.example|ERR_FAILED/);
  const probe = `
    const attempt = (work) => work().then(() => "done", (error) => error.name);
    postMessage({
      code: await attempt(async () => (0, eval)("1")),
      plain: await attempt(() => fetch("http://other.example/", { mode: "no-cors" })),
      secure: await attempt(() => fetch("https://other.example/", { mode: "no-cors" })),
      own: await attempt(() => fetch("./icon.svg")),
    });`;
  await context.route("**/probe.js", (route) => route.fulfill({ body: probe, contentType: "text/javascript" }));
  await context.route("*://other.example/**", (route) => route.fulfill({ body: "left the browser" }));
  const page = await open();
  const seen = await page.evaluate(() => {
    const worker = new Worker("probe.js", { type: "module" });
    return new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message || "the worker did not start"));
    });
  });
  assert.deepEqual(seen, { code: "EvalError", plain: "TypeError", secure: "TypeError", own: "done" });
});

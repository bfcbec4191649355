// One person's way through the workbench: open, read, filter, sort, chart, undo, hand on, come back.
import assert from "node:assert/strict";
import { accessible, dropFile, idle, test } from "./harness.js";

const N_ROWS = 3000;

// `n` counts, `city` has four values of which one is rare, `score` is missing for every 10th row.
function cities() {
  const lines = ["n,city,score,day"];
  for (let n = 0; n < N_ROWS; n++) {
    const city = n % 100 === 0 ? "Oslo" : ["Lima", "Porto", "Quito"][n % 3];
    const score = n % 10 === 0 ? "" : ((n * 37) % 1000) / 10;
    lines.push(`${n},${city},${score},2026-0${(n % 9) + 1}-11`);
  }
  return `${lines.join("\n")}\n`;
}

const thin = (text) => text.replaceAll("\u2009", "").replaceAll("\u00a0", " ");
const textOf = async (page, id) => thin(await page.getByTestId(id).innerText());
const rowCount = async (page) => Number(await page.getByTestId("grid").getAttribute("aria-rowcount")) - 1;
const header = (page, name) => page.locator('[role="columnheader"]').filter({ has: page.getByText(name, { exact: true }) });
const firstCell = async (page, column) => {
  const idx = await header(page, column).getAttribute("aria-colindex");
  const cell = page.locator(`[role="row"][aria-rowindex="2"] [role="gridcell"][aria-colindex="${idx}"]`);
  await cell.filter({ hasText: /./ }).waitFor();
  return thin(await cell.innerText());
};

async function withCities(open) {
  const page = await open();
  await dropFile(page, "cities.csv", cities());
  await page.getByTestId("grid").waitFor();
  await idle(page);
  return page;
}

test("a dropped file is read, described and profiled", async ({ open }) => {
  const page = await withCities(open);
  assert.equal(await rowCount(page), N_ROWS);
  assert.match(await textOf(page, "format-line"), /csv/i);
  assert.match(await textOf(page, "status-rows"), /3000/);
  assert.equal(await firstCell(page, "n"), "0");
  await accessible(page, "with a table open");
});

test("a click on a bar filters, another undoes, and the count says so", async ({ open }) => {
  const page = await withCities(open);
  await header(page, "city").locator(".small-histogram .bar").first().click();
  await page.getByTestId("pill").waitFor();
  await idle(page);
  // The most frequent city first: Lima, Porto or Quito, 990 rows each.
  assert.match(await textOf(page, "rows-match"), /990 of 3000/);
  assert.equal(await rowCount(page), 990);
  await page.getByTestId("undo").click();
  await idle(page);
  assert.equal(await rowCount(page), N_ROWS);
  await page.getByTestId("redo").click();
  await idle(page);
  assert.equal(await rowCount(page), 990);
});

test("a heading sorts, ascending then descending, missing values last", async ({ open }) => {
  const page = await withCities(open);
  const name = header(page, "score").locator(".heading-name");
  await name.click();
  await idle(page);
  assert.equal(await header(page, "score").getAttribute("aria-sort"), "ascending");
  assert.equal(await firstCell(page, "score"), "0.1");
  await name.click();
  await idle(page);
  assert.equal(await header(page, "score").getAttribute("aria-sort"), "descending");
  assert.equal(await firstCell(page, "score"), "99.9");
});

test("every row is reached by the keyboard alone", async ({ open }) => {
  const page = await withCities(open);
  await page.getByTestId("grid").focus();
  await page.keyboard.press("Control+End");
  await page.locator(`[role="row"][aria-rowindex="${N_ROWS + 1}"] [role="gridcell"]`).first().waitFor();
  await idle(page);
  const active = await page.getByTestId("grid").getAttribute("aria-activedescendant");
  assert.match(active, new RegExp(`cell-${N_ROWS - 1}-`));
  await page.keyboard.press("Control+Home");
  await page.locator('[role="row"][aria-rowindex="2"]').waitFor();
  await page.keyboard.press("PageDown");
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await page.getByTestId("grid").getAttribute("aria-activedescendant"), "cell-0-0");
});

test("a chart is drawn and has a table", async ({ open }) => {
  const page = await withCities(open);
  await page.getByTestId("add-chart").click();
  await page.getByTestId("chart-form").waitFor();
  await accessible(page, "with a dialog open");
  await page.getByTestId("chart-submit").click();
  const figure = page.locator("figure").filter({ has: page.locator(".figure-drawing svg") }).first();
  await figure.waitFor();
  await idle(page);
  await figure.getByRole("button", { name: "table" }).click();
  await page.locator(".twin tbody tr").first().waitFor();
  assert.ok((await page.locator(".twin tbody tr").count()) > 3);
});

test("a link opens the same analysis, asks for the file and checks it", async ({ open, context }) => {
  const page = await withCities(open);
  await header(page, "city").locator(".small-histogram .bar").nth(3).click();
  await idle(page);
  await page.getByTestId("share").click();
  await page.getByTestId("share-dialog").waitFor();
  await idle(page);
  const link = await page.getByTestId("link").inputValue();
  assert.match(link, /#a=1\./);
  await page.close();

  const other = await open({ hash: link.split("#")[1] });
  await other.getByTestId("file-missing").waitFor();
  await accessible(other, "with a file missing");
  await dropFile(other, "cities.csv", cities());
  await idle(other);
  assert.equal(await rowCount(other), 30);
  assert.match(await textOf(other, "agreement"), /agree|same/i);
});

test("another file under the same name is noticed", async ({ open }) => {
  const page = await withCities(open);
  await page.getByTestId("share").click();
  await page.getByTestId("share-dialog").waitFor();
  await idle(page);
  const link = await page.getByTestId("link").inputValue();
  const other = await open({ hash: link.split("#")[1] });
  await other.getByTestId("file-missing").waitFor();
  await dropFile(other, "cities.csv", cities().replace("Porto", "Parto"));
  await idle(other);
  assert.match(await textOf(other, "file-verdict"), /differ|not the same|other|changed/i);
});

test("bad rows are listed and the good ones stay", async ({ open }) => {
  const page = await open();
  await dropFile(page, "ragged.csv", "a,b\n1,2\n3\n4,5,6\n7,8\n");
  await page.getByTestId("grid").waitFor();
  await idle(page);
  assert.equal(await rowCount(page), 4);
  await page.getByTestId("issues").first().waitFor();
});

test("what is not a table is refused in a sentence", async ({ open }) => {
  const page = await open();
  const noise = new Uint8Array(5000).map((_, idx) => (idx * idx * 31 + idx) % 256);
  noise.set([0x50, 0x41, 0x52, 0x31]);
  await dropFile(page, "broken.parquet", noise);
  const failed = page.getByTestId("table-failed").first();
  await failed.waitFor();
  assert.match(await failed.innerText(), /parquet/i);
  await accessible(page, "after a failure");
});

test("a sample opens with one click", async ({ open }) => {
  const page = await open();
  await page.getByTestId("sample_requests").click();
  await page.getByTestId("grid").waitFor();
  await idle(page);
  assert.ok((await rowCount(page)) > 5000);
});

test("an open table survives a reload with the network off", async ({ open, context }) => {
  const page = await open();
  await page.evaluate(async () => {
    const { port1, port2 } = new MessageChannel();
    const answer = new Promise((resolve) => (port1.onmessage = resolve));
    navigator.serviceWorker.controller.postMessage({ type: "precache" }, [port2]);
    return answer;
  });
  await page.getByTestId("sample_census").click();
  await page.getByTestId("grid").waitFor();
  await idle(page);
  const rows = await rowCount(page);
  await context.setOffline(true);
  await page.reload();
  await page.getByTestId("grid").waitFor();
  await idle(page);
  assert.equal(await rowCount(page), rows);
});


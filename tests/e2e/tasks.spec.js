// What a person does beyond looking: steps, exports, going back, stopping work, and losing the engine in the middle.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { accessible, dropFile, idle, test } from "./harness.js";

const N_ROWS = 3000;

function cities() {
  const lines = ["n,city,score"];
  for (let n = 0; n < N_ROWS; n++) {
    lines.push(`${n},${n % 100 === 0 ? "Oslo" : ["Lima", "Porto", "Quito"][n % 3]},${((n * 37) % 1000) / 10}`);
  }
  return `${lines.join("\n")}\n`;
}

const rowCount = async (page) => Number(await page.getByTestId("grid").getAttribute("aria-rowcount")) - 1;
const header = (page, name) => page.locator('[role="columnheader"]').filter({ has: page.getByText(name, { exact: true }) });

async function withCities(open) {
  const page = await open();
  await dropFile(page, "cities.csv", cities());
  await page.getByTestId("grid").waitFor();
  await idle(page);
  return page;
}

// A file that is only made when it is read: `parts` times the same block after a header.
function dropRepeated(page, name, header, block, parts) {
  return page.evaluate(
    async ({ name, header, block, parts }) => {
      const part = new Blob([block]);
      const file = new File([header, ...Array(parts).fill(part)], name);
      const transfer = new DataTransfer();
      transfer.items.add(file);
      const target = document.elementFromPoint(innerWidth / 2, innerHeight / 2) ?? document.body;
      for (const type of ["dragenter", "dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
      }
      return file.size;
    },
    { name, header, block, parts },
  );
}

async function runCommand(page, words) {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill(words);
  await page.keyboard.press("Enter");
}

test("an export is the rows in view, in the view's order", async ({ open }) => {
  const page = await withCities(open);
  await header(page, "city").locator(".small-histogram .bar").nth(3).click();
  await idle(page);
  await header(page, "score").locator(".heading-name").click();
  await idle(page);
  await runCommand(page, "export");
  await page.getByTestId("export-form").waitFor();
  await accessible(page, "with the export dialog open");
  const downloading = page.waitForEvent("download");
  await page.getByTestId("export-submit").click();
  const download = await downloading;
  assert.match(download.suggestedFilename(), /^cities.*\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\n");
  assert.equal(lines[0], "n,city,score");
  assert.equal(lines.length - 1, 30);
  assert.ok(lines.slice(1).every((line) => line.split(",")[1] === "Oslo"));
  const scores = lines.slice(1).map((line) => Number(line.split(",")[2]));
  assert.deepEqual(scores, [...scores].sort((a, b) => a - b));
});

for (const [format, magic] of [
  ["parquet", "PAR1"],
  ["arrow", "ARROW1"],
]) {
  test(`an export as ${format} opens again as the same table`, async ({ open }) => {
    const page = await withCities(open);
    await page.keyboard.press("Control+e");
    await page.locator("#export-format").selectOption(format);
    const downloading = page.waitForEvent("download");
    await page.getByTestId("export-submit").click();
    const bytes = await readFile(await (await downloading).path());
    assert.equal(bytes.subarray(0, magic.length).toString("latin1"), magic);
    const other = await open();
    await dropFile(other, `again.${format}`, bytes);
    await other.getByTestId("grid").waitFor();
    await idle(other);
    assert.equal(await rowCount(other), N_ROWS);
    const columns = await other.locator('[role="columnheader"] .heading-name').allInnerTexts();
    assert.deepEqual(columns.map((name) => name.trim()), ["n", "city", "score"]);
  });
}

test("a step is added, changed, switched off and undone", async ({ open }) => {
  const page = await withCities(open);
  await page.getByTestId("add-step").click();
  await page.getByRole("searchbox").fill("sample");
  await page.keyboard.press("Enter");
  await page.getByTestId("step-form").waitFor();
  await accessible(page, "with a step's form open");
  await page.getByTestId("step-submit").click();
  await page.getByTestId("step").waitFor();
  await idle(page);
  const sampled = await rowCount(page);
  assert.ok(sampled > 0 && sampled <= N_ROWS);
  await page.getByTestId("undo").click();
  await idle(page);
  assert.equal(await page.getByTestId("step").count(), 0);
  assert.equal(await rowCount(page), N_ROWS);
});

test("a column is derived by an expression and its formula's faults are named", async ({ open }) => {
  const page = await withCities(open);
  await runCommand(page, "derive");
  await page.getByTestId("step-form").waitFor();
  const labels = await page.getByTestId("step-form").locator("label").allInnerTexts();
  const at = (word) => labels.findIndex((label) => label.toLowerCase().includes(word));
  assert.ok(at("expression") >= 0, labels.join(" | "));
  await page.getByLabel(labels[at("expression")], { exact: true }).fill("score * 2 + nowhere");
  await page.getByLabel(labels[at("name")], { exact: true }).fill("twice");
  await page.getByTestId("step-submit").click();
  const failed = page.getByTestId("table-failed").first();
  await failed.waitFor();
  assert.match(await failed.innerText(), /nowhere/);
  await page.getByTestId("edit-step").first().click();
  await page.getByLabel(labels[at("expression")], { exact: true }).fill("score * 2");
  await page.getByTestId("step-submit").click();
  await idle(page);
  await header(page, "twice").waitFor();
  assert.equal(await rowCount(page), N_ROWS);
});

test("the address follows the document, and a reload brings it back", async ({ open }) => {
  const page = await open();
  await page.getByTestId("sample_requests").click();
  await page.getByTestId("grid").waitFor();
  await idle(page);
  const rows = await rowCount(page);
  await page.locator('[role="columnheader"] .small-histogram .bar').first().click();
  await idle(page);
  const filtered = await rowCount(page);
  assert.notEqual(filtered, rows);
  await page.waitForFunction(() => location.hash.startsWith("#a=1."));
  await idle(page);
  await page.reload();
  await page.getByTestId("grid").waitFor();
  await idle(page);
  assert.equal(await rowCount(page), filtered);
});

test("a new visit to an example works, and going back returns to what was there", async ({ open }) => {
  const page = await open();
  const examples = page.getByTestId("examples").locator("a");
  assert.equal(await examples.count(), 4);
  await examples.first().click();
  await page.getByTestId("grid").waitFor();
  await idle(page);
  await accessible(page, "with an example open");
  await page.goBack();
  await page.getByTestId("examples").waitFor();
  await page.goForward();
  await page.getByTestId("grid").waitFor();
});

test("a file larger than memory is sampled, with the share on screen", async ({ open }) => {
  const page = await open();
  const block = "1234567,some words about nothing in particular,3.25,2024-05-06\n".repeat(16_000);
  const size = await dropRepeated(page, "huge.csv", "id,text,amount,day\n", block, 6_500);
  assert.ok(size > 6e9, `${size} bytes`);
  await page.getByTestId("grid").waitFor();
  assert.match(await page.getByTestId("format-line").innerText(), /[0-9]+\s*% sampled/);
  const rows = await rowCount(page);
  assert.ok(rows > 1_000_000, `${rows} rows`);
  // Its hash would read all of it: stopped, as a person would.
  await page.getByTestId("task").getByText(/hash/i).waitFor();
  await page.getByTestId("cancel").click();
  await idle(page);
  assert.equal(await page.getByTestId("toast").count(), 0);
  assert.equal(await rowCount(page), rows);
});

test("reading stops when it is cancelled, and the page stays usable", async ({ open }) => {
  const page = await open();
  const block = "1234567,some words about nothing in particular,3.25,2024-05-06\n".repeat(16_000);
  await dropRepeated(page, "long.csv", "id,text,amount,day\n", block, 300);
  await page.getByTestId("cancel").first().click();
  await idle(page);
  assert.equal(await page.getByTestId("loading").count(), 0);
  await dropFile(page, "cities.csv", cities());
  await page.getByTestId("grid").waitFor();
  await idle(page);
  assert.equal(await rowCount(page), N_ROWS);
});

test("losing the engine in the middle loses only the running task", async ({ open, allowErrors }) => {
  allowErrors(/killed by the test/);
  const page = await withCities(open);
  await header(page, "city").locator(".small-histogram .bar").nth(3).click();
  await idle(page);
  const engine = page.workers().find((worker) => worker.url().includes("engine_worker"));
  await engine.evaluate(() => {
    setTimeout(() => {
      throw new Error("killed by the test");
    });
  });
  await page.getByTestId("toast").waitFor();
  await idle(page);
  assert.equal(await rowCount(page), 30);
  await page.getByTestId("undo").click();
  await idle(page);
  assert.equal(await rowCount(page), N_ROWS);
});

test("two tables stand side by side", async ({ open }) => {
  const page = await open();
  await page.getByTestId("sample_census").click();
  await page.getByTestId("grid").waitFor();
  await idle(page);
  assert.equal(await page.getByTestId("source").count(), 2);
  await accessible(page, "with two tables");
});

test("a pool of workers reads what one would read", async ({ context, origin }) => {
  const rows = [];
  for (const cores of [2, 6]) {
    const page = await context.newPage();
    const debugging = await context.newCDPSession(page);
    await debugging.send("Emulation.setHardwareConcurrencyOverride", { hardwareConcurrency: cores });
    await page.goto(`${origin}/`);
    await idle(page);
    const block = '1234567,"some words, and\nmore of them",3.25,2024-05-06\n'.repeat(16_000);
    await dropRepeated(page, "long.csv", "id,text,amount,day\n", block, 30);
    await page.getByTestId("grid").waitFor();
    await idle(page);
    rows.push(await rowCount(page));
    const workers = Number(/([0-9]+) worker/.exec(await page.getByTestId("status-compute").innerText())[1]);
    assert.ok(cores === 2 ? workers === 1 : workers >= 3, `${workers} workers with ${cores} cores`);
    await page.close();
  }
  assert.deepEqual(rows, [480_000, 480_000]);
});

test("a saved analysis opens again from its file", async ({ open }) => {
  const page = await open();
  await page.getByTestId("sample_requests").click();
  await page.getByTestId("grid").waitFor();
  await idle(page);
  await page.locator('[role="columnheader"] .small-histogram .bar').first().click();
  await idle(page);
  const rows = await rowCount(page);
  const downloading = page.waitForEvent("download");
  await page.keyboard.press("Control+s");
  const download = await downloading;
  assert.match(download.suggestedFilename(), /\.sluice\.json$/);
  const json = await readFile(await download.path());
  const other = await open();
  await dropFile(other, download.suggestedFilename(), json);
  await other.getByTestId("grid").waitFor();
  await idle(other);
  assert.equal(await rowCount(other), rows);
});

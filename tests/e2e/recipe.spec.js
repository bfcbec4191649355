// A recipe: imported, looked at from every side, changed by hand and by keys, checked against what was planted, exported.
import assert from "node:assert/strict";
import { accessible, dropFile, idle, test } from "./harness.js";

// An operator that is not known here and one whose parameter is refused are switched off.
const RECIPE = `project_name: try
process:
  - whitespace_normalization_mapper:
  - text_length_filter: {min_len: 300}
  - words_num_filter: {min_num: many}
  - language_id_score_filter: {lang: en, min_score: 0.5}
  - perplexity_filter: {lang: en, max_ppl: 1500}
  - document_minhash_deduplicator: {jaccard_threshold: 0.5}
`;
const N_OPERATORS = 6;

const digits = (text) => Number(text.replace(/[^0-9]/g, ""));
const thin = (text) => text.replaceAll("\u2009", "").replaceAll("\u00a0", " ").replaceAll("\u202f", " ");
// Shares as they are written: `98 %`, `>99.9 %`.
const SHARE = String.raw`[<>]?([0-9.]+) %`;

const operators = (page) => page.getByTestId("operator");
const operator = (page, title) =>
  operators(page).filter({ has: page.locator(".operator-title").getByText(title, { exact: true }) });
const rowsOut = async (of) => digits(await of.getByTestId("rows-out").innerText());
const gridRows = async (page) => Number(await page.getByTestId("grid").getAttribute("aria-rowcount")) - 1;

async function withTexts(open) {
  const page = await open();
  await page.getByTestId("sample_web_text").click();
  await page.getByTestId("grid").waitFor();
  await idle(page);
  return page;
}

async function withRecipe(open, yaml = RECIPE) {
  const page = await withTexts(open);
  await dropFile(page, "recipe.yaml", yaml);
  await measured(page);
  return page;
}

// The example of curation; its seed is fixed.
async function withExample(open) {
  const page = await open();
  await page.getByTestId("examples").getByText("should a language model not read").click();
  await page.getByTestId("grid").waitFor();
  await measured(page);
  return page;
}

// Waits until the funnel has the numbers of the last operator and nothing runs.
async function measured(page) {
  await page.getByTestId("recipe").waitFor();
  await page.waitForFunction(() => {
    const cells = document.querySelectorAll('[data-testid="operator"] [data-testid="rows-out"]');
    return cells.length > 0 && [...cells].every((cell) => /[0-9]/.test(cell.textContent));
  });
  await idle(page);
}

async function openOperator(page, title) {
  const of = operator(page, title);
  await of.getByTestId("operator-open").click();
  await of.getByTestId("operator-body").waitFor();
  await idle(page);
  return of;
}

async function openTab(page, name, shown = name) {
  await page.getByTestId(`recipe-tab-${name}`).click();
  await page.getByTestId(shown).waitFor();
  await idle(page);
}

// Waits until the rows out of an operator are others, or as wanted, and returns them.
async function rowsOutWhen(of, isWanted) {
  const cell = await of.getByTestId("rows-out").elementHandle();
  const page = of.page();
  const handle = await page.waitForFunction(
    ({ cell, before, wanted }) => {
      const n = Number(cell.textContent.replace(/[^0-9]/g, ""));
      return (wanted === null ? n !== before : n === wanted) && { n };
    },
    { cell, before: isWanted.not ?? null, wanted: isWanted.is ?? null },
  );
  return (await handle.jsonValue()).n;
}

// The grid shows what the last operator leaves.
async function gridFollows(page) {
  await idle(page);
  const last = await rowsOut(operators(page).last());
  await page.waitForFunction(
    (rows) => Number(document.querySelector('[data-testid="grid"]')?.getAttribute("aria-rowcount")) - 1 === rows,
    last,
  );
  return last;
}

const columns = async (page) => (await page.locator(".schema-name").allInnerTexts()).map((name) => name.trim());

test("a dropped recipe is a funnel, with what is off and why, told once", async ({ open }) => {
  const page = await withTexts(open);
  // Messages go by themselves; all that came are kept.
  await page.evaluate(() => {
    window.toasts = new Set();
    const look = () => {
      for (const toast of document.querySelectorAll('[data-testid="toast"]')) window.toasts.add(toast.textContent.trim());
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  await dropFile(page, "recipe.yaml", RECIPE);
  await measured(page);
  assert.equal(await operators(page).count(), N_OPERATORS);
  assert.match(thin(await page.getByTestId("recipe-title").innerText()), /6 operators keep .+ of 5000 rows/);

  const toasts = await page.evaluate(() => [...window.toasts].filter((toast) => /operator|switched|recipe/.test(toast)));
  assert.deepEqual(toasts, ["6 operators of try added, 2 of them switched off"]);
  assert.equal(await page.locator('[data-testid="toast"].bad').count(), 0, "nothing went wrong");

  for (const [title, why] of [
    ["perplexity_filter", /not known here/],
    ["Number of words", /switched off[;:] \S/],
  ]) {
    const off = operator(page, title);
    assert.equal(await off.getByTestId("operator-on").isChecked(), false, title);
    assert.match(await off.getByTestId("operator-facts").innerText(), why);
  }
  let before = 5000;
  for (const of of await operators(page).all()) {
    const after = await rowsOut(of);
    assert.ok(after <= before, "each operator leaves at most what reaches it");
    before = after;
  }
  assert.ok(before > 0 && before < 5000);
  assert.equal(await gridFollows(page), before);
  await accessible(page, "with a recipe open");

  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, "with a recipe open in the dark");
  await page.setViewportSize({ width: 390, height: 844 });
  await accessible(page, "with a recipe open on a narrow window");
  const { scrolled, shown } = await page.evaluate(() => ({
    scrolled: document.documentElement.scrollWidth,
    shown: innerWidth,
  }));
  assert.ok(scrolled <= shown, `the page is ${scrolled} wide in a window of ${shown}`);
});

test("a recipe that cannot be read is refused with its line and column", async ({ open }) => {
  const page = await withTexts(open);
  await dropFile(page, "broken.yaml", "process:\n  - text_length_filter: {min_len: [1\n  - b\n");
  const toast = page.locator('[data-testid="toast"].bad');
  await toast.waitFor();
  assert.match(await toast.innerText(), /line \d+, column \d+/);
  assert.equal(await page.getByTestId("recipe").count(), 0);
});

test("keys move a limit, the grid follows, and undo takes it back in one step", async ({ open }) => {
  const page = await withRecipe(open);
  const of = await openOperator(page, "Text length");
  await accessible(page, "with an operator open");
  const slider = of.getByTestId("limit-min");
  const [before, limit] = [await rowsOut(of), await slider.getAttribute("aria-valuenow")];
  await slider.focus();
  await page.keyboard.press("PageUp");
  const after = await rowsOutWhen(of, { not: before });
  assert.ok(after < before, `a higher limit removes more: ${before}, then ${after}`);
  assert.notEqual(await slider.getAttribute("aria-valuenow"), limit);
  await gridFollows(page);

  await page.getByTestId("undo").click();
  await rowsOutWhen(of, { is: before });
  await gridFollows(page);
  assert.equal(await slider.getAttribute("aria-valuenow"), limit);
});

test("counts move while a limit is held, and one step of undo takes the drag back", async ({ open }) => {
  const page = await withRecipe(open);
  const of = await openOperator(page, "Text length");
  const slider = of.getByTestId("limit-min");
  const before = await rowsOut(of);
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y, { steps: 6 });
  const held = await rowsOutWhen(of, { not: before });
  assert.ok(held < before, "counts are those of the limit that is held");
  await page.mouse.move(x + 120, y, { steps: 6 });
  const further = await rowsOutWhen(of, { not: held });
  await page.mouse.up();
  await idle(page);
  await gridFollows(page);
  assert.ok((await rowsOut(of)) <= further);

  await page.getByTestId("undo").click();
  await rowsOutWhen(of, { is: before });
  await gridFollows(page);
});

test("removed rows and the ledger say why, and so does the row itself", async ({ open }) => {
  const page = await withRecipe(open);
  const kept = await rowsOut(operators(page).last());
  await page.getByTestId("recipe-output-removed").click();
  await page.waitForFunction(
    (rows) => Number(document.querySelector('[data-testid="grid"]')?.getAttribute("aria-rowcount")) - 1 === rows,
    5000 - kept,
  );
  await idle(page);
  assert.equal(await gridRows(page), 5000 - kept);
  const ofRemoved = await columns(page);
  for (const name of ["removed_by", "reason", "input_row"]) assert.ok(ofRemoved.includes(name), ofRemoved.join(", "));

  await page.locator('[role="row"][aria-rowindex="2"] [role="gridcell"]').first().click();
  await openTab(page, "why");
  await page.getByTestId("verdict").waitFor();
  const verdict = await page.getByTestId("verdict").innerText();
  assert.match(verdict, /Removed by (Text length|Language|Near duplicates)/);
  const verdicts = await page.getByTestId("verdicts").locator("tbody tr").allInnerTexts();
  const of = (title) => verdicts.find((line) => line.startsWith(title)) ?? "";
  assert.match(of("perplexity_filter"), /off\s*$/);
  assert.match(of("Normalise white space"), /(edited|–)\s*$/);
  await accessible(page, "with a row explained");

  await page.getByTestId("recipe-output-ledger").click();
  await page.locator(".schema-name").getByText("removed_first", { exact: true }).waitFor();
  await idle(page);
  const ofLedger = await columns(page);
  for (const name of ["op", "measure", "value", "reason"]) assert.ok(ofLedger.includes(name), ofLedger.join(", "));
  assert.ok((await gridRows(page)) >= 5000 - kept, "an entry for each row and operator that would remove it");
});

test("duplicates are shown as clusters and pairs, and checked against the column that names them", async ({ open }) => {
  const page = await withRecipe(open, "process:\n  - document_minhash_deduplicator: {jaccard_threshold: 0.5}\n");
  const of = await openOperator(page, "Near duplicates");
  await of.getByTestId("cluster").first().waitFor();
  assert.ok(digits(await of.getByTestId("operator-facts").innerText()) > 0);
  await of.locator('[data-testid="cluster-member"]:enabled').first().click();
  await page.getByTestId("pair-similarity").waitFor();
  await idle(page);
  assert.match(await page.getByTestId("pair-similarity").innerText(), /Similarity .+ exactly/);
  assert.ok((await page.locator(".shared").count()) > 0, "what both texts share is marked");

  assert.equal(await page.getByTestId("truth-column").inputValue(), "cluster");
  const check = page.getByTestId("truth-check");
  await check.filter({ hasText: "%" }).waitFor();
  const said = thin(await check.innerText());
  const found = new RegExp(`^Finds ${SHARE} of the ([0-9]+) duplicates that cluster names`).exec(said);
  assert.ok(found, said);
  assert.ok(Number(found[1]) >= 90, said);
  assert.ok(Number(found[2]) > 500, said);
  await accessible(page, "with clusters open");

  await page.getByTestId("truth-column").selectOption({ label: "none" });
  await idle(page);
  assert.equal((await check.innerText()).trim(), "");
});

test("what each operator finds of planted groups is stated as recall and precision", async ({ open }) => {
  const page = await withExample(open);
  assert.equal(await operators(page).count(), 7);
  await openTab(page, "groups");
  assert.equal(await page.getByTestId("groups-column").inputValue(), "source");
  await page.getByTestId("groups-column").selectOption("planted");
  await page.getByTestId("finding-row").first().waitFor();
  await page.getByTestId("findings").getByText("other_language").first().waitFor();
  await idle(page);
  const sentences = (await page.getByTestId("finding-sentence").allInnerTexts()).map(thin);
  assert.ok(sentences.length >= 2 && sentences.length <= 4, sentences.join("\n"));
  for (const [title, group] of [
    ["Language", "other_language"],
    ["Personal data", "personal_data"],
  ]) {
    const form = new RegExp(`^${title} finds ${SHARE} of ${group}; ${SHARE} of what it finds is ${group}$`);
    const found = sentences.map((sentence) => form.exec(sentence)).find((match) => match);
    assert.ok(found, `${title} and ${group} in\n${sentences.join("\n")}`);
    assert.ok(Number(found[1]) >= 90, found[0]);
    assert.ok(Number(found[2]) >= 50, found[0]);
  }
  await accessible(page, "with findings by group");
  await page.emulateMedia({ colorScheme: "dark" });
  await accessible(page, "with findings by group in the dark");
});

test("a filter with several definitions is compared, and where there is none the way to one is shown", async ({ open }) => {
  const page = await withRecipe(open);
  await openTab(page, "dialects");
  await page.getByTestId("dialects-none").waitFor();
  assert.match(await page.getByTestId("dialects-none").innerText(), /Personal data/);
  assert.equal(await page.getByTestId("dialects").getByRole("alert").count(), 0);
  await page.getByTestId("dialects-add").click();
  await page.getByRole("searchbox", { name: "Find an operation" }).fill("counts and shows e-mail");
  await page.keyboard.press("Enter");
  await page.getByTestId("step-form").waitFor();
  await page.getByTestId("step-submit").click();
  await page.getByTestId("dialects-sentence").waitFor();
  await idle(page);
  assert.match(await page.getByTestId("dialects-sentence").innerText(), /sluice .+ and dolma/);
});

test("an export has the operators and names what differs", async ({ open }) => {
  const page = await withRecipe(open);
  await page.getByTestId("recipe-export-recipe").click();
  const dialog = page.getByTestId("export-recipe-dialog");
  await dialog.waitFor();
  await page.getByTestId("recipe-text").waitFor();
  await idle(page);
  const yaml = await page.getByTestId("recipe-text").innerText();
  for (const op of ["whitespace_normalization_mapper", "text_length_filter", "language_id_score_filter", "document_minhash_deduplicator"]) {
    assert.ok(yaml.includes(op), `${op} in\n${yaml}`);
  }
  assert.match(yaml, /min_len: 300/);
  assert.match(await page.getByTestId("recipe-differing").innerText(), /language_id_score_filter/);
  assert.equal(await page.getByTestId("recipe-equal").count(), 0, "nobody says that all is equal");
  await accessible(page, "with an exported recipe");
});

test("keys change the order, and undo restores it", async ({ open }) => {
  const page = await withRecipe(open);
  const titles = () => page.locator(".operator-title").allInnerTexts();
  const before = await titles();
  const handle = operator(page, "Language").getByTestId("operator-handle");
  await handle.focus();
  await page.keyboard.press("Alt+ArrowUp");
  const at = before.indexOf("Language");
  await page.waitForFunction(
    (title) => document.querySelectorAll(".operator-title")[title.at]?.textContent === title.text,
    { at: at - 1, text: "Language" },
  );
  await idle(page);
  const moved = [...before];
  moved.splice(at - 1, 0, ...moved.splice(at, 1));
  assert.deepEqual(await titles(), moved);
  await page.waitForFunction(() => document.activeElement?.dataset.testid === "operator-handle");
  await gridFollows(page);
  await page.getByTestId("undo").click();
  await page.waitForFunction(
    (title) => document.querySelectorAll(".operator-title")[title.at]?.textContent === title.text,
    { at, text: "Language" },
  );
  assert.deepEqual(await titles(), before);
});

test("texts that are missing, empty, broken or two megabytes long are measured like others", async ({ open }) => {
  const page = await open();
  const long = "all work and no play ".repeat(100_000);
  const texts = [null, "", "half of a pair \ud83d in a text", "the other half \ude00 alone", long, "plain", "plain"];
  const lines = texts.map((text, id) => JSON.stringify({ id, text }));
  await dropFile(page, "hostile.jsonl", `${lines.join("\n")}\n`);
  await page.getByTestId("grid").waitFor();
  await idle(page);
  const rows = await gridRows(page);
  assert.ok(rows >= texts.length - 2 && rows <= texts.length, `${rows} rows`);

  const yaml = `process:
  - fix_unicode_mapper:
  - word_repetition_filter: {rep_len: 3}
  - language_id_score_filter: {min_score: 0.0}
  - document_minhash_deduplicator:
`;
  await dropFile(page, "recipe.yaml", yaml);
  await measured(page);
  assert.equal(await operators(page).count(), 4);
  assert.equal(await page.getByTestId("recipe-problem").count(), 0);
  assert.ok((await rowsOut(operators(page).last())) < rows, "repetitions and duplicates go");
  for (const [tab, shown] of [
    ["why", "why"],
    ["groups", "groups"],
    ["corpus", "corpus"],
  ]) {
    await openTab(page, tab, shown);
    assert.equal(await page.getByTestId(shown).getByRole("alert").count(), 0, tab);
  }
  await openTab(page, "why");
  for (const row of ["1", "5"]) {
    await page.getByTestId("why-row").fill(row);
    await page.keyboard.press("Enter");
    await page.getByTestId("verdict").waitFor();
    await idle(page);
  }
});

test("a recipe for a column that is not there names it, and another is chosen for all operators at once", async ({ open }) => {
  const page = await open();
  const lines = Array.from({ length: 40 }, (_, id) => JSON.stringify({ id, body: `page ${id} `.repeat(id + 1) }));
  await dropFile(page, "bodies.jsonl", `${lines.join("\n")}\n`);
  await page.getByTestId("grid").waitFor();
  await idle(page);
  await dropFile(page, "recipe.yaml", "process:\n  - text_length_filter: {min_len: 50}\n  - words_num_filter: {min_num: 2}\n");
  const problem = page.getByTestId("recipe-problem");
  await problem.waitFor();
  const said = await problem.innerText();
  assert.match(said, /“text”/);
  assert.match(said, /body/);
  await page.getByTestId("recipe-column").selectOption("body");
  await problem.waitFor({ state: "detached" });
  await measured(page);
  const left = await rowsOut(operators(page).last());
  assert.ok(left > 0 && left < 40, `${left} rows`);
  await gridFollows(page);
});

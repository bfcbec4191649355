// Measures curation in Chromium, on the built page as a person uses it; README.md says what each row means.
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { launch, ROOT } from "../browser.js";
import { serve } from "../e2e/server.js";
import { generateTexts } from "./generate.js";

const { values: options } = parseArgs({
  options: {
    cache: { type: "string", default: "target/bench/curate" },
    megabytes: { type: "string", default: "100" },
    documents: { type: "string", default: "100000" },
    check: { type: "boolean", default: false },
  },
});
const megabytes = Number(options.megabytes);
const documents = Number(options.documents);
const cache = resolve(ROOT, options.cache);
const minute = 60_000;

const REFINE = readFileSync(join(ROOT, "core/curate/src/interchange/fixtures/redpajama-c4-refine.yaml"), "utf8");
// Whose lower limit is moved, and how often; the median counts.
const MOVED = "Alphanumeric share";
const LIMITS = 9;
// With fewer documents than these nothing is said of the bars in seconds.
const BAR_DOCUMENTS = 100_000;
const BAR_IMPORT_MS = 15_000;
const BAR_LIMIT_MS = 100;

// By the names of the native rows.
const SINGLE = {
  "filters data-juicer 10": `
    - text_length_filter:
    - alphanumeric_filter:
    - special_characters_filter:
    - average_line_length_filter:
    - maximum_line_length_filter:
    - words_num_filter:
    - character_repetition_filter:
    - word_repetition_filter:
    - stopwords_filter:
    - flagged_words_filter:`,
  "filters datatrove quality": `
    - gopher_quality_filter: {dialect: datatrove}
    - gopher_repetition_filter: {dialect: datatrove}
    - c4_quality_filter: {dialect: datatrove}
    - fineweb_quality_filter:`,
  "minhash sluice clusters": `
    - document_minhash_deduplicator: {dialect: sluice, num_permutations: 256, window_size: 5}`,
  "substring 100": `
    - substring_deduplicator: {min_length: 100}`,
};

mkdirSync(cache, { recursive: true });
let missed = 0;
const server = await serve({ "/sluice/": join(ROOT, "dist") });
const browser = await launch();
try {
  const documentsFile = await texts(`documents-${documents}.jsonl`, { count: documents, length: () => 1000 });
  const textsFile = await texts(`texts-${megabytes}mb.jsonl`, {
    bytes: megabytes * 1e6,
    length: (r) => 300 + Math.floor(3700 * r() ** 2),
  });
  console.log(`Chromium ${browser.version()}; ${documents} documents of 1 KB, texts of ${megabytes} MB`);
  await refine(documentsFile);
  await cancel(documentsFile);
  for (const [name, process] of Object.entries(SINGLE)) await single(textsFile, name, process);
} finally {
  await browser.close();
  await server.close();
}
if (missed > 0 && options.check) {
  console.error(`${missed} bars are missed`);
  process.exitCode = 1;
}

// The recipe from the drop of its file until its overview is complete, then limits moved one after the other.
async function refine(file) {
  await withTable(file, async (page) => {
    console.log(await page.getByTestId("status-compute").textContent());
    const done = await timed(page, "drop", REFINE);
    say("import until the overview is complete", done.funnel, { bar: BAR_IMPORT_MS, note: await off(page) });
    say("import until the page is idle", done.idle);

    const operator = page.getByTestId("operator").filter({ hasText: MOVED }).first();
    await operator.getByTestId("operator-open").click();
    const threshold = operator.getByTestId("threshold").first();
    await threshold.getByTestId("limit-min-field").waitFor();
    await idle(page);
    const [mean, deviation] = /mean (\S+), deviation (\S+)/
      .exec(await threshold.locator(".threshold-facts").innerText())
      .slice(1)
      .map(Number);
    const times = [];
    for (let i = 0; i < LIMITS; i += 1) {
      // Up to two deviations below the mean: every move decides otherwise about some rows.
      times.push(await timed(page, "limit", (mean - deviation * (2 - 0.2 * i)).toFixed(5)));
    }
    const of = (part) => median(times.map((time) => time[part]));
    const parts = ["funnel", "histogram", "grid"];
    const all = median(times.map((time) => Math.max(...parts.map((part) => time[part]))));
    const note = `${parts.map((part) => `${part} ${of(part).toFixed(0)}`).join(", ")}; medians of ${LIMITS}`;
    say("limit until all show it", all, { bar: BAR_LIMIT_MS, note });
    say("limit until the page is idle", of("idle"));
  });
}

// Cancel, when a quarter of the rows is measured, until the panel says that nothing is, and until nothing else runs.
async function cancel(file) {
  await withTable(file, async (page) => {
    const done = await page.evaluate((yaml) => window.curateBench.cancel(yaml, 0.25), REFINE);
    say("cancel until nothing is measured", done.stopped, { note: `at ${(100 * done.share).toFixed(0)} %` });
    say("cancel until the page is idle", done.idle);
  });
}

// Operators alone, beside the native figure of the same texts.
async function single(file, name, process) {
  await withTable(file, async (page) => {
    let done = await timed(page, "drop", `process:${process}\n`);
    // What is not Data-Juicer's, or not with these parameters, comes switched off.
    if (await off(page)) done = await timed(page, "switchOn");
    const speed = (megabytes * 1e3) / done.funnel;
    const native = nativeSpeed(name, file);
    const said = native
      ? { bar: `≥ ${(native / 2).toFixed(1)} MB/s`, holds: speed >= native / 2, note: `native ${native.toFixed(1)}` }
      : { note: "no native figure of these texts" };
    print(name, `${speed.toFixed(1)} MB/s`, said);
  });
}

async function withTable(file, work) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB" });
  const page = await context.newPage();
  page.setDefaultTimeout(20 * minute);
  page.on("pageerror", (error) => console.error(`page: ${error.message}`));
  try {
    await page.goto(`${server.origin}/sluice/`);
    await idle(page, minute).catch(async () => {
      const said = await page.locator("[role=alert], [role=status], .toast").allInnerTexts();
      throw new Error(`the page does not become ready; it says: ${said.filter(Boolean).join(" · ")}`);
    });
    await page.getByTestId("file-input").setInputFiles(file);
    await page.locator(".grid-row").first().waitFor();
    await idle(page);
    await page.evaluate(install);
    await work(page);
  } finally {
    await context.close();
  }
}

function idle(page, timeout = 20 * minute) {
  return page.waitForFunction(() => document.documentElement.dataset.idle === "true", undefined, { timeout });
}

function timed(page, action, argument) {
  return page.evaluate(([action, argument]) => window.curateBench.timed(action, argument), [action, argument]);
}

// Which operators do nothing; nothing if all work.
async function off(page) {
  const titles = await page.locator(".operator.off .operator-title").allTextContents();
  return titles.length > 0 ? `off: ${titles.join(", ")}` : undefined;
}

// Runs in the page. Times are taken when the document has changed; the frame that shows it is the next.
function install() {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const byId = (id) => all(`[data-testid="${id}"]`);
  const texts = (elements) => elements.map(({ textContent }) => textContent).join("\n");
  const isIdle = () => document.documentElement.dataset.idle === "true";
  const isMeasuring = () => byId("recipe-progress").length > 0;
  const shown = {
    funnel: () => texts(["rows-out", "rows-removed", "words-out"].flatMap(byId)),
    histogram: () => all(".histogram-bars").map((bars) => bars.innerHTML) + texts(byId("threshold-counts")),
    grid: () => `${byId("grid").map((grid) => grid.ariaRowCount)}\n${texts(all(".grid-row"))}`,
  };
  // Every operator has its numbers, and the grid has the rows that the last one leaves.
  const isWhole = () => {
    const left = byId("rows-out").map(({ textContent }) => textContent.replace(/[^0-9]/g, ""));
    const [rows] = byId("grid").map((grid) => Number(grid.ariaRowCount) - 1);
    return left.length > 0 && left.every((digits) => digits !== "") && rows === Number(left.at(-1)) && !isMeasuring();
  };
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

  // Resolves when `holds` does after a change of the document; `note` sees every change.
  async function until(holds, note = () => {}) {
    let observer;
    await new Promise((resolve) => {
      const look = () => {
        note();
        if (holds()) resolve();
      };
      observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
      look();
    });
    return observer;
  }

  const actions = {
    drop(yaml) {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([yaml], "recipe.yaml"));
      const target = document.elementFromPoint(innerWidth / 2, innerHeight / 2) ?? document.body;
      for (const type of ["dragenter", "dragover", "drop"]) {
        target.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }
    },
    limit(value) {
      const [field] = byId("limit-min-field");
      field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
    switchOn() {
      for (const box of byId("operator-on")) if (!box.checked) box.click();
    },
  };

  window.curateBench = {
    // When each part of the page changed last, and when nothing ran any more, in milliseconds after the action.
    async timed(action, argument) {
      const before = shown.funnel();
      const last = { ...shown };
      for (const part in shown) last[part] = shown[part]();
      const begun = performance.now();
      const times = { funnel: 0, histogram: 0, grid: 0, idle: 0 };
      let wasIdle = true;
      const note = () => {
        const now = performance.now() - begun;
        for (const part in shown) {
          const said = shown[part]();
          if (said !== last[part]) times[part] = now;
          last[part] = said;
        }
        if (isIdle() && !wasIdle) times.idle = now;
        wasIdle = isIdle();
      };
      const isDone = () => isIdle() && last.funnel !== before && isWhole();
      actions[action](argument);
      // Between two questions the page may be idle for a moment: it has to be so for two frames.
      for (let settled = false; !settled; ) {
        const observer = await until(isDone, note);
        await frame();
        await frame();
        observer.disconnect();
        settled = isDone();
      }
      return times;
    },

    async cancel(yaml, share) {
      actions.drop(yaml);
      const progress = () => all('[data-testid="recipe-progress"] progress')[0]?.value ?? 0;
      (await until(() => progress() >= share)).disconnect();
      const at = progress();
      const begun = performance.now();
      byId("recipe-cancel")[0].click();
      (await until(() => !isMeasuring())).disconnect();
      const stopped = performance.now() - begun;
      (await until(isIdle)).disconnect();
      return { share: at, stopped, idle: performance.now() - begun };
    },
  };
}

// The file that the native benchmark has left, else one like it.
async function texts(name, config) {
  const left = join(cache, name);
  if (existsSync(left)) return left;
  const own = join(cache, `own-${name}`);
  if (!existsSync(own)) {
    console.log(`generating ${name}: the native benchmark has left none`);
    await generateTexts(own, config);
  }
  return own;
}

// Megabytes per second, if they were measured on the texts that are measured here.
function nativeSpeed(name, file) {
  const path = join(cache, "native.json");
  if (basename(file).startsWith("own-") || !existsSync(path)) return undefined;
  const native = JSON.parse(readFileSync(path, "utf8"));
  return native.megabytes === megabytes ? native.rows[name]?.mb_per_s : undefined;
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

function say(name, ms, { bar, note } = {}) {
  const judged = bar && documents >= BAR_DOCUMENTS ? { bar: `< ${bar} ms`, holds: ms < bar } : {};
  print(name, `${ms.toFixed(0)} ms`, { ...judged, note });
}

function print(name, figure, { bar = "", holds, note = "" }) {
  if (holds === false) missed += 1;
  const verdict = holds === undefined ? "" : holds ? "holds" : "MISSED";
  console.log(`${name.padEnd(40)}${figure.padStart(12)}   ${bar.padEnd(14)}${verdict.padEnd(8)}${note}`);
}

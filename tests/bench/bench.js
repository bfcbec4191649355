// Measures Sluice (A) and DuckDB-wasm (B) in the order A B B A …; README.md says what each row means.
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { launch, ROOT } from "../browser.js";
import { serve } from "../e2e/server.js";
import { generateCsv } from "./generate.js";

const { values: options } = parseArgs({
  options: {
    cache: { type: "string", default: "target/bench" },
    rows: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "5" },
    only: { type: "string" },
  },
});
const rows = Number(options.rows);
const rounds = Number(options.rounds);
const cache = resolve(ROOT, options.cache);
const minute = 60_000;

const ROWS = [
  ["start", "start_ms"],
  ["load", "load_ms"],
  ["base profile", "base_profile_ms"],
  ["full profile", "full_profile_ms"],
  ["load + base", "load_base_ms"],
  ["filter", "filter_ms"],
  ["cancel load", "cancel_load_ms"],
  ["cancel profile", "cancel_profile_ms"],
  ["cancel sort", "cancel_sort_ms"],
];

// DuckDB-wasm fetches its Parquet reader from another host since 1.29, and a benchmark must not depend on a network:
// Parquet is measured with the last version that has it built in.
const PACKAGES = { csv: "@duckdb/duckdb-wasm", parquet: "duckdb-wasm-parquet" };
const bench = join(ROOT, "tests/bench");
const mounts = { "/sluice/": join(ROOT, "dist") };
for (const [kind, name] of Object.entries(PACKAGES)) {
  const site = join(cache, kind);
  mkdirSync(site, { recursive: true });
  for (const file of ["duckdb.html", "duckdb_worker.js"]) copyFileSync(join(bench, file), join(site, file));
  await build({
    entryPoints: [join(bench, "duckdb.js")],
    bundle: true,
    format: "esm",
    // Where the alias is looked up.
    absWorkingDir: bench,
    alias: { "@duckdb/duckdb-wasm": name },
    outfile: join(site, "duckdb.js"),
    logLevel: "warning",
  });
  mounts[`/${kind}/`] = site;
  mounts[`/${kind}/duckdb/`] = join(bench, "node_modules", name, "dist");
}
const server = await serve(mounts);
const browser = await launch();
const version = browser.version();

try {
  const csv = join(cache, `table-${rows}.csv`);
  if (!existsSync(csv)) {
    console.log(`generating ${rows} rows`);
    await generateCsv(csv, rows);
  }
  const parquet = join(cache, `table-${rows}.parquet`);
  if (!existsSync(parquet)) {
    console.log("writing the same table as Parquet");
    await convert(csv, parquet);
  }
  for (const file of [csv, parquet]) await compare(file);
} finally {
  await browser.close();
  await server.close();
}

async function compare(file) {
  const measures = { sluice, duckdb };
  const results = { sluice: [], duckdb: [] };
  // A B B A A B B A A B: neither system is always first, nor always on the warmer machine.
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? ["sluice", "duckdb"] : ["duckdb", "sluice"];
    for (const name of order) {
      if (options.only && options.only !== name) continue;
      results[name].push(await measures[name](file));
    }
  }
  print(file, results);
}

async function withPage(path, work) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(10 * minute);
  page.on("pageerror", (error) => console.error(`${path}: ${error.message}`));
  try {
    return await work(page, () => page.goto(server.origin + path));
  } finally {
    await context.close();
  }
}

// A file of any size reaches the page as a person's choice would: through an input, without a copy.
async function fileHandle(page, file) {
  await page.evaluate(() => {
    const input = document.createElement("input");
    input.type = "file";
    input.id = "bench-file";
    input.hidden = true;
    document.body.append(input);
  });
  await page.locator("#bench-file").setInputFiles(file);
  return page.evaluateHandle(() => {
    const input = document.getElementById("bench-file");
    const [file] = input.files;
    input.remove();
    return file;
  });
}

async function sluice(file) {
  const measured = await withSluice(file, (page, handle) => page.evaluate((file) => window.__sluice_bench(file), handle));
  const stopped = await withSluice(file, (page, handle) =>
    page.evaluate((file) => window.__sluice_bench_cancel(file), handle),
  );
  return { ...stopped, ...measured, load_base_ms: measured.load_ms + measured.base_profile_ms };
}

function withSluice(file, measure) {
  return withPage("/sluice/", async (page, go) => {
    const start = performance.now();
    await go();
    await page.waitForFunction(() => document.documentElement.dataset.idle === "true");
    const start_ms = performance.now() - start;
    return { start_ms, ...(await measure(page, await fileHandle(page, file))) };
  });
}

function kindOf(file) {
  return file.endsWith(".parquet") ? "parquet" : "csv";
}

function duckdb(file) {
  return withPage(`/${kindOf(file)}/duckdb.html`, async (page, go) => {
    await go();
    await page.waitForFunction(() => window.ready);
    const handle = await fileHandle(page, file);
    const measured = await page.evaluate((file) => window.benchmark(file), handle);
    // Its SUMMARIZE is what Sluice's base profile has, and less.
    return { ...measured, load_base_ms: measured.load_ms + measured.full_profile_ms };
  });
}

async function convert(csv, parquet) {
  await withPage("/parquet/duckdb.html", async (page, go) => {
    await go();
    await page.waitForFunction(() => window.ready);
    const handle = await fileHandle(page, csv);
    await page.evaluate((file) => window.convert(file), handle);
    const download = page.waitForEvent("download");
    await page.evaluate(() => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(window.converted);
      link.download = "table.parquet";
      link.click();
    });
    await (await download).saveAs(`${parquet}.part`);
  });
  await rename(`${parquet}.part`, parquet);
}

function median(values) {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function print(file, { sluice, duckdb }) {
  const cell = (value, digits) => (value === undefined ? "–" : value.toFixed(digits)).padStart(12);
  const line = (label, key, scale, digits) => {
    const [a, b] = [sluice, duckdb].map((results) => median(results.map((result) => result[key])));
    const ratio = a === undefined || b === undefined ? undefined : a / b;
    console.log(label.padEnd(16) + cell(a && a / scale, digits) + cell(b && b / scale, digits) + cell(ratio, 2));
  };
  const megabytes = (statSync(file).size / 1e6).toFixed(0);
  const { version: duckdbVersion } = JSON.parse(
    readFileSync(join(bench, "node_modules", PACKAGES[kindOf(file)], "package.json"), "utf8"),
  );
  console.log(`\n${kindOf(file)}, ${rows} rows, 20 columns, ${megabytes} MB; medians of ${rounds}`);
  console.log(`Chromium ${version}, DuckDB-wasm ${duckdbVersion}`);
  console.log("".padEnd(16) + ["Sluice", "DuckDB", "ratio"].map((name) => name.padStart(12)).join(""));
  for (const [label, key] of ROWS) line(`${label}, ms`, key, 1, 0);
  line("memory, MB", "wasm_bytes", 1e6, 0);
}

// The benchmark's table as CSV: the same bytes for the same number of rows on every machine.
import { createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { once } from "node:events";

// Small, fast and the same everywhere: mulberry32.
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const WORDS = (
  "the reservoir was lowered in spring so that gates could be measured again before water came back and people " +
  "asked how two tables join when keys differ a weir is low barrier across river order kettles online today fast " +
  "delivery report noted pressure valve opened early while night train left station with few passengers on board"
).split(" ");
const CITIES = ["Lagos", "Lima", "Oslo", "Osaka", "Quito", "Pune", "Bern", "Perth", "Turin", "Accra", "Leeds", "Hanoi"];
const pad = (number, width) => String(number).padStart(width, "0");

// Name and cell of each column; `i` is the row, `r` the random stream.
const COLUMNS = [
  ["id", (i) => i, { nulls: false }],
  ["user_id", (i, r) => 1000 + Math.floor(r() * 50_000)],
  ["session", (i, r) => pad(Math.floor(r() * 0xffffffff).toString(16), 8)],
  ["count", (i, r) => Math.floor(-Math.log(1 - r()) * 12)],
  ["score", (i, r) => Math.floor(r() * 101)],
  ["balance", (i, r) => Math.floor((r() - 0.5) * 2_000_000)],
  ["amount", (i, r) => Math.exp(3 + 1.2 * normal(r)).toFixed(2)],
  ["ratio", (i, r) => r().toFixed(6)],
  ["temperature", (i, r) => (15 + 8 * normal(r)).toFixed(1)],
  ["latency_ms", (i, r) => (5 + 40 * -Math.log(1 - r())).toFixed(3)],
  ["category", (i, r) => `c${pad(Math.floor(20 * r() * r()), 2)}`],
  ["country", (i, r) => ["DE", "NG", "IN", "BR", "US", "JP", "FR", "ZA"][Math.floor(r() * 8)]],
  ["city", (i, r) => CITIES[Math.floor(r() * CITIES.length)]],
  ["status", (i, r) => ["open", "closed", "pending"][Math.floor(r() * 3)]],
  ["active", (i, r) => (r() < 0.7 ? "true" : "false")],
  ["verified", (i, r) => (r() < 0.2 ? "true" : "false")],
  ["day", (i, r) => date(r)],
  ["created", (i, r) => `${date(r)}T${pad(Math.floor(r() * 24), 2)}:${pad(Math.floor(r() * 60), 2)}:${pad(Math.floor(r() * 60), 2)}`],
  ["label", (i, r) => `${word(r)}-${Math.floor(r() * 1000)}`],
  ["text", (i, r) => text(r)],
];
const NULL_SHARE = 0.03;

function normal(r) {
  return Math.sqrt(-2 * Math.log(1 - r())) * Math.cos(2 * Math.PI * r());
}

function date(r) {
  return `${2020 + Math.floor(r() * 6)}-${pad(1 + Math.floor(r() * 12), 2)}-${pad(1 + Math.floor(r() * 28), 2)}`;
}

function word(r) {
  return WORDS[Math.floor(r() * WORDS.length)];
}

function text(r) {
  const words = Array.from({ length: 5 + Math.floor(r() * 4) }, () => word(r)).join(" ");
  // One in fifty needs quotes, as real text does.
  return r() < 0.02 ? `"${words}, ""${word(r)}"""` : words;
}

export function generateCsv(path, rows) {
  const r = random(20_260_101);
  return write(path, function* () {
    yield `${COLUMNS.map(([name]) => name).join(",")}\n`;
    for (let i = 0; i < rows; i += 1) {
      const cells = COLUMNS.map(([, cell, { nulls = true } = {}]) => {
        const value = cell(i, r);
        return nulls && r() < NULL_SHARE ? "" : value;
      });
      yield `${cells.join(",")}\n`;
    }
  });
}

// Texts of about `length(r)` letters as JSON lines, until there are `count` of them or `bytes` in all.
export function generateTexts(path, { count = Infinity, bytes = Infinity, length }) {
  const r = random(20_260_102);
  return write(path, function* () {
    let left = bytes;
    for (let i = 0; i < count && left > 0; i += 1) {
      const wanted = length(r);
      let text = "";
      while (text.length < wanted) text += r() < 0.1 ? contact(r) : paragraph(r);
      text = text.slice(0, wanted);
      left -= text.length;
      yield `${JSON.stringify({ text })}\n`;
    }
  });
}

// The common words of English come often, and each further word less: Zipf's law.
function zipf(r) {
  const rank = Math.floor(Math.exp(r() * Math.log(20_000))) - 1;
  if (rank < WORDS.length) return WORDS[rank];
  const [a, b] = [rank % WORDS.length, Math.floor(rank / WORDS.length) % WORDS.length];
  return WORDS[b] + WORDS[a];
}

function paragraph(r) {
  let text = "";
  for (let n = 2 + Math.floor(r() * 5); n > 0; n -= 1) {
    const words = Array.from({ length: 5 + Math.floor(r() * 20) }, () => zipf(r)).join(" ");
    text += `${words[0].toUpperCase()}${words.slice(1)}${r() < 0.04 ? ", naïve “quoted” café" : ""}. `;
  }
  return `${text.trimEnd()}\n${r() < 0.3 ? "\n" : ""}`;
}

// What cleaning takes out.
function contact(r) {
  return r() < 0.5
    ? `Write to ${zipf(r)}.${zipf(r)}@example.org for more.\n`
    : `See https://www.example.com/${zipf(r)}/${zipf(r)} for more.\n`;
}

// Writes lines under another name first: an interrupted run leaves no half file behind.
async function write(path, lines) {
  const out = createWriteStream(`${path}.part`, { highWaterMark: 1 << 20 });
  let chunk = "";
  for (const line of lines()) {
    chunk += line;
    if (chunk.length > 1 << 20) {
      if (!out.write(chunk)) await once(out, "drain");
      chunk = "";
    }
  }
  out.end(chunk);
  await once(out, "close");
  await rename(`${path}.part`, path);
}

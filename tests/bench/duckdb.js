// The DuckDB half of the benchmark, in the page. Bundled by bench.js.
import * as duckdb from "@duckdb/duckdb-wasm";

const elapsed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

async function start() {
  const worker = new Worker("duckdb_worker.js");
  const db = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  await db.instantiate(new URL("duckdb/duckdb-eh.wasm", location.href).href);
  await db.open({ path: ":memory:" });
  const connection = await db.connect();
  await connection.query("SELECT 1");
  return { worker, db, connection };
}

function memoryBytes() {
  return new Promise((resolve) => {
    const channel = new BroadcastChannel("memory");
    channel.onmessage = ({ data }) => {
      if (data.bytes === undefined) return;
      channel.close();
      resolve(data.bytes);
    };
    channel.postMessage("ask");
  });
}

async function register(db, file) {
  await db.registerFileHandle(file.name, file, duckdb.DuckDBDataProtocol.BROWSER_FILEREADER, true);
}

// Parquet is read in many small pieces, each of which costs a turn of the browser's file reader: a buffer is several
// times faster, and how DuckDB is commonly used. CSV is read once from end to end, where a handle is as fast.
async function registerFast(db, file) {
  if (file.name.endsWith(".parquet")) await db.registerFileBuffer(file.name, new Uint8Array(await file.arrayBuffer()));
  else await register(db, file);
}

const reader = (file) => (file.name.endsWith(".parquet") ? "read_parquet" : "read_csv_auto");

window.benchmark = async (file) => {
  let system;
  const start_ms = await elapsed(async () => (system = await start()));
  const { worker, db, connection } = system;
  try {
    const load_ms = await elapsed(async () => {
      await registerFast(db, file);
      await connection.query(`CREATE TABLE t AS SELECT * FROM ${reader(file)}('${file.name}')`);
    });
    const full_profile_ms = await elapsed(() => connection.query("SUMMARIZE t"));
    const filter_ms = await elapsed(() =>
      connection.query("SELECT count(*) FROM t WHERE amount > 100 AND category = 'c03'"),
    );
    return { start_ms, load_ms, full_profile_ms, filter_ms, wasm_bytes: await memoryBytes() };
  } finally {
    worker.terminate();
  }
};

// Writes the table as Parquet and hands it over in pieces that fit through the debugger.
window.convert = async (file) => {
  const { worker, db, connection } = await start();
  await register(db, file);
  await connection.query(`COPY (SELECT * FROM read_csv_auto('${file.name}')) TO 'out.parquet' (FORMAT parquet, COMPRESSION zstd)`);
  const bytes = await db.copyFileToBuffer("out.parquet");
  worker.terminate();
  window.converted = new Blob([bytes]);
  return bytes.length;
};

window.ready = true;

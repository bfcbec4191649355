// Bundles what is not Rust: styles with their fonts, and the chart library. Usage: node bundle.js OUT_DIR
import { rm } from "node:fs/promises";
import { build } from "esbuild";

const [outdir] = process.argv.slice(2);
if (!outdir) throw new Error("usage: node bundle.js OUT_DIR");

// Old fonts have other hashes in their names and would stay for ever.
await rm(outdir, { recursive: true, force: true });

const common = { outdir, bundle: true, minify: true, logLevel: "warning", target: ["chrome91", "firefox89", "safari16.4"] };
await build({
  ...common,
  entryPoints: { boot: "app/styles/boot.css", main: "app/styles/main.css" },
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]-[hash]",
});
await build({
  ...common,
  entryPoints: { echarts: "app/charts/echarts.js" },
  format: "esm",
  legalComments: "inline",
});

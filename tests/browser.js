// Chromium as tests and benchmarks start it.
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

export function launch(args = []) {
  const root = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    headless: !process.env.HEADED,
    args: [
      // Chromium refuses to run its sandbox as root.
      ...(root ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-extensions",
      "--force-device-scale-factor=1",
      ...args,
    ],
  });
}

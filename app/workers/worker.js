// Starts one worker program; xtask/src/finish.rs writes a copy per program and fills in the words in double braces.
// The program's own files carry the build in their URL because their names do not change between builds.

const crash = (reason) => postMessage({ crash: String(reason?.message ?? reason) });
addEventListener("unhandledrejection", (event) => crash(event.reason));

// A worker hears messages while its program is still loading, and would drop them: hold them until it listens.
const early = [];
let heard;
const first = new Promise((resolve) => (heard = resolve));
const hold = (event) => {
  event.stopImmediatePropagation();
  early.push(event);
  heard();
};
addEventListener("message", hold);

try {
  const program = await import("./{{name}}.js?v={{build}}");
  let source = new URL("./{{name}}_bg.wasm?v={{build}}", import.meta.url);
  if (self.name === "pool") {
    // A pool worker's first message is the module that its engine has compiled already.
    await first;
    source = early.shift().data.module;
  }
  await program.default({ module_or_path: source });
  removeEventListener("message", hold);
  for (const event of early) {
    dispatchEvent(new MessageEvent("message", { data: event.data, ports: [...event.ports] }));
  }
} catch (error) {
  crash(error);
}

// DuckDB's own worker, with its memory watched: the largest size is the figure that is compared.
let memory;
const watch = (instance) => {
  memory ??= Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
  return instance;
};
// Some builds make their memory in JavaScript, others inside the module.
WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
  construct(target, args) {
    const made = new target(...args);
    memory ??= made;
    return made;
  },
});
const { instantiate, instantiateStreaming } = WebAssembly;
WebAssembly.instantiate = async (...args) => {
  const result = await instantiate(...args);
  watch(result.instance ?? result);
  return result;
};
WebAssembly.instantiateStreaming = async (...args) => {
  const result = await instantiateStreaming(...args);
  watch(result.instance);
  return result;
};
// Wasm memory never shrinks, so its size now is its largest.
new BroadcastChannel("memory").onmessage = ({ data, target }) => {
  if (data === "ask") target.postMessage({ bytes: memory?.buffer.byteLength ?? 0 });
};
importScripts("duckdb/duckdb-browser-eh.worker.js");

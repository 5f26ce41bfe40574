// recurra's own tracing and derivation inside the page: Python as WebAssembly, in a worker of its own.

const WORKER = `
import { loadPyodide } from "MODULE";
import createPyodideModule from "ASSEMBLY";
const ready = new Promise((resolve) => {
  onmessage = async ({ data: { wasm, library, lock, program } }) => {
    // the one file that Pyodide fetches by its address is in the message
    const plain = globalThis.fetch;
    globalThis.fetch = (address, ...more) =>
      String(address).endsWith("pyodide.asm.wasm")
        ? Promise.resolve(new Response(wasm, { headers: { "Content-Type": "application/wasm" } }))
        : plain(address, ...more);
    const stdLibURL = URL.createObjectURL(new Blob([library]));
    const python = await loadPyodide({ indexURL: "https://in.the.page/", stdLibURL, lockFileContents: lock, createPyodideModule });
    globalThis.fetch = plain;
    python.unpackArchive(program, "zip");
    resolve(python.runPython("import json; from recurra.lab.description import described_text; lambda text: json.dumps(described_text(text))"));
    onmessage = async ({ data: { number, text } }) => postMessage({ number, answer: (await ready)(text) });
    postMessage({ number: 0 });
  };
});
`;

const waiting = new Map();
let worker = null, number = 0;

/** Start Python from the parts of the page; what is asked before it runs waits. */
export function start(parts) {
  const address = (text, kind = "text/javascript") => URL.createObjectURL(new Blob([text], { type: kind }));
  const source = WORKER.replace("MODULE", address(parts.module)).replace("ASSEMBLY", address(parts.assembly));
  worker = new Worker(address(source), { type: "module" });
  const ready = new Promise((resolve, reject) => {
    waiting.set(0, resolve);
    worker.onerror = (event) => reject(new Error(event.message));
  });
  worker.onmessage = ({ data }) => {
    waiting.get(data.number)(data.answer);
    waiting.delete(data.number);
  };
  const { wasm, library, lock, program } = parts;
  worker.postMessage({ wasm, library, lock, program });
  return ready;
}

/** What recurra makes of a text. */
export function ask(text) {
  const mine = ++number;
  return new Promise((resolve) => {
    waiting.set(mine, (answer) => resolve(JSON.parse(answer)));
    worker.postMessage({ number: mine, text });
  });
}

// recurra's own tracing and derivation inside the page: Python as WebAssembly. A page from a file may start no worker.

/** Start Python from the parts of the page; return what makes a description of a text. */
export async function start({ module, assembly, wasm, library, lock, program }) {
  const address = (text) => URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const [{ loadPyodide }, { default: createPyodideModule }] = await Promise.all([import(address(module)), import(address(assembly))]);
  // the one file that Pyodide fetches by its address is in the page
  const plain = globalThis.fetch;
  globalThis.fetch = (asked, ...more) =>
    String(asked).endsWith("pyodide.asm.wasm")
      ? Promise.resolve(new Response(wasm, { headers: { "Content-Type": "application/wasm" } }))
      : plain(asked, ...more);
  const stdLibURL = URL.createObjectURL(new Blob([library]));
  const python = await loadPyodide({ indexURL: "https://in.the.page/", stdLibURL, lockFileContents: lock, createPyodideModule });
  globalThis.fetch = plain;
  python.unpackArchive(program.buffer, "zip");
  const answer = python.runPython(`
import json
from recurra.lab.description import described_text, run_text
lambda part, text: json.dumps({"derive": described_text, "run": run_text}[part](text))
`);
  return (part, text) => JSON.parse(answer(part, text));
}

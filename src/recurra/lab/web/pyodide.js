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
  const described = python.runPython(`
import json
from recurra.lab.description import described_text
lambda text: json.dumps(described_text(text))
`);
  return (text) => JSON.parse(described(text));
}

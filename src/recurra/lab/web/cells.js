// The cells of the page: those that were derived when it was written, and a person's own, derived by recurra itself.
import { start } from "./pyodide.js";

const page = JSON.parse(document.getElementById("lab").textContent);

export const { messages, data, names, leftOut, engine, model } = page;

const known = { ...page.first };
if (model?.described) {
  known[model.cell] = model.described;
  names.unshift([model.cell, model.described.about]);
}
let others = null, python = null;

/** The description of a cell of the catalogue. */
export async function cellOf(name) {
  if (!known[name]) Object.assign(known, await (others ??= unpacked(page.others).then((bytes) => JSON.parse(textOf(bytes)))));
  return known[name];
}

const textOf = (bytes) => new TextDecoder().decode(bytes);

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Resolves once texts can be derived; with Python in the page to what derives them. */
export function engineReady() {
  if (engine !== "pyodide") return Promise.resolve();
  python ??= (async () => {
    const part = (name) => unpacked(document.getElementById(`pyodide-${name}`).textContent);
    const names = ["module", "assembly", "wasm", "library", "lock", "program"];
    const [module, assembly, wasm, library, lock, program] = await Promise.all(names.map(part));
    return start({ module: textOf(module), assembly: textOf(assembly), wasm, library, lock: textOf(lock), program });
  })();
  return python;
}

/**
 * What becomes of a text that somebody wrote, or {error, line}: "derive" gives its equations, "run" what is drawn and
 * run of it.
 */
export async function ask(part, text) {
  if (engine === "pyodide") return (await engineReady())(part, text);
  const answer = await fetch(part, {
    method: "POST", headers: { "Content-Type": "application/json", "X-Recurra-Lab": page.token }, body: JSON.stringify({ text }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json();
}

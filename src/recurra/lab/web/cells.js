// The cells of the page: those that were derived when it was written, and a person's own, derived by recurra itself.

const page = JSON.parse(document.getElementById("lab").textContent);

export const { messages, data, names, engine } = page;

const known = { ...page.first };
let others = null;

/** The description of a cell of the catalogue. */
export async function cellOf(name) {
  if (!known[name]) Object.assign(known, await (others ??= unpacked(page.others)));
  return known[name];
}

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/** What becomes of a text that somebody wrote: a description, or {error, line}. Refused where there is no engine. */
export async function derived(text) {
  const answer = await fetch("derive", {
    method: "POST", headers: { "Content-Type": "application/json", "X-Recurra-Lab": page.token }, body: JSON.stringify({ text }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.json();
}

// The text of a cell, with colours: a text area over the same text in colour.

const PATTERN = /(#[^\n]*|"""[\s\S]*?"""|"[^"\n]*")|\b(def|return)\b|(@cell)\b|\bp\.(\w+)|\b(\d[\d.e-]*)\b|\b([A-Za-z_]\w*)(?=\()/g;

const escaped = (text) => text.replace(/[&<>]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[letter]);

function coloured(text) {
  let html = "", from = 0;
  for (const found of text.matchAll(PATTERN)) {
    const [whole, said, word, decorator, parameter, number] = found;
    const kind = said ? "c" : word || decorator ? "k" : parameter ? "p" : number ? "n" : "f";
    html += `${escaped(text.slice(from, found.index))}<span class="${kind}">${escaped(whole)}</span>`;
    from = found.index + whole.length;
  }
  return html + escaped(text.slice(from));
}

export class Editor {
  constructor(area, colours, changed) {
    Object.assign(this, { area, colours });
    area.addEventListener("input", () => {
      this.paint();
      changed(area.value);
    });
    area.addEventListener("scroll", () => this.follow());
    area.addEventListener("keydown", (event) => {
      // Tab leaves the text, so that the keyboard is not caught in it; Enter indents as the line before
      if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.isComposing) return;
      const line = area.value.slice(0, area.selectionStart).split("\n").at(-1);
      event.preventDefault();
      const indent = line.match(/^ */)[0] + (line.trimEnd().endsWith(":") ? "    " : "");
      area.setRangeText(`\n${indent}`, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input"));
    });
  }

  set text(text) {
    this.area.value = text;
    this.wrong = null;
    this.paint();
  }

  /** The line that an error is about, from 1 on; null for none. */
  set wrongLine(line) {
    this.wrong = line;
    this.area.setAttribute("aria-invalid", String(line !== null));
    this.paint();
  }

  paint() {
    const lines = coloured(this.area.value).split("\n");
    if (this.wrong) lines[this.wrong - 1] = `<span class="wrong">${lines[this.wrong - 1] ?? ""} </span>`;
    this.colours.innerHTML = `${lines.join("\n")}\n `;
    this.follow();
  }

  follow() {
    this.colours.scrollTop = this.area.scrollTop;
    this.colours.scrollLeft = this.area.scrollLeft;
  }
}

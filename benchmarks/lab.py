"""`python -m benchmarks.lab`: the lab's page in headless Chromium: first picture, edits, sliders, live training.

With RECURRA_PYODIDE, the npm package pyodide, unpacked, the edits are derived inside the page; else by its server.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from benchmarks.alternate import write
from recurra.cells import LSTM
from recurra.lab import LabServer, lab_page
from recurra.lab.description import written

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "lab"))

from browser import Browser

READY = "document.documentElement.dataset.ready === 'yes'"
ENGINE = "document.getElementById('engine').textContent"
EDIT = """
(text) => new Promise((resolve) => {
  const begun = performance.now();
  new MutationObserver((_, observer) => {
    observer.disconnect();
    const written = performance.now() - begun;
    requestAnimationFrame(() => setTimeout(() => resolve([written, performance.now() - begun])));
  }).observe(document.getElementById("backward"), { childList: true });
  const field = document.getElementById("text");
  field.value = text;
  field.dispatchEvent(new Event("input"));
})
"""
SLIDER = """
(async (id, values) => {
  const field = document.getElementById(id), found = [];
  for (const value of values) {
    const begun = performance.now();
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    found.push(performance.now() - begun);
  }
  return found;
})
"""
TRAINING = """
(async (count) => {
  const [{ Training }, { cellOf, data }] = await Promise.all([import("lab/training"), import("lab/cells")]);
  const options = {
    problem: "copy", length: 100, hidden: 32, layers: 1, batch: 16, optimiser: "adam", rate: 0.01, decay: 0,
    isClipped: true, clip: 1, patience: 0, seed: 1,
  };
  const training = new Training(Array(count).fill(await cellOf("LSTM")), options, data), rates = [];
  for (let k = 0; k < 5; k++) training.step();
  for (let k = 0; k < 10; k++) {
    const begun = performance.now();
    for (let n = 0; n < 10; n++) training.step();
    rates.push(10000 / (performance.now() - begun));
  }
  return rates;
})
"""


def main() -> None:
    """Measure and write the numbers."""
    points: list[dict[str, Any]] = []

    def found(what: str, values: list[float], unit: str) -> None:
        points.append({"what": what, "unit": unit, "median": statistics.median(values), "raw": values})
        sys.stdout.write(
            f"{what:60} {statistics.median(values):8.1f} {unit} (of {len(values)}, most {max(values):.1f})\n"
        )

    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "lab.html"
        page.write_text(lab_page(), encoding="utf-8")
        with Browser(Path(folder), offline=True) as browser:
            opened = []
            for _ in range(5):
                browser.open("about:blank")
                browser.open(page.as_uri())
                browser.wait(READY)
                opened.append(browser.run("performance.getEntriesByType('paint').at(-1).startTime"))
            found("first picture after opening, without Pyodide", opened, "ms")
            for slider, values in (("set-radius", [0.5, 1, 1.5, 2] * 5), ("set-steps", [50, 100, 150, 200] * 5)):
                found(f"{slider} to new heat map", browser.run(f"{SLIDER}('{slider}', {values})"), "ms")
            found("one LSTM, H = 32, T = 100, B = 16", browser.run(f"{TRAINING}(1)"), "steps/s")
            found("two of them side by side", browser.run(f"{TRAINING}(2)"), "steps/s")
    pyodide = os.environ.get("RECURRA_PYODIDE")
    for name in ("server", "Pyodide")[: 2 if pyodide else 1]:
        with tempfile.TemporaryDirectory() as folder, LabServer() as server, Browser(Path(folder)) as browser:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            page = Path(folder) / "lab.html"
            if name == "Pyodide":
                page.write_text(lab_page(pyodide=pyodide), encoding="utf-8")
            browser.open(server.address if name == "server" else page.as_uri())
            browser.wait(f"{READY} && /derives|推导/.test({ENGINE})", 120)
            text = written(LSTM)
            edits = [text.replace("tanh(", f"{1 + k / 100} * tanh(", 1) for k in range(25)]
            times = [browser.run(f"({EDIT})({json.dumps(each)})") for each in edits]
            found(f"edit of an LSTM to its new BPTT in the page, {name}", [written for written, _ in times[5:]], "ms")
            found(f"and to its picture, {name}", [drawn for _, drawn in times[5:]], "ms")
            server.shutdown()
    write("lab", "python -m benchmarks.lab", points)


if __name__ == "__main__":
    main()

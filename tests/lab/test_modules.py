"""The page's modules, run by Node: the gradient through time, training, links, and what an output depends on."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recurra.cells import GRU, LSTM, Elman, all_cells
from recurra.lab.description import described
from recurra.lab.kernel import lacking
from recurra.lab.page import _MODULES, _read, module_source

pytestmark = pytest.mark.skipif(not shutil.which("node"), reason="no node")

CELLS = {each.name: described(each) for each in (Elman, GRU, LSTM)}
OF_NODE = [name for name in _MODULES if name not in ("cells", "main", "pyodide", "editor", "draw", "steps", "model")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("modules")
    for name in OF_NODE:
        (folder / f"{name}.js").write_text(module_source(name))
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "cells.json").write_text(json.dumps(CELLS))
    (folder / "data.json").write_text(_read("data.json"))
    return folder


def said(folder: Path, script: str) -> Any:
    """Return the value that a script gives to `say`."""
    head = """
    import { readFileSync } from "node:fs";
    const cells = JSON.parse(readFileSync("cells.json", "utf8")), data = JSON.parse(readFileSync("data.json", "utf8"));
    const say = (value) => process.stdout.write(JSON.stringify(value));
    """
    (folder / "script.js").write_text(head + script)
    done = subprocess.run(["node", "script.js"], cwd=folder, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


def test_gradients_vanish_explode_and_are_carried(folder: Path) -> None:
    found = said(
        folder,
        """
        import { gradientFlow, singularValues } from "./flow.js";
        import { spectralRadius } from "./random.js";
        const given = {
          steps: 40, layers: 2, hidden: 8, seed: 3, scheme: "", gain: 1, radius: 0, scale: 0.1, forget: null,
        };
        const kind = (cell, more) => {
          const { kind, horizon, rate } = gradientFlow(cells[cell], { ...given, ...more });
          return [kind, horizon, rate];
        };
        // of a linear recurrence the Jacobian is the matrix: with small inputs a tanh is one
        const quiet = gradientFlow(cells.Elman, { ...given, layers: 1, radius: 0.9, scale: 0 });
        const [w] = quiet.layers[0].parameters.filter(({ role }) => role === "state matrix");
        say({
          small: kind("Elman", { radius: 0.5 }), large: kind("Elman", { radius: 2, scale: 0 }),
          open: kind("LSTM", { forget: 6 }), shut: kind("LSTM", { forget: -4 }), matrix: [...w.values],
          values: [...singularValues(quiet.layers[0], cells.Elman, 5)], radius: spectralRadius(w.values, 8),
        });
        """,
    )
    assert found["small"][0] == "vanishing"
    assert found["small"][1] < 12
    assert found["large"][0] == "exploding"
    assert found["open"][0] == "carried"
    assert found["shut"][0] == "vanishing"
    matrix = np.array(found["matrix"]).reshape(8, 8)
    np.testing.assert_allclose(found["values"], np.linalg.svd(matrix, compute_uv=False), rtol=1e-9)
    assert abs(np.linalg.eigvals(matrix)).max() == pytest.approx(0.9, rel=0.02)
    assert found["radius"] == pytest.approx(0.9, rel=1e-6)


def test_networks_learn_with_each_optimiser_and_stop(folder: Path) -> None:
    found = said(
        folder,
        """
        import { Training, reach, written } from "./training.js";
        import { generator } from "./random.js";
        const given = {
          problem: "echo", length: 12, hidden: 12, layers: 1, batch: 16, optimiser: "adam", rate: 0.02, decay: 0,
          isClipped: true, clip: 1, patience: 0, seed: 1,
        };
        const both = [cells.GRU, cells.LSTM];
        const losses = (more, steps, pair = both) => {
          const training = new Training(pair, { ...given, ...more }, data);
          for (let k = 0; k < steps && !training.isOver; k++) training.step();
          return training.runs.map(({ losses, norms, state }) => ({
            first: losses[0], last: losses.at(-1), steps: losses.length, norm: norms.at(-1), state,
          }));
        };
        const text = new Training(both, { ...given, problem: "text", length: 15 }, data);
        for (let k = 0; k < 30; k++) text.step();
        const { x, known } = text.problem.read("the cat#"), [run] = text.runs;
        const decayed = new Training(both, { ...given, decay: 1 }, data);
        decayed.number = 100;
        say({
          adam: losses({}, 250), sgd: losses({ optimiser: "sgd", rate: 0.5 }, 60),
          rmsprop: losses({ optimiser: "rmsprop", rate: 0.01 }, 60), stopped: losses({ rate: 1e-9, patience: 2 }, 200),
          diverged: losses({ optimiser: "sgd", rate: 1e300, isClipped: false, problem: "sine" }, 20),
          twice: losses({}, 3, [cells.LSTM, cells.LSTM]),
          each: ["copy", "adding", "sine", "sunspots", "text"].map((problem) => losses({ problem }, 3)),
          written: written(run, text.problem, 20, 0.8, generator(1)), textLoss: run.losses,
          reach: [...reach(run, x, 4).shares], known: known.join(""), decayed: decayed.rate,
        });
        """,
    )
    assert all(run["last"] < 0.3 * run["first"] for run in found["adam"])
    for name in ("sgd", "rmsprop"):
        assert all(run["last"] < run["first"] for run in found[name]), name
    assert [run["state"] for run in found["stopped"]] == ["stopped"] * 2
    assert found["stopped"][0]["steps"] == 60  # the third look at what is held back is the second that is no better
    assert "diverged" in [run["state"] for run in found["diverged"]]
    assert found["twice"][0] == found["twice"][1]
    assert all(np.isfinite(run["last"]) for runs in found["each"] for run in runs)
    assert len(found["written"]) == 20
    assert found["textLoss"][-1] < found["textLoss"][0]
    assert found["known"] == "the cat"
    assert max(found["reach"][:5]) == 1
    assert found["reach"][5:] == [0, 0]  # what comes later does not matter
    assert found["decayed"] == pytest.approx(0.01)


def test_settings_go_into_a_link_and_back(folder: Path) -> None:
    found = said(
        folder,
        """
        import { hashOf, settingsOf } from "./controls.js";
        const begun = settingsOf(""), text = "def A(p, x, h):\\n    return h # 中";
        const changed = { ...begun, cell: "GRU", text, steps: 80, isClipped: false, optimiser: "sgd" };
        const odd = settingsOf("#steps=1e9&optimiser=no&rate=x&isClipped=1");
        say([hashOf(begun), settingsOf(hashOf(changed)), changed, odd, begun]);
        """,
    )
    empty, again, changed, odd, begun = found
    assert empty == ""
    assert {**again, "cell": "GRU"} == changed  # a text says which cell it is
    assert odd == {**begun, "steps": 200}


DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_links_of_the_docs_name_settings_that_the_lab_has(folder: Path) -> None:
    pages = [*sorted((DOCS / "course").rglob("*.md")), DOCS / "lab.md"]
    links = [
        (page.name, link) for page in pages for link in re.findall(r"lab\.md#([^)`\s]*=[^)`\s]*)", page.read_text())
    ]
    assert len(links) > 2 * 12
    cells = [name for name, each in all_cells.items() if not lacking(each)]
    problems, keys = said(
        folder,
        f"""
        import {{ CONTROLS, problemsOf }} from "./controls.js";
        const links = {json.dumps(links)}, names = {json.dumps(cells)};
        say([
          links.flatMap(([page, link]) => problemsOf(link, names).map((problem) => [page, problem])),
          [...CONTROLS.flow, ...CONTROLS.train].map(({{ key }}) => key),
        ]);
        """,
    )
    assert problems == []
    table = re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`[^|]*) \|", (DOCS / "lab.md").read_text(), re.MULTILINE)))
    assert sorted(table) == sorted(["cell", "text", "view", *keys])


def test_both_languages_say_everything() -> None:
    messages = json.loads(_read("messages.json"))
    english, chinese = messages["en"], messages["zh"]
    assert english.keys() == chinese.keys()
    for key in english:
        assert set(re.findall(r"\{\w+\}", english[key])) == set(re.findall(r"\{\w+\}", chinese[key])), key
    named = set(re.findall(r'data-(?:text|label)="(\w+)"', _read("index.html")))
    for name in ("main", "controls", "model"):
        named |= set(re.findall(r'\bsay\("(\w+)"', module_source(name)))
    assert named <= english.keys()

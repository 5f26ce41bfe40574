"""Kernels of the lab's page, run by Node: their outputs and gradients are the library's, for every cell it offers."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from cell_kinds import own_sizes
from recurra import Cell, cell, sigmoid, softmax, tanh
from recurra.cells import all_cells
from recurra.errors import ExportError
from recurra.lab.kernel import kernel_source
from recurra.lab.page import runtime_source
from recurra.nn import Recurrent

WEB = Path(__file__).resolve().parents[2] / "src" / "recurra" / "lab" / "web"
STEPS, BATCH = 6, 3

needs_node = pytest.mark.skipif(not shutil.which("node"), reason="no node")

DRIVER = """
import { readFileSync } from "node:fs";
import { Layer, kernelOf, lengthsOf, total } from "./kernel.js";
import { PLAIN, memoryFor } from "./vectors.js";
const jobs = JSON.parse(readFileSync(0, "utf8"));
const count = ({ source, sizes, steps, batch }) => total(lengthsOf(kernelOf(source, sizes), sizes, steps, batch));
const memories = [PLAIN, memoryFor(jobs.reduce((sum, job) => sum + count(job), 0))];
if (memories[1] === PLAIN || memoryFor(2 ** 40) !== PLAIN) throw new Error("vectors where there is room for them");
const found = jobs.map((job) => memories.map((memory) => {
  const layer = new Layer(job.source, job.sizes, job.steps, job.batch, memory);
  for (const each of layer.parameters) each.values.set(job.parameters[each.name]);
  layer.m.x.set(job.x);
  layer.prepare();
  for (let again = 0; again < 2; again++) {
    layer.forward();
    layer.m.dy.set(job.dy);
    layer.backward();
  }
  return {
    y: [...layer.y], dx: layer.dx ? [...layer.dx] : null,
    parameters: Object.fromEntries(layer.parameters.map(({ name, gradient }) => [name, [...gradient]])),
  };
}));
process.stdout.write(JSON.stringify(found));
"""


@cell(init={"b_f": 1.0}, delays={"older": ("h", 2)})
def Own(p, x, h, *, older):
    """A delay, a softmax, a matrix by its transpose and numbers of two axes."""
    f = sigmoid(x @ p.W_f + h @ (p.U_f - p.U_f.T) + p.b_f)
    return f * h + (1 - f) * softmax(tanh(x @ p.W + older @ p.V)) + 0.1 * p.a**2


def offered(every: int) -> dict[str, tuple[Cell, str]]:
    """Return cells that the page can run, each of so many, with their kernels."""
    found = {}
    for name, each in {"Own": Own, **dict(list(all_cells.items())[::every])}.items():
        try:
            found[name] = (each, kernel_source(each))
        except ExportError:
            continue
    return found


@needs_node
@pytest.mark.parametrize(("every", "least"), [(3, 30), pytest.param(1, 100, marks=pytest.mark.slow)])
def test_gradients_are_the_librarys(tmp_path: Path, every: int, least: int) -> None:
    cells = offered(every)
    assert len(cells) >= least
    jobs, expected = [], {}
    for name, (each, source) in cells.items():
        torch.manual_seed(5)
        input_size = hidden_size = 4
        layer = Recurrent(each, input_size, hidden_size, sizes=own_sizes(each, 2), dtype=torch.float64, backend="torch")
        layer.train(not each.written.delays)
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.add_(0.3 * torch.randn_like(parameter))
        x = torch.randn(STEPS, BATCH, input_size, dtype=torch.float64, requires_grad=True)
        y = layer(x, inputs=ones(each, {**layer.sizes, "input_size": input_size, "hidden_size": hidden_size}))[0]
        dy = torch.randn_like(y)
        (y * dy).sum().backward()
        parameters = {p.name: getattr(layer, f"{p.name}_l0") for p in each.parameters}
        jobs.append({
            "source": source, "sizes": {"input_size": input_size, "hidden_size": hidden_size, **layer.sizes},
            "steps": STEPS, "batch": BATCH, "x": x.flatten().tolist(), "dy": dy.flatten().tolist(),
            "parameters": {key: value.flatten().tolist() for key, value in parameters.items()},
        })  # fmt: skip
        expected[name] = {
            "y": y, "dx": x.grad,
            **{key: torch.zeros_like(value) if value.grad is None else value.grad for key, value in parameters.items()},
        }  # fmt: skip
    wrong = {}
    for (name, values), found in zip(expected.items(), in_node(jobs, tmp_path), strict=True):
        for kind, each in zip(("JavaScript", "vectors"), found, strict=True):
            given = {"y": each["y"], "dx": each["dx"], **each["parameters"]}
            for key, value in values.items():
                right = value.detach().numpy().ravel()
                got = np.zeros_like(right) if given[key] is None else np.asarray(given[key], float)
                error = np.abs(got - right).max() / max(1.0, np.abs(right).max())
                if not error <= 1e-9:
                    wrong[name, kind, key] = error
    assert not wrong


def ones(each: Cell, sizes: dict[str, int]) -> dict[str, torch.Tensor]:
    """Return a cell's further inputs as the page has them."""
    widths = {leaf.name: [sizes.get(str(size), size) for size in leaf.shape] for leaf in each.further_inputs}
    once = each.step.per_sequence
    return {
        name: torch.ones(*([BATCH] if name in once else [STEPS, BATCH]), *width, dtype=torch.float64)
        for name, width in widths.items()
    }


def in_node(jobs: list[dict[str, Any]], folder: Path) -> list[list[dict[str, Any]]]:
    """Run kernels forward and backward in one process of Node: in JavaScript alone, and with vectors."""
    for name in ("kernel", "vectors"):
        (folder / f"{name}.js").write_text((WEB / f"{name}.js").read_text())
    (folder / "runtime.js").write_text(runtime_source())
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "driver.js").write_text(DRIVER)
    done = subprocess.run(
        ["node", str(folder / "driver.js")], input=json.dumps(jobs), capture_output=True, text=True, check=False
    )
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)

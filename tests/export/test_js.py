"""JavaScript: every cell and what is made of cells agrees with its layer, as a module that Node runs."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import torch
from export_cases import FEW, layer_of, made_of_several, transformed, uncompiled

from recurra.cells import all_cells
from recurra.errors import ExportError
from recurra.export import check_export, export, node
from recurra.nn import GRU, LSTM, Recurrent

needs_node = pytest.mark.skipif(not shutil.which("node"), reason="no node")

ALL = [pytest.param(name, marks=() if name in FEW else pytest.mark.slow) for name in all_cells]


@needs_node
@pytest.mark.parametrize("name", ALL)
def test_a_cell_agrees_with_its_layer(name: str) -> None:
    check_export(layer_of(all_cells[name]), "js")


@needs_node
@pytest.mark.parametrize("model", [*made_of_several(), *transformed()])
def test_stacks_directions_heads_and_transforms(model: torch.nn.Module) -> None:
    check_export(model, "js")


@needs_node
def test_weights_of_int8() -> None:
    """Beside the quantised layer, which has the same numbers."""
    assert check_export(uncompiled(LSTM(9, 10, num_layers=2)), "js", weights="int8").largest < 1e-6


@needs_node
def test_a_state_is_a_value(tmp_path: Path) -> None:
    """Steps give what a run gives; a state is a copy that goes on where it was taken."""
    export(uncompiled(GRU(3, 8, num_layers=2)), tmp_path / "gates.js")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "main.js").write_text("""
        import { Gates } from "./gates.js";
        const model = new Gates(), x = [...Array(12).keys()].map(Math.sin), wrong = [];
        const whole = model.run(x);
        model.reset();
        model.step(x.slice(0, 3));
        const state = model.state, other = new Gates();
        model.run(x.slice(3));
        other.state = state;
        const rest = other.run(x.slice(3));
        for (const fault of [() => model.run(x.slice(1)), () => model.step(x), () => { model.state = {}; },
                             () => model.step(), () => model.step(x.slice(0, 3), { dt: [1] })]) {
          try { fault(); } catch (error) { wrong.push(`${error.name}: ${error.message}`); }
        }
        console.log(JSON.stringify({ whole: [...whole.slice(8)], rest: [...rest], wrong, inputs: Gates.inputs }));
    """)
    done = subprocess.run(["node", tmp_path / "main.js"], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert len(found["rest"]) == 24
    assert found["whole"] == found["rest"]
    assert found["inputs"] == {"x": 3}
    assert found["wrong"] == [
        "RangeError: x: got 11 numbers, expected 3 for each step",
        "RangeError: x: got 12 numbers, expected 3",
        "RangeError: state.h_l0: got no array of numbers, expected 8",
        "RangeError: x: got no array of numbers, expected 3",
        "RangeError: dt: no input is called so; beside x there is none",
    ]


def test_without_node_a_check_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    node._node.cache_clear()
    with pytest.raises(ExportError, match="needs node on the PATH, and there is none"):
        check_export(uncompiled(LSTM(2, 3)), "js")


def test_editors_know_what_is_there(tmp_path: Path) -> None:
    """Declarations for TypeScript; where its compiler is, it takes right calls and refuses wrong ones."""
    gates = uncompiled(GRU(3, 8, num_layers=2))
    export(gates, tmp_path / "gates.js")
    export(gates, tmp_path / "quick.wasm")
    export(layer_of(all_cells["CfC"]), tmp_path / "gaps.js")
    export(Recurrent(all_cells["LSTM"], 1, 2), tmp_path / "echo.js", training=True)
    assert "step(x: ArrayLike<number>): Float32Array;" in (tmp_path / "gates.d.ts").read_text()
    compiler = shutil.which("tsc")
    if compiler is None:
        pytest.skip("no tsc: npm install --global typescript")
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "use.mts").write_text(
        """
        import { Gates } from "./gates.js";
        import Quick from "./quick.js";
        import Gaps from "./gaps.js";
        import Echo from "./echo.js";
        const one = new Gates(), quick = await Quick.load(), echo = new Echo({ batch: 2 });
        const y: Float32Array = one.step([0.1, 0.2, 0.3]), h: Float32Array = one.state.h_l1;
        quick.run(new Float32Array(6));
        quick.state = quick.state;
        new Gaps().step([1, 2, 3, 4], { dt: [0.5] });
        const { parameters } = echo.backward(echo.run([1, 2]));
        // @ts-expect-error
        new Gaps().step([1, 2, 3, 4]);
        // @ts-expect-error
        one.state.h_l2;
        """
    )
    options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom"]
    found = subprocess.run([compiler, *options, "use.mts"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout

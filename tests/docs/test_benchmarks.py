"""What benchmarks time against each other computes the same."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

import recurra.nn
from recurra.cells import all_cells
from recurra.nn import Recurrent
from recurra.spec import Cell
from recurra.transforms import layer_norm

GATES = {"weight": "W_xi W_xf W_xc W_xo", "state": "W_hi W_hf W_hc W_ho", "bias": "b_i b_f b_c b_o"}
LAYOUTS = {
    "LSTMLoop": ("LSTM", GATES),
    "LayerNormLoop": ("LSTM", GATES),
    "MinGRULoop": ("MinGRU", {"weight": "W_xz W_xh", "bias": "b_z b_h"}),
    "SRULoop": ("SRU", {"weight": "W_f W_r W W_x", "bias": "b_f b_r 0 0", "vectors": "v_f v_r"}),
    "IndRNNLoop": ("IndRNN", {"weight": "W_x", "bias": "b", "vectors": "u"}),
}
"""Loop -> our cell, and which of its parameters stand side by side in the loop's; 0 is one that we do not have."""


@pytest.fixture(autouse=True)
def _benchmarks(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(root))


@pytest.fixture
def loops() -> ModuleType:
    return importlib.import_module("benchmarks.loops")


def side_by_side(layer: Recurrent, names: str) -> torch.Tensor:
    found = [torch.zeros(layer.hidden_size) if name == "0" else getattr(layer, f"{name}_l0") for name in names.split()]
    return torch.cat(found, -1).detach()


def set_weights(layer: Recurrent, loop: torch.nn.Module, layout: dict[str, str]) -> None:
    found = {part: side_by_side(layer, names) for part, names in layout.items()}
    with torch.no_grad():
        loop.on_input.weight.copy_(found["weight"].T)
        if "bias" in found:
            loop.on_input.bias.copy_(found["bias"])
        if "state" in found:
            loop.on_state.copy_(found["state"])
        if "vectors" in found:
            loop.vectors.copy_(found["vectors"].reshape(loop.vectors.shape))


def drawn(cell: Cell) -> Recurrent:
    torch.manual_seed(0)
    layer = Recurrent(cell, 3, 5)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.uniform_(-0.7, 0.7)
    return layer


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_loop_computes_what_our_cell_computes(name: str, loops: ModuleType) -> None:
    kind, layout = LAYOUTS[name]
    normalised = name == "LayerNormLoop"
    layer = drawn(layer_norm(all_cells[kind]) if normalised else all_cells[kind])
    loop = getattr(loops, name)(3, 5)
    set_weights(layer, loop, layout)
    if normalised:
        for row, operand in enumerate("xh"):
            loop.gains.data[row] = side_by_side(layer, " ".join(f"gain_W_{operand}{gate}" for gate in "ifco"))
        loop.read_norm.weight.data, loop.read_norm.bias.data = layer.gain_c_l0.data, layer.bias_c_l0.data
    x = torch.randn(6, 2, 3)
    torch.testing.assert_close(loop(x)[0], layer(x)[0])


def test_the_loop_of_a_qrnn_reads_two_inputs(loops: ModuleType) -> None:
    layer, loop = drawn(all_cells["QRNN"]), loops.QRNNLoop(3, 5)
    parts = [side_by_side(layer, f"{letter}_z {letter}_f {letter}_o") for letter in "VW"]
    loop.on_input.weight.data = torch.cat(parts).T.contiguous()
    x = torch.randn(6, 2, 3)
    torch.testing.assert_close(loop(x)[0], layer(x)[0])


def test_the_loops_with_masks_are_an_lstm_without_them(loops: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    layer, x = drawn(all_cells["LSTM"]), torch.randn(6, 2, 3)
    monkeypatch.setattr(loops.ZoneoutLoop, "rates", {"c": 0.0, "h": 0.0})
    monkeypatch.setattr(loops.DropoutLoop, "rate", 0.0)
    for kind in (loops.ZoneoutLoop, loops.DropoutLoop):
        loop = kind(3, 5)
        set_weights(layer, loop, GATES)
        torch.testing.assert_close(loop(x)[0], layer(x)[0])


def test_the_loop_with_zoneout_keeps_what_its_rates_say(loops: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    monkeypatch.setattr(loops.ZoneoutLoop, "rates", {"c": 0.5, "h": 0.25})
    outputs = loops.ZoneoutLoop(3, 50)(torch.randn(40, 4, 3))[0]
    assert (outputs[1:] == outputs[:-1]).float().mean().item() == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_a_stream_and_its_peers_give_the_same_numbers(kind: str) -> None:
    pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")
    streaming, layer = importlib.import_module("benchmarks.streaming"), getattr(recurra.nn, kind)(3, 5)
    samples = np.random.default_rng(0).standard_normal((9, 1, 3)).astype(np.float32)
    streaming.check(layer, kind, samples)
    step = streaming.onnx_step(layer, kind)
    assert not np.allclose(step(samples[0]), step(samples[0]))  # the state is carried


def test_points_that_were_not_measured_are_an_error_that_says_how_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary, tables = (importlib.import_module(f"benchmarks.{name}") for name in ("summary", "tables"))
    monkeypatch.setattr(tables, "RESULTS", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"`python -m benchmarks\.cells` measures it"):
        summary._points("cells", what="linear")
    (tmp_path / "cells.json").write_text('{"command": "python -m benchmarks.cells", "points": [{"what": "abilities"}]}')
    with pytest.raises(ValueError, match=r"no point with \{'what': 'linear'\}.*`python -m benchmarks\.cells`"):
        summary._points("cells", what="linear")

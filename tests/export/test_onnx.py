"""ONNX: onnxruntime gives what the layer gives, by an operator where the cell is one and by its equations elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from export_cases import FEW, layer_of, made_of_several, transformed, uncompiled

from recurra import cell, sigmoid, tanh
from recurra.cells import all_cells
from recurra.errors import ExportError
from recurra.export import check_export, export
from recurra.nn import GRU, LSTM, RNN, Recurrent
from recurra.transforms import batch_norm

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

ALL = [pytest.param(name, marks=() if name in FEW else pytest.mark.slow) for name in all_cells]


@pytest.mark.parametrize("name", ALL)
def test_a_cell_agrees_with_its_layer(name: str) -> None:
    layer = layer_of(all_cells[name])
    check_export(layer, "onnx", lengths=True)
    check_export(layer, "onnx", streaming=True)


@pytest.mark.parametrize("model", made_of_several())
def test_stacks_directions_and_heads(model: torch.nn.Module) -> None:
    check_export(model, "onnx")
    check_export(model, "onnx", lengths=True)


@pytest.mark.parametrize("model", transformed())
def test_transforms(model: torch.nn.Module) -> None:
    check_export(model, "onnx", lengths=True)


@pytest.mark.parametrize("model", [uncompiled(LSTM(9, 10)), layer_of(all_cells["MGU"])])
def test_weights_of_int8(model: torch.nn.Module, tmp_path: Path) -> None:
    check_export(model, "onnx", weights="int8")
    (file,) = export(model, tmp_path / "x.onnx", weights="int8")
    stored = onnx.load(file).graph.initializer
    matrices = [each for each in stored if len(each.dims) > 1 and min(each.dims[-2:]) > 1]
    assert {each.data_type for each in matrices} == {onnx.TensorProto.INT8}


def test_a_weight_is_stored_once(tmp_path: Path) -> None:
    """Whatever the graph makes of it: the file has little beside the numbers."""
    layer = layer_of(all_cells["MGU"], input_size=40)
    (file,) = export(layer, tmp_path / "x.onnx")
    numbers = sum(parameter.numel() for parameter in layer.parameters())
    assert 4 * numbers < file.stat().st_size < 4 * numbers + 4000


@cell
def RenamedLSTM(p, x, a, m):
    """An LSTM in other words."""
    remember = sigmoid(p.bias_2 + a @ p.u_2 + x @ p.w_2)
    new = tanh(x @ p.w_1 + a @ p.u_1 + p.bias_1)
    write = sigmoid(a @ p.u_3 + p.bias_3 + x @ p.w_3)
    m = new * write + m * remember
    return tanh(m) * sigmoid(x @ p.w_4 + p.bias_4 + a @ p.u_4), m


@pytest.mark.parametrize(
    ("layer", "kind"),
    [
        (uncompiled(LSTM(3, 4)), "LSTM"),
        (uncompiled(GRU(3, 4, bias=False)), "GRU"),
        (uncompiled(RNN(3, 4, nonlinearity="relu")), "RNN"),
        (layer_of(all_cells["PeepholeLSTM"]), "LSTM"),
        (layer_of(all_cells["OriginalGRU"], bidirectional=True), "GRU"),
        (layer_of(RenamedLSTM), "LSTM"),
        (layer_of(all_cells["CoupledLSTM"]), "Scan"),
    ],
)
def test_operators_are_found_by_their_equations(layer: torch.nn.Module, kind: str, tmp_path: Path) -> None:
    (file,) = export(layer, tmp_path / "x.onnx")
    kinds = [node.op_type for node in onnx.load(file).graph.node]
    assert kind in kinds
    assert "Scan" not in kinds or kind == "Scan"
    check_export(layer, "onnx", lengths=True)


def test_a_step_alone_does_not_know_its_statistics() -> None:
    normalised = Recurrent(batch_norm(all_cells["LSTM"]), 3, 6, backend="numpy").eval()
    with pytest.raises(ExportError, match="export all steps, or to C, which counts them"):
        check_export(normalised, "onnx", streaming=True)

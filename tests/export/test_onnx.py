"""ONNX: onnxruntime gives what the layer gives, by an operator where the cell is one and by its equations elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from export_cases import FEW, layer_of, made_of_several, transformed, uncompiled

from recurra import cell, sigmoid, tanh
from recurra.cells import all_cells
from recurra.errors import ExportError
from recurra.export import check_export, export
from recurra.nn import (
    GRU,
    LSTM,
    RNN,
    AttentionDecoder,
    EncoderDecoder,
    GRUCell,
    LSTMCell,
    Recurrent,
    RNNCell,
    SelfAttention,
    Sequential,
    Softmax,
)
from recurra.transforms import batch_norm

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

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


@pytest.mark.parametrize(
    "kind", [LSTMCell, pytest.param(GRUCell, marks=pytest.mark.slow), pytest.param(RNNCell, marks=pytest.mark.slow)]
)
def test_single_steps_are_those_of_their_layers(kind: type[Any], tmp_path: Path) -> None:
    single, x, h = kind(3, 4), torch.randn(2, 3), torch.randn(2, 4)
    (file,) = single.export(tmp_path / "x.onnx", streaming=True)
    state = {"h_0": h[None].numpy()} | ({"c_0": h[None].numpy()} if kind is LSTMCell else {})
    found = onnxruntime.InferenceSession(str(file)).run(None, {"x": x.numpy(), **state})[0]
    wanted = single(x, (h, h))[0] if kind is LSTMCell else single(x, h)
    torch.testing.assert_close(torch.from_numpy(np.asarray(found)), wanted.detach())


@pytest.mark.parametrize(
    ("attention", "feeding", "own"),
    [
        pytest.param("general", "above", {"num_layers": 2}, id="above"),
        pytest.param("additive", "output", {}, id="output"),
        pytest.param("multihead", "context", {"heads": 2}, id="context"),
        pytest.param("dot", "none", {}, id="none", marks=pytest.mark.slow),
        pytest.param("scaled_dot", "none", {"num_layers": 2}, id="begins as the encoder ends", marks=pytest.mark.slow),
    ],
)
def test_a_decoder_with_attention(attention: Any, feeding: Any, own: dict[str, Any]) -> None:
    """A graph of the encoder and one of a step: given known tokens, they say what the model says."""
    torch.manual_seed(0)
    both_ways = own.get("num_layers", 1) == 1
    encoder = layer_of(all_cells["LSTM"], input_size=3, num_layers=own.get("num_layers", 1), bidirectional=both_ways)
    memory = encoder.output_features
    width = memory if attention in ("dot", "scaled_dot") else 6
    decoder = AttentionDecoder(
        all_cells["LSTM"], 5, width, memory_size=memory, attention=attention, feeding=feeding, backend="numpy", **own
    )
    model = EncoderDecoder(
        encoder, decoder, embedding=torch.nn.Embedding(11, 5), head=Softmax(torch.nn.Linear(width, 11)),
        between=SelfAttention(memory, heads=2) if feeding == "context" else None,
    )  # fmt: skip
    assert bool(model.bridges) == (attention != "scaled_dot")
    check_export(model, "onnx")
    check_export(model, "onnx", weights="int8")


def test_one_source_serves_many_hypotheses(tmp_path: Path) -> None:
    """As beam search has them: keys and values of one source, and a row of states for each hypothesis."""
    torch.manual_seed(0)
    encoder = layer_of(all_cells["GRU"], input_size=3)
    decoder = AttentionDecoder(all_cells["GRU"], 5, 12, memory_size=12, backend="numpy")
    head = Softmax(torch.nn.Linear(12, 11))
    model = EncoderDecoder(encoder, decoder, embedding=torch.nn.Embedding(11, 5), head=head)
    files = [onnxruntime.InferenceSession(str(file)) for file in export(model, tmp_path / "x.onnx")]
    source, tokens = torch.randn(1, 6, 3), torch.tensor([4, 0, 9])
    keys, values, state = files[0].run(None, {"x": source.numpy(), "lengths": np.array([6], np.int32)})
    given = {"keys": keys, "values": values, "lengths": np.array([6], np.int32), "h_0": state.repeat(3, 1)}
    found = files[1].run(None, {"x": tokens.numpy(), **given})
    memory, begun = model.encode(source)
    wanted = decoder.step(model.embedding(tokens), memory, state=begun.selected(torch.zeros(3, dtype=torch.int64)))
    torch.testing.assert_close(torch.from_numpy(np.asarray(found[0])), head.log_prob(wanted.outputs).detach())
    torch.testing.assert_close(torch.from_numpy(np.asarray(found[1])), wanted.weights.detach())


def test_vectors_of_tokens_may_stand_before_a_layer() -> None:
    model = Sequential(torch.nn.Embedding(9, 3), uncompiled(GRU(3, 4)), torch.nn.Linear(4, 2), torch.nn.Softmax(-1))
    check_export(model, "onnx", streaming=True)
    check_export(model, "c")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # those of torch's exporter
@pytest.mark.parametrize(
    "layer",
    [
        LSTM(3, 4),
        Recurrent(all_cells["MGU"], 3, 2, num_layers=2, bidirectional=True, batch_first=True),
    ],
)
def test_torch_exports_a_model_with_our_layers(layer: torch.nn.Module, tmp_path: Path) -> None:
    """For any length and batch: the time loop is a Scan."""
    pytest.importorskip("onnxscript")
    model, x = WithHead(layer).eval(), torch.randn(7, 2, 3)
    free = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    torch.onnx.export(model, (x,), tmp_path / "x.onnx", dynamo=True, dynamic_shapes=(free,), verbose=False)
    session = onnxruntime.InferenceSession(str(tmp_path / "x.onnx"))
    for shape in ((7, 2, 3), (4, 5, 3), (30, 1, 3), (1, 3, 3)):
        x = torch.randn(shape)
        found = session.run(None, {session.get_inputs()[0].name: x.numpy()})[0]
        torch.testing.assert_close(torch.from_numpy(np.asarray(found)), model(x).detach(), rtol=0, atol=1e-5)


class WithHead(torch.nn.Module):
    """A layer and a head, in torch's way."""

    def __init__(self, layer: torch.nn.Module) -> None:
        super().__init__()
        self.layer, self.head = layer, torch.nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.layer(x)[0])

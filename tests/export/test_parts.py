"""What stands before and behind recurrent layers, exported: convolutions, pooling, softmax heads, decoding."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from export_cases import uncompiled
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from recurra.errors import ExportError
from recurra.export import ExportedModel, check_export
from recurra.nn import (
    GRU,
    AdaptiveSoftmax,
    ConvolutionalFront,
    EmbeddingDropout,
    LinearChainCRF,
    Pooling,
    Softmax,
    Standardise,
    TiedLinear,
    bio_transitions,
)
from recurra.nn.exporting import exported_layers
from recurra.tasks import SequenceTagger, TagOptions

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")


class Parts(nn.Module):
    """Modules one behind the other on packed sequences, as a task has them."""

    def __init__(self, *modules: nn.Module, puts_out_classes: bool = False) -> None:
        super().__init__()
        self.parts, self._puts_out_classes = nn.ModuleList(modules), puts_out_classes

    def forward(self, given: PackedSequence, states: None = None) -> tuple[Any, tuple[()]]:
        found: Any = given
        for part in self.parts:
            if isinstance(part, (GRU, Pooling)):
                found = part(found)[0]
            elif isinstance(part, LinearChainCRF):
                found = pack_sequence([torch.tensor(path)[:, None] for path in part.decode(found)[0]])
            elif isinstance(found, Tensor) or isinstance(part, (ConvolutionalFront, Standardise)):
                found = part(found)
            else:
                found = found._replace(data=part(found.data))
        return found, ()

    def exported(self, *, weights: str = "float32") -> ExportedModel:
        layers = exported_layers(self.parts)
        return ExportedModel(layers, self, batch_first=True, keeps_state=False, puts_out_classes=self._puts_out_classes)


def pooled(kind: Any) -> Callable[[], nn.Module]:
    def make() -> nn.Module:
        front = ConvolutionalFront([3, 4, 5], kernel_size=4, stride=2)
        pooling = Pooling(kind, 6, bidirectional=True)
        return Parts(front, uncompiled(GRU(5, 3, bidirectional=True)), pooling, nn.Linear(6, 2), nn.Softmax(-1))

    return make


def standardised() -> nn.Module:
    front = ConvolutionalFront([3, 4], kernel_size=3, over_features=True)
    return Parts(front, Standardise("recording"), uncompiled(GRU(12, 3)))


def decoded() -> nn.Module:
    crf = LinearChainCRF(5, constraints=bio_transitions(LABELS))
    for scores in crf.parameters():
        nn.init.normal_(scores)
    return Parts(nn.Embedding(12, 5), crf, puts_out_classes=True)


def worded(make_head: Callable[[nn.Embedding], nn.Module]) -> Callable[[], nn.Module]:
    def make() -> nn.Module:
        vectors = nn.Embedding(40, 4)
        return Parts(EmbeddingDropout(vectors, 0.5), uncompiled(GRU(4, 6)), make_head(vectors))

    return make


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(pooled("last"), id="last", marks=pytest.mark.slow),
        pytest.param(pooled("attention"), id="attention"),
        pytest.param(pooled("mean"), id="mean", marks=pytest.mark.slow),
        pytest.param(pooled("max"), id="max", marks=pytest.mark.slow),
        pytest.param(decoded, id="crf"),
        pytest.param(standardised, id="recording"),
        pytest.param(
            worded(lambda _: AdaptiveSoftmax(6, 40, cutoffs=[5, 12], divisor=2.0)),
            id="adaptive",
            marks=pytest.mark.slow,
        ),
        pytest.param(worded(lambda words: Softmax(TiedLinear(words, features=6))), id="tied", marks=pytest.mark.slow),
        pytest.param(worded(lambda _: Softmax(nn.Linear(6, 40, bias=False))), id="linear", marks=pytest.mark.slow),
    ],
)
def test_parts_agree(make: Callable[[], nn.Module]) -> None:
    torch.manual_seed(0)
    model = make().eval()
    check_export(model, "c")
    check_export(model, "object")
    if shutil.which("node"):
        check_export(model, "wasm")
        check_export(model, "js")
    check_export(model, "onnx", lengths=True)


def test_a_front_has_no_single_steps() -> None:
    model = Parts(ConvolutionalFront([3, 4], kernel_size=3), uncompiled(GRU(4, 3)))
    with pytest.raises(ExportError, match="several steps at once, and cannot run step by step"):
        check_export(model, "onnx", streaming=True)


@pytest.mark.slow
def test_a_tagger_that_reads_letters() -> None:
    """Another model in the same artefact makes an input of each word, out of its letters."""
    options = TagOptions(epochs=1, batch_size=8)
    examples = Path(__file__).parents[2] / "examples"
    tagger = SequenceTagger(options).fit(examples / "places.conll")
    for to in ("c", "object", "wasm", "js"):
        check_export(tagger, to)

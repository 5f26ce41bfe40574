"""What public functions refuse: options of a wrong kind, and numbers that are none, each in words of ours."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence

from recurra import cell, tanh
from recurra.arguments import checked
from recurra.cells import LSTM, Elman
from recurra.diagnose import diagnose, gradient_flow, update_sizes
from recurra.errors import CellError, InputError, RecurraError
from recurra.nn import (
    GRU,
    AdaptiveSoftmax,
    Attention,
    CarriedState,
    ConvolutionalFront,
    EmbeddingDropout,
    LinearChainCRF,
    LockedDropout,
    Pooling,
    Recurrent,
    SearchOptions,
    Stream,
    TiedLinear,
    bio_transitions,
    chrono,
)
from recurra.plan import Budget, Workload, calibration_for, flops_of, growth, largest_hidden_size, memory_of
from recurra.testing import check_cell, check_gradient
from recurra.transforms import batch_norm, layer_norm, recurrent_dropout, residual, weight_drop, zoneout


@cell(sizes={"q": 2})
def Asking(p, x, h, *, q):
    return tanh(x @ p.W + h @ p.U + q @ p.V)


X = torch.randn(5, 2, 3)
LAYER = GRU(3, 6)
ELMAN = Recurrent(Elman, 3, 4)
WORKLOAD = Workload(cell=LSTM, input_size=4, hidden_size=8, lengths=(5, 5))


def step(p: Any, x: Any, h: Any) -> Any:
    return tanh(x @ p.W + h @ p.U)


def loss(batch: torch.Tensor) -> torch.Tensor:
    return ELMAN(batch)[0].square().mean()


def curve(name: str, *, ran: bool = True) -> object:
    with gradient_flow(LAYER) as flow:
        if ran:
            LAYER(X)[0].sum().backward()
    return flow.curve(name)


FLAG = "expected True or False"
WHOLE = "expected a whole number"
CELL = "expected a cell, such as recurra.cells.LSTM"

REFUSED: Mapping[str, tuple[Callable[[], object], str]] = {
    # layers
    "bias": (lambda: Recurrent(LSTM, 3, 6, bias="no"), f"Recurrent: bias: got 'no', {FLAG}"),
    "batch_first": (lambda: Recurrent(LSTM, 3, 6, batch_first=2), f"Recurrent: batch_first: got 2, {FLAG}"),
    "bidirectional": (lambda: Recurrent(LSTM, 3, 6, bidirectional=None), f"bidirectional: got None, {FLAG}"),
    "layers of text": (lambda: Recurrent(LSTM, 3, 6, num_layers="2"), f"num_layers: got '2', {WHOLE}"),
    "size of a half": (lambda: Recurrent(LSTM, 3.5, 6), f"input_size: got 3.5, {WHOLE}"),
    "sizes": (lambda: Recurrent(LSTM, 3, 6, sizes={"a": "b"}), "sizes: got .*, expected a mapping from a text"),
    "init": (lambda: Recurrent(LSTM, 3, 6, init=["a"]), "init: got .*, expected a mapping"),
    "dtype of NumPy": (lambda: Recurrent(LSTM, 3, 6, dtype=np.float32), "dtype: got .*, expected a torch.dtype"),
    "whole dtype": (lambda: Recurrent(LSTM, 3, 6, dtype=torch.int32), "dtype: got torch.int32, expected a floating"),
    "a class": (lambda: Recurrent(nn.LSTM, 3, 6), CELL),
    "chrono": (lambda: chrono("9", forget="b_f"), "chrono: span: got '9', expected a number"),
    "attention": (lambda: Attention("additive", 3, "4"), f"Attention: key_size: got '4', {WHOLE}"),
    "convolution": (lambda: ConvolutionalFront(3, kernel_size=3), "channels: got 3, expected a list or tuple"),
    "crf": (lambda: LinearChainCRF(3, constraints=[[True]]), "constraints: got .*, expected an AllowedTransitions"),
    "locked dropout": (lambda: LockedDropout("0.1"), "p: got '0.1', expected a number"),
    "dropout of NaN": (lambda: LockedDropout(float("nan")), "p: got nan, expected a number between 0 and 1"),
    "embedding": (lambda: EmbeddingDropout(nn.Linear(3, 3), 0.1), "embedding: got .*, expected an Embedding"),
    "pooling": (lambda: Pooling("mean", 4, bidirectional="yes"), f"bidirectional: got 'yes', {FLAG}"),
    "tied": (lambda: TiedLinear(nn.Embedding(5, 3), bias=2), f"bias: got 2, {FLAG}"),
    "cutoffs": (lambda: AdaptiveSoftmax(4, 10, cutoffs=5), "cutoffs: got 5, expected a list or tuple"),
    "search": (lambda: SearchOptions(start=0, end=1, beam="2"), f"SearchOptions: beam: got '2', {WHOLE}"),
    "penalty": (lambda: SearchOptions(start=0, end=1, length_penalty=-1), "length_penalty: got -1, expected a"),
    "labels": (lambda: bio_transitions("B-X"), "labels: got 'B-X', expected a list or tuple"),
    "batch of a stream": (lambda: LAYER.stream(batch=1.5), f"batch: got 1.5, {WHOLE}"),
    "stage": (lambda: LAYER.source(3), "source: stage: got 3, expected a text"),
    "no module": (lambda: Stream(3), "Stream: module: got 3, expected a Module"),
    # calls of layers
    "inputs": (lambda: Recurrent(Asking, 3, 4)(X, inputs=torch.randn(5, 2, 2)), "inputs: got Tensor, expected a"),
    "sparse": (lambda: LAYER(X.to_sparse()), "input: got .* torch.sparse_coo, expected a dense one"),
    "sparse state": (lambda: LAYER(X, torch.zeros(1, 2, 6).to_sparse()), "initial state h: got .* torch.sparse"),
    "packed": (lambda: LAYER(PackedSequence(torch.zeros(3), torch.tensor([2, 1]))), r"packed rows of shape \(3,\)"),
    # carried states and streams
    "no state": (lambda: CarriedState(None), "a carried state: got NoneType, expected tensors"),
    "empty state": (lambda: CarriedState([]), "got no tensor"),
    "save": (lambda: CarriedState(LAYER(X)[1]).save("/nowhere/at/all"), "/nowhere/at/all: the state cannot be written"),
    "load": (lambda: CarriedState.load("nowhere.bin"), "nowhere.bin: the state cannot be read"),
    "load a folder": (lambda: CarriedState.load("/"), "/: the state cannot be read"),
    "copy": (lambda: copy.copy(LAYER.stream()), r"fork\(\) gives another one"),
    "deep copy": (lambda: copy.deepcopy(LAYER.stream()), r"fork\(\) gives another one"),
    "pickle": (lambda: pickle.dumps(LAYER.stream()), "`state` can be saved"),
    # cells
    "scalars": (lambda: cell(scalars=3)(step), "scalars=3: expected a tuple of names"),
    "per_sequence": (lambda: cell(per_sequence=(1,))(step), r"per_sequence=\(1,\): expected a tuple of names"),
    "three axes": (
        lambda: cell(sizes={"W": ("a", "b", "c")})(step), r"an array of 3 axes \(a, b, c\) where a matrix is needed",
    ),
    "five axes": (lambda: cell(sizes={"h": tuple("abcde")})(step), r"expected a shape of one to 4 sizes, .*got 5"),
    "count": (lambda: LSTM.parameter_count(input_size=-1, hidden_size=3), "LSTM: input_size: got -1"),
    "flops": (lambda: LSTM.flops(input_size=3, hidden_size=0), "LSTM: hidden_size: got 0, expected a whole"),
    "unknown size": (lambda: LSTM.flops(input_size=3, hidden_size=3, sizes={"rank": 2}), r"sizes: got \['rank'\]"),
    "lag": (lambda: LSTM.delayed({"h": "2"}), "delayed: lags: got .*, expected a mapping from a text to a"),
    "latex": (lambda: LSTM.equations(latex="yes"), f"latex: got 'yes', {FLAG}"),
    # transforms
    "zoneout": (lambda: zoneout("LSTM", 0.1), f"zoneout: cell: got 'LSTM', {CELL}"),
    "rate": (lambda: zoneout(LSTM, "a"), "zoneout: rate: got 'a', expected a number or a mapping"),
    "residual": (lambda: residual(None), f"residual: cell: got None, {CELL}"),
    "projection": (lambda: residual(LSTM, projection="no"), f"projection: got 'no', {FLAG}"),
    "gain": (lambda: batch_norm(LSTM, gain="a"), "batch_norm: gain: got 'a', expected a number"),
    "states": (lambda: layer_norm(LSTM, states="c"), "layer_norm: states: got 'c', expected a list or tuple"),
    "eps": (lambda: layer_norm(LSTM, eps="a"), "layer_norm: eps: got 'a', expected a number"),
    "on": (lambda: weight_drop(LSTM, 0.1, on=3), "weight_drop: on: got 3, expected a text or None"),
    "on a value": (lambda: recurrent_dropout(LSTM, 0.1, on=3), "recurrent_dropout: on: got 3, expected a text or None"),
    # testing
    "check": (lambda: check_cell(step), CELL),
    "seed": (lambda: check_cell(LSTM, seed=-1), "check_cell: seed: got -1, expected a whole number, at least 0"),
    "gradient": (lambda: check_gradient(3, [X]), "check_gradient: function: got 3, expected a function"),
    # diagnosis
    "no model": (lambda: diagnose(3, [X], loss=loss), "diagnose: model: got 3, expected a Module"),
    "batches": (lambda: diagnose(ELMAN, 3, loss=loss), "diagnose: batches: got 3, expected a list or another iterable"),
    "dependence": (lambda: diagnose(ELMAN, [X], loss=loss, dependence=-1), "dependence: got -1, expected a whole"),
    "sequences": (lambda: diagnose(ELMAN, [X], loss=loss, sequences=0), "sequences: got 0, expected a whole"),
    "most": (lambda: diagnose(ELMAN, [X], loss=loss, most_batches=0), "most_batches: got 0, expected a whole"),
    "empty batch": (lambda: diagnose(ELMAN, [X[:, :0]], loss=loss), "the first batch has no sequence"),
    "vector": (lambda: diagnose(ELMAN, [X], loss=lambda b: ELMAN(b)[0]), r"loss: got a tensor of shape \(5, 2, 4\)"),
    "float": (lambda: diagnose(ELMAN, [X], loss=lambda b: loss(b).item()), "loss: got float, expected one number"),
    "detached": (lambda: diagnose(ELMAN, [X], loss=lambda b: loss(b).detach()), "got a number without a gradient"),
    "curve": (lambda: curve("zz"), r"curve: got 'zz', expected the name of a state or gate: there are \['h'"),
    "no curve": (lambda: curve("h", ran=False), "no backward pass ran inside gradient_flow"),
    "flow": (lambda: gradient_flow(None), "gradient_flow: model: got None, expected a Module"),
    "updates": (lambda: update_sizes(3), "update_sizes: model: got 3, expected a Module"),
    # planning
    "lengths": (lambda: Workload(cell=LSTM, input_size=4, hidden_size=8, lengths=5), "lengths: got 5, expected"),
    "planned cell": (lambda: Workload(cell="LSTM", input_size=4, hidden_size=8, lengths=(5,)), CELL),
    "budget": (lambda: Budget(parameters="a"), f"Budget: parameters: got 'a', {WHOLE} or None"),
    "what": (lambda: Budget(parameters=9, kind="trainng"), "kind: .* expected one of .*; did you mean 'training'"),
    "no budget": (lambda: largest_hidden_size(WORKLOAD, budget=3), "budget: got 3, expected a Budget"),
    "no workload": (lambda: flops_of(LSTM), "flops_of: workload: got .*, expected a Workload"),
    "growth": (lambda: growth(3), "growth: workload: got 3, expected a Workload"),
    "threads": (lambda: calibration_for("2"), f"threads: got '2', {WHOLE} or None"),
}  # fmt: skip
"""What is tried -> the call, and the words expected."""


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_refused_in_words_of_ours(name: str) -> None:
    call, words = REFUSED[name]
    with pytest.raises(RecurraError, match=words) as caught:
        call()
    assert isinstance(caught.value, ValueError | TypeError)


@checked(InputError)
def taking(
    flag: bool = True,
    *,
    number: float = 0.0,
    several: Sequence[tuple[str, int]] = (),
    kind: Literal["mean", "last"] = "mean",
    named: Mapping[str, float] | None = None,
    function: Callable[[int], int] | None = None,
    anything: Any = None,
) -> str:
    """Return that all is well."""
    return "taken"


@pytest.mark.parametrize(
    "given",
    [
        {}, {"flag": np.bool_(True)}, {"number": 3}, {"number": np.float32(0.5)}, {"several": [("a", 1)]},
        {"several": (("a", np.int64(1)),)}, {"kind": "last"}, {"named": {"a": 1}}, {"named": None},
        {"function": abs}, {"anything": object()},
    ],
)  # fmt: skip
def test_what_is_right_is_taken(given: Mapping[str, Any]) -> None:
    assert taking(**given) == "taken"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"flag": 1}, "taking: flag: got 1, expected True or False"),
        ({"number": True}, "number: got True, expected a number"),
        ({"several": "ab"}, r"several: got 'ab', expected a list or tuple whose elements are each \(a text, a whole"),
        ({"several": [("a",)]}, "several: got"),
        ({"kind": "meen"}, r"kind: got 'meen', expected one of \['mean', 'last'\]; did you mean 'mean'\?"),
        ({"named": {"a": "b"}}, "named: got .*, expected a mapping from a text to a number or None"),
        ({"function": 3}, "function: got 3, expected a function or None"),
        ({"number": torch.zeros(2, 3)}, r"number: got Tensor of shape \(2, 3\), expected a number"),
    ],
)
def test_what_is_wrong_is_quoted(given: Mapping[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        taking(**given)


def test_a_wrong_call_is_pythons_error() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'flags'"):
        taking(flags=True)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("scheme", ["xavier", "he", "orthogonal", "identity", "uniform", "normal", 0.5])
def test_half_precision_is_drawn_in_single_and_rounded(dtype: torch.dtype, scheme: str | float) -> None:
    """The same numbers as in float32, each rounded."""
    torch.manual_seed(3)
    single = Recurrent(Elman, 3, 4, init={"W_*": scheme})
    torch.manual_seed(3)
    half = Recurrent(Elman, 3, 4, init={"W_*": scheme}, dtype=dtype)
    for name, value in single.named_parameters():
        assert torch.equal(half.get_parameter(name), value.to(dtype))
    assert torch.equal(half(X.to(dtype))[0], single.to(dtype)(X.to(dtype))[0])


def test_long_sequences_are_counted_and_not_laid_out() -> None:
    """Operations have a closed form; time and memory are worked out step by step, and that is said."""
    long = Workload(cell=Elman, input_size=3, hidden_size=5, lengths=(10**9,) * 2)
    assert flops_of(long)["forward"].products == 2 * 5 * (3 + 5) * 2 * 10**9
    with pytest.raises(InputError, match=r"a sequence of 1,000,000,000 steps; .* for 10,000,000 at most"):
        memory_of(long)


def test_values_of_one_name_have_short_names() -> None:
    """A loop over three thousand values: the primes of a name are counted from the fourth on."""

    @cell
    def Repeated(p, x, h):
        for _ in range(30):
            h = h + 0.5 * (x @ p.W)
        return h

    text = Repeated.equations()
    assert "h'3[t]" not in text
    assert "h'''[t] = " in text
    assert "h'4[t]  = " in text
    assert max(map(len, text.splitlines())) < 60
    assert r"h^{\prime 4}_{t}" in Repeated.equations(latex=True)


def test_a_stream_that_is_refused_leaves_the_layer_and_its_files(tmp_path: Path) -> None:
    state = CarriedState(LAYER(X)[1])
    state.save(tmp_path / "state")
    with pytest.raises(InputError):
        copy.deepcopy(LAYER.stream())
    assert torch.equal(CarriedState.load(tmp_path / "state")[0], state[0])
    with pytest.raises(CellError):
        zoneout(None, 0.1)

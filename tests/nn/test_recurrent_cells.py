"""`Recurrent` for every kind of cell: against a plain loop over the cell's own function, with autograd in float64."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
import torch
from cell_cases import further_inputs, layer_with
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from cell_kinds import CELL_OF_EACH_KIND
from recurra import Cell
from recurra.graph.node import width_of
from recurra.nn import Recurrent
from recurra.testing.runs import reference_run
from recurra.testing.tolerances import error_of, tolerance

INPUT_SIZE, HIDDEN_SIZE = 3, 5
every_kind = pytest.mark.parametrize("cell", CELL_OF_EACH_KIND.values(), ids=lambda c: c.name)
every_backend = pytest.mark.parametrize(
    "backend",
    ["torch", pytest.param("numpy", marks=pytest.mark.slow), "llvm"],  # `check_cell` runs NumPy, too
)
every_dtype = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)


def layer_of(cell: Cell, *, dtype: torch.dtype = torch.float64, **options: Any) -> Recurrent:
    """Return a layer with parameters that are all random, biases too."""
    layer = layer_with(cell, INPUT_SIZE, HIDDEN_SIZE, dtype=dtype, **options)
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(0.5 * torch.randn(parameter.shape, dtype=dtype, generator=generator))
    return layer


def input_of(layer: Recurrent, *shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
    generator = torch.Generator().manual_seed(sum(shape))
    return torch.randn(*shape, layer.input_size, dtype=dtype, generator=generator).requires_grad_()


def loop(layer: Recurrent, x: Tensor, further: dict[str, Tensor]) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Run one unbatched sequence (T, features) through all layers, step by step, by the function alone."""
    finals = []
    for number in range(layer.num_layers):
        sizes = {"input_size": x.shape[-1], "hidden_size": HIDDEN_SIZE, **layer.sizes}
        begins = layer.cell.initial_states(sizes)
        starts = [x.new_full((1, width_of(leaf, sizes)), begins.get(leaf.name, 0.0)) for leaf in layer.cell.step.states]
        outputs = []
        for suffix in ("", "_reverse")[: 1 + layer.bidirectional]:
            output, states = reference_run(
                layer.cell,
                {p.name: getattr(layer, f"{p.name}_l{number}{suffix}") for p in layer.cell.step.parameters},
                [x, *further.values()],
                starts,
                batch_sizes=[1] * len(x),
                sizes=sizes,
                reverse=suffix != "",
            )
            outputs.append(output)
            finals.append([state[0] for state in states])
        x = torch.cat(outputs, -1)
    return x, tuple(torch.stack(each) for each in zip(*finals, strict=True))


def expected_of(layer: Recurrent, x: Tensor, lengths: list[int]) -> list[Tensor]:
    """Return the outputs of each sequence of a batch, then each state as (layers * directions, sequences, size)."""
    further = further_inputs(layer, x)
    runs = [loop(layer, x[:n, k], {name: v[:n, k] for name, v in further.items()}) for k, n in enumerate(lengths)]
    return [*(output for output, _ in runs), *(torch.stack(s, 1) for s in zip(*(f for _, f in runs), strict=True))]


def found_of(layer: Recurrent, x: Tensor, lengths: list[int]) -> list[Tensor]:
    """Return the same of the layer's own run; sequences of different lengths are packed."""
    further, given = further_inputs(layer, x), x
    if len(set(lengths)) > 1:
        pack = partial(pack_padded_sequence, lengths=torch.tensor(lengths), enforce_sorted=False)
        given, further = pack(x), {name: pack(value) for name, value in further.items()}
    output, states = layer(given, inputs=further)
    if isinstance(output, PackedSequence):
        output, _ = pad_packed_sequence(output)
    states = states if isinstance(states, tuple) else (states,)
    return [*(output[:length, k] for k, length in enumerate(lengths)), *states]


def weighted(value: Tensor) -> Tensor:
    """Return a sum with fixed weights. A loss that is curved would be as wrong as a large state is rounded."""
    return (value * torch.arange(1.0, 1 + value.numel(), dtype=value.dtype).sin().view(value.shape)).sum()


def compare(layer: Recurrent, x: Tensor, lengths: list[int]) -> None:
    """Compare outputs, states, and the gradients of everything, with the plain loop in float64."""
    reference = Recurrent(
        layer.cell, layer.input_size, HIDDEN_SIZE, sizes=layer.sizes, num_layers=layer.num_layers,
        bidirectional=layer.bidirectional, dtype=torch.float64,
    )  # fmt: skip
    reference.load_state_dict(layer.state_dict())
    expected, found = expected_of(reference, x.double(), lengths), found_of(layer, x, lengths)
    results = []
    for values, owner in ((expected, reference), (found, layer)):
        loss = torch.stack([(k + 1) * weighted(v.double()) for k, v in enumerate(values)]).sum()
        results.append(torch.autograd.grad(loss, [x, *owner.parameters()]))
    allowed = tolerance(str(x.dtype).removeprefix("torch."))
    for a, b in zip(expected, found, strict=True):
        assert error_of(b.detach().numpy(), a.detach().numpy()) <= allowed.output
    names = ["input", *(name for name, _ in layer.named_parameters())]
    for name, a, b in zip(names, *results, strict=True):
        assert error_of(b.numpy(), a.numpy()) <= allowed.gradient, f"gradient of {name}"


@every_backend
@every_kind
@every_dtype
@pytest.mark.parametrize(("steps", "batch"), [(1, 4), (6, 3)])
def test_batched(cell: Cell, steps: int, batch: int, dtype: torch.dtype, backend: str) -> None:
    layer = layer_of(cell, dtype=dtype, backend=backend)
    compare(layer, input_of(layer, steps, batch, dtype=dtype), [steps] * batch)


@every_backend
@every_kind
def test_two_layers_in_both_directions(cell: Cell, backend: str) -> None:
    layer = layer_of(cell, num_layers=2, bidirectional=True, backend=backend)
    compare(layer, input_of(layer, 5, 2), [5, 5])


@every_backend
@every_kind
def test_ragged(cell: Cell, backend: str) -> None:
    """Sequences of different lengths, packed in no order."""
    layer = layer_of(cell, bidirectional=True, backend=backend)
    compare(layer, input_of(layer, 6, 4), [2, 6, 1, 4])


@every_kind
def test_batch_first_and_unbatched(cell: Cell) -> None:
    """Other layouts of the same numbers give the same results."""
    x = torch.randn(5, 2, INPUT_SIZE, dtype=torch.float64)
    steps_first, batch_first = layer_of(cell), layer_of(cell, batch_first=True)
    further = further_inputs(steps_first, x)
    output, states = steps_first(x, inputs=further)
    turned = {name: value.transpose(0, 1) for name, value in further.items()}
    transposed, same = batch_first(x.transpose(0, 1), inputs=turned)
    torch.testing.assert_close(transposed.transpose(0, 1), output)
    torch.testing.assert_close(same, states)
    alone, state = steps_first(x[:, 1], inputs={name: value[:, 1] for name, value in further.items()})
    torch.testing.assert_close(alone, output[:, 1])
    torch.testing.assert_close(state, tuple(s[:, 1] for s in states) if isinstance(states, tuple) else states[:, 1])


@every_kind
def test_without_biases(cell: Cell) -> None:
    """No parameter that is only added is left, and the layer is the full one with these at zero."""
    bare, full = layer_of(cell, bias=False), layer_of(cell)
    gone = set(dict(full.named_parameters())) - set(dict(bare.named_parameters()))
    assert bool(gone) == any(parameter.role == "bias" for parameter in cell.parameters)
    assert all(name.startswith("b_") or name == "b_l0" for name in gone)
    with torch.no_grad():
        for name, parameter in full.named_parameters():
            parameter.copy_(torch.zeros_like(parameter) if name in gone else dict(bare.named_parameters())[name])
    x = torch.randn(4, 2, INPUT_SIZE, dtype=torch.float64)
    further = further_inputs(full, x)
    torch.testing.assert_close(bare(x, inputs=further)[0], full(x, inputs=further)[0])


@every_kind
def test_a_batch_of_no_sequences(cell: Cell) -> None:
    layer, x = layer_of(cell), torch.zeros(4, 0, INPUT_SIZE, dtype=torch.float64)
    output, states = layer(x, inputs=further_inputs(layer, x))
    assert output.shape[:2] == (4, 0)
    assert (states[0] if isinstance(states, tuple) else states).shape[:2] == (1, 0)

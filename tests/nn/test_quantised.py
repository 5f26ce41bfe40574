"""Quantised layers: they compute with the numbers that they keep, these are near those of the layer, and no others."""

from __future__ import annotations

import copy
import io
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, prune
from torch.nn.utils.rnn import pack_sequence

from cell_kinds import CELL_OF_EACH_KIND
from recurra import cell, tanh
from recurra.cells import GRU as GRU_CELL
from recurra.cells import all_cells
from recurra.errors import InputError
from recurra.nn import GRU, LSTM, RNN, Quantised, Recurrent, Sequential, quantised
from recurra.testing.cases import numbers_for
from recurra.transforms import batch_norm, layer_norm, recurrent_dropout, residual, weight_drop, zoneout
from recurra.transforms.rewriting import product_nodes

KINDS = ("bfloat16", "int8")
TOLERANCE: dict[str, Any] = {"bfloat16": {"rtol": 1e-5, "atol": 1e-5}, "int8": {"rtol": 2e-4, "atol": 2e-4}}
"""Beside float32 with the same numbers: for few sequences and int8 weights, kernels round operands to 16 bits."""


def run(layer: nn.Module, x: Any, *args: Any, **options: Any) -> Any:
    with torch.inference_mode():
        return layer.eval()(x, *args, **options)


def widened(layer: Quantised, name: str) -> Tensor:
    """Return a matrix of a quantised layer in float32, (outputs, inputs)."""
    own, place, number = name.rpartition("_l")
    matrix = getattr(layer, f"{own}_{layer.weights}{place}{number}")
    scales = getattr(layer, f"{own}_scale{place}{number}", torch.ones(len(matrix)))
    return matrix.float() * scales[:, None]


def as_float(layer: Any, small: Quantised) -> Any:
    """Return a float32 layer with the numbers of a quantised one."""
    found = copy.deepcopy(layer)
    with torch.no_grad():
        for name, parameter in found.named_parameters():
            if hasattr(small, name):
                parameter.copy_(getattr(small, name))
            else:
                matrix = widened(small, name)
                parameter.copy_(matrix.T if isinstance(layer, Recurrent) else matrix)
    return found


LAYERS = {
    "LSTM": lambda: LSTM(13, 24),
    "LSTM, projected, both directions": lambda: LSTM(3, 10, 2, bidirectional=True, proj_size=5, batch_first=True),
    "LSTM without biases": lambda: LSTM(8, 16, bias=False),
    "GRU, two layers": lambda: GRU(5, 17, 2, dropout=0.5),
    "RNN, one input": lambda: RNN(1, 7, nonlinearity="relu"),
    "any cell, two inputs": lambda: Recurrent(GRU_CELL, 2, 33, bidirectional=True),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", LAYERS)
def test_it_computes_with_what_it_keeps(name: str, kind: str) -> None:
    torch.manual_seed(0)
    layer = LAYERS[name]()
    small = layer.quantised(kind)
    exact = as_float(layer, small)
    for steps, batch in ((1, 1), (3, 1), (40, 1), (5, 2), (9, 7), (6, 30)):
        x = torch.randn(*((batch, steps) if layer.batch_first else (steps, batch)), layer.input_size)
        for _ in range(3):  # the third call goes the short way
            torch.testing.assert_close(run(small, x), run(exact, x), **TOLERANCE[kind])


@pytest.mark.parametrize(
    "given",
    [pytest.param(c, id=c.name, marks=() if c.name in CELL_OF_EACH_KIND else pytest.mark.slow)
     for c in all_cells.values()],
)  # fmt: skip
def test_every_cell_is_quantised(given: Any) -> None:
    """The kernel's numbers are those of the eager loop with widened matrices, in sequences and streams."""
    torch.manual_seed(0)
    numbers = dict(numbers_for(given, {"hidden_size": 6}))
    input_size, hidden_size = numbers.pop("input_size"), numbers.pop("hidden_size", 6)
    layer = Recurrent(given, input_size, hidden_size, sizes=numbers)
    small = layer.quantised("int8")
    known = {"input_size": input_size, "hidden_size": hidden_size, **numbers}
    further = {}
    for leaf in given.further_inputs:
        size = known.get(leaf.shape[0], leaf.shape[0])
        further[leaf.name] = torch.rand(2, size) if leaf.name in given.step.per_sequence else torch.rand(7, 2, size)
    x, options = torch.randn(7, 2, input_size), {"inputs": further} if further else {}
    found = run(small, x, **options)
    small.backend = "torch"
    torch.testing.assert_close(found, run(small, x, **options), **TOLERANCE["int8"])
    small.backend = "auto"
    if not given.step.per_sequence:
        stream = small.stream(batch=2)
        steps = [stream.step(row, **{n: v[t] for n, v in further.items()}).clone() for t, row in enumerate(x)]
        torch.testing.assert_close(torch.stack(steps), found[0], **TOLERANCE["int8"])


@pytest.mark.parametrize("name", all_cells)
def test_all_that_products_multiply_by_is_kept_in_fewer_bits(name: str) -> None:
    """But where a matrix is read in another way too, as it is by none of the library's cells."""
    given = all_cells[name]
    numbers = dict(numbers_for(given, {"hidden_size": 6}))
    input_size, hidden_size = numbers.pop("input_size"), numbers.pop("hidden_size", 6)
    small = Recurrent(given, input_size, hidden_size, sizes=numbers).quantised("int8")
    assert small._is_uniform
    if not given.statistics:
        assert any(buffer.dtype == torch.int8 for buffer in small.buffers()) == bool(product_nodes(given.step))


BACKENDS = ("llvm", "torch", "numpy")


@pytest.mark.parametrize("kind", KINDS)
def test_backends_agree(kind: str) -> None:
    torch.manual_seed(0)
    small, x = LSTM(9, 12, 2).quantised(kind), torch.randn(8, 3, 9)
    found = []
    for backend in BACKENDS:
        small.backend = backend
        found.append(run(small, x)[0])
    for other in found[1:]:
        torch.testing.assert_close(other, found[0], **TOLERANCE[kind])


TRANSFORMED = {
    "layer norm": layer_norm(GRU_CELL),
    "residual": residual(GRU_CELL),
    "weight drop": weight_drop(GRU_CELL, 0.3),
    "zoneout": zoneout(GRU_CELL, 0.1),
    "recurrent dropout": recurrent_dropout(GRU_CELL, 0.2),
}


@pytest.mark.parametrize("name", TRANSFORMED)
def test_transforms_of_cells(name: str) -> None:
    torch.manual_seed(0)
    layer = Recurrent(TRANSFORMED[name], 8, 8)
    x = torch.randn(10, 2, 8)
    torch.testing.assert_close(run(layer.quantised("int8"), x)[0], run(layer, x)[0], rtol=0, atol=0.05)


def test_a_matrix_made_of_others_is_quantised_as_it_is_multiplied_by() -> None:
    @cell
    def Skew(p: Any, x: Any, h: Any) -> Any:
        return tanh(x @ p.W + h @ (p.A - p.A.T) + p.b)

    torch.manual_seed(0)
    layer = Recurrent(Skew, 3, 6)
    small = layer.quantised("int8")
    difference = (layer.A_l0 - layer.A_l0.T).detach()
    (made,) = [name for name, value in small.named_buffers() if value.dtype == torch.int8 and name != "W_int8_l0"]
    assert (widened(small, made.replace("_int8", "")).T - difference).abs().max() <= difference.abs().max() / 254 + 1e-6
    assert not any(name.startswith("A_") for name, _ in small.named_buffers())


def test_a_matrix_that_is_read_in_two_ways() -> None:
    @cell(sizes={"V": ("hidden_size", "hidden_size")})
    def Tied(p: Any, x: Any, h: Any) -> Any:
        return tanh(x @ p.W + h @ p.U + (h @ p.V) @ p.V.T + p.b)

    torch.manual_seed(0)
    layer, x = Recurrent(Tied, 4, 4), torch.randn(3, 2, 4)
    torch.testing.assert_close(run(layer.quantised("int8"), x)[0], run(layer, x)[0], rtol=0, atol=0.05)


# accuracy ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layer", [LSTM, GRU, RNN])
def test_outputs_are_near_those_of_float32(layer: Any, kind: str) -> None:
    """Of random layers, torch's initialisation, on 200 steps: within 2 % of the outputs' size, mostly far within."""
    torch.manual_seed(0)
    module, x = layer(32, 128), torch.randn(200, 2, 32)
    exact = run(module, x)[0]
    error = run(module.quantised(kind), x)[0] - exact
    assert error.square().mean().sqrt() < 0.02 * exact.square().mean().sqrt()
    assert error.abs().max() < 0.1 * exact.abs().max()


@pytest.mark.parametrize("scale", [1e-30, 1e-3, 1.0, 1e10])
def test_numbers_are_the_nearest(scale: float) -> None:
    torch.manual_seed(0)
    layer = LSTM(9, 4)
    with torch.no_grad():
        layer.weight_hh_l0.copy_(torch.randn(16, 4) * scale)
    small = layer.quantised("int8")
    largest = layer.weight_hh_l0.abs().amax(1)
    error = (widened(small, "weight_hh_l0") - layer.weight_hh_l0).abs().amax(1)
    assert (error <= largest / 254 * 1.0001).all()
    torch.testing.assert_close(small.weight_hh_scale_l0, (largest / 127).detach())
    assert torch.equal(layer.quantised("bfloat16").weight_hh_bfloat16_l0, layer.weight_hh_l0.bfloat16())


@pytest.mark.parametrize("least", [0.0, 1e-44, 1e-38])
def test_rows_of_zeros_and_of_next_to_nothing(least: float) -> None:
    torch.manual_seed(0)
    layer = GRU(3, 8)
    with torch.no_grad():
        layer.weight_hh_l0[2:5] = least
        layer.weight_ih_l0.fill_(least)
    for kind in KINDS:
        small, x = layer.quantised(kind), torch.randn(6, 1, 3)
        found = run(small, x)[0]
        assert found.isfinite().all()
        torch.testing.assert_close(found, run(as_float(layer, small), x)[0], **TOLERANCE[kind])
    assert not layer.quantised("int8").weight_hh_int8_l0[2:5].any() or least


def test_inputs_that_are_large_small_or_none() -> None:
    """Rounding is relative to a row's largest number; what cannot be rounded is multiplied as it is."""
    torch.manual_seed(0)
    layer = RNN(1200, 8, nonlinearity="relu")  # more inputs than are added up in whole numbers at once
    with torch.no_grad():
        layer.weight_ih_l0.copy_(layer.weight_ih_l0.abs().amax() * torch.randn(8, 1200).sign())
        layer.weight_hh_l0.zero_()
    small = layer.quantised("int8")
    exact = as_float(layer, small)
    assert (small.weight_ih_int8_l0.abs() == 127).all()
    signs = small.weight_ih_int8_l0[0].sign().float()
    for scale in (1e-38, 1e-20, 1.0, 1e6, 1e20):
        x = torch.stack([signs, signs.flip(0), torch.randn(1200)])[:, None] * scale
        for steps in (x[:1], x, x.expand(3, 40, 1200)):
            found, wanted = run(small, steps)[0], run(exact, steps)[0]
            torch.testing.assert_close(found, wanted, rtol=1e-4, atol=float(1e-4 * wanted.abs().max()))
    for wrong in (float("nan"), float("inf"), 1e35):
        x = torch.randn(6, 1, 1200)
        x[2, 0, 7] = wrong
        torch.testing.assert_close(run(small, x)[0], run(exact, x)[0], rtol=1e-3, atol=1e-3, equal_nan=True)
        stream = small.stream()
        steps = torch.stack([stream.step(row).clone() for row in x])
        torch.testing.assert_close(steps, run(exact, x)[0], rtol=1e-3, atol=1e-3, equal_nan=True)


def test_sequences_of_a_batch_are_rounded_by_themselves() -> None:
    torch.manual_seed(0)
    small, x = GRU(6, 16).quantised("int8"), torch.randn(5, 2, 6)
    alone = run(small, x[:, :1])[0]
    x[:, 1] *= 1e6
    torch.testing.assert_close(run(small, x)[0][:, :1], alone, rtol=1e-5, atol=1e-5)


# what a layer can ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_packed_resets_masks_and_every_state(kind: str) -> None:
    torch.manual_seed(0)
    layer = Recurrent(GRU_CELL, 4, 11, num_layers=2)
    small = layer.quantised(kind)
    exact = as_float(layer, small)
    packed = pack_sequence([torch.randn(n, 4) for n in (3, 6, 1)], enforce_sorted=False)
    torch.testing.assert_close(run(small, packed)[0].data, run(exact, packed)[0].data, **TOLERANCE[kind])
    x, flags = torch.randn(6, 3, 4), torch.rand(6, 3) < 0.4
    for options in ({"reset": flags}, {"mask": flags}, {"return_states": True}):
        for found, wanted in zip(run(small, x, **options), run(exact, x, **options), strict=True):
            torch.testing.assert_close(found, wanted, **TOLERANCE[kind])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch", [1, 3])
def test_streams_give_what_the_layer_gives(kind: str, batch: int) -> None:
    torch.manual_seed(0)
    model = quantised(Sequential(LSTM(3, 20, 2), nn.Linear(20, 5), nn.ReLU(), GRU(5, 9)), kind)
    x = torch.randn(9, batch, 3)
    stream = model.stream(batch=batch)
    steps = torch.stack([stream.step(row).clone() for row in x])
    torch.testing.assert_close(steps, run(model, x)[0], **TOLERANCE[kind])


def test_a_stream_notices_other_weights() -> None:
    torch.manual_seed(0)
    small, other = (LSTM(3, 8).quantised("int8") for _ in range(2))
    stream, x = small.stream(), np.ones(3, np.float32)
    stream.step(x)
    small.load_state_dict(other.state_dict())
    stream.reset()
    assert np.array_equal(stream.step(x), other.stream().step(x))


@pytest.mark.parametrize("kind", KINDS)
def test_saving_and_loading_give_the_same_bits(kind: str) -> None:
    torch.manual_seed(0)
    make = LAYERS["LSTM, projected, both directions"]
    first, second = make().quantised(kind), make().quantised(kind)
    assert [value.dtype for value in first.state_dict().values()].count(getattr(torch, kind)) == 12
    file = io.BytesIO()
    torch.save(first.state_dict(), file)
    file.seek(0)
    second.load_state_dict(torch.load(file, weights_only=True))
    x = torch.randn(2, 5, 3)
    assert torch.equal(run(first, x)[0], run(second, x)[0])
    assert torch.equal(run(copy.deepcopy(first), x)[0], run(second, x)[0])


def test_it_takes_a_quarter_or_half_of_the_memory() -> None:
    layer = LSTM(256, 256)

    def taken(module: nn.Module) -> int:
        return sum(value.numel() * value.element_size() for value in module.state_dict().values())

    assert taken(layer.quantised("int8")) < 0.27 * taken(layer)
    assert taken(layer.quantised("bfloat16")) < 0.51 * taken(layer)


def test_weights_that_are_computed() -> None:
    """Those of a parametrisation and of pruning are quantised as they are now."""
    torch.manual_seed(0)
    normed = parametrizations.weight_norm(LSTM(3, 8), "weight_hh_l0")
    pruned = prune.l1_unstructured(LSTM(3, 8), "weight_hh_l0", amount=0.5)
    for layer in (normed, pruned):
        exact = layer.weight_hh_l0.detach()
        small = layer.quantised("int8")
        assert (widened(small, "weight_hh_l0") - exact).abs().max() <= exact.abs().max() / 254 + 1e-6
    assert (small.weight_hh_int8_l0 == 0).float().mean() >= 0.5


def test_a_module_with_layers_in_it() -> None:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = nn.ModuleDict({"first": GRU(4, 6)})
            self.shared = self.encoder["first"]
            self.head = nn.Linear(6, 2)

        def forward(self, x: Tensor) -> Tensor:
            return self.head(self.shared(x)[0])

    model = Model()
    small = quantised(model, "int8")
    assert isinstance(small.encoder["first"], Quantised)
    assert small.shared is small.encoder["first"]
    assert isinstance(model.shared, GRU)
    x = torch.randn(5, 2, 4)
    torch.testing.assert_close(run(small, x), run(model, x), rtol=0, atol=0.05)
    assert isinstance(quantised(GRU(3, 4), "bfloat16"), Quantised)


def test_initial_states_and_fixed_arrays_come_along() -> None:
    @cell(initial={"h": "learnt", "c": 0.5}, fixed={"F": lambda hidden_size: np.eye(hidden_size)[::-1]})
    def Turning(p: Any, x: Any, h: Any, c: Any) -> Any:
        c = tanh(x @ p.W + c @ p.F + h @ p.U)
        return c * p.d, c

    torch.manual_seed(0)
    layer, x = Recurrent(Turning, 3, 8, num_layers=2), torch.randn(6, 2, 3)
    with torch.no_grad():
        layer.initial_h_l0.normal_()
        layer.initial_h_l1.normal_()
    small = layer.quantised("int8")
    assert small.F_int8_l1.dtype == torch.int8
    for options in ({}, {"reset": torch.rand(6, 2) < 0.4}):
        torch.testing.assert_close(run(small, x, **options)[0], run(layer, x, **options)[0], rtol=0, atol=0.05)
    stream = small.stream(batch=2)
    steps = torch.stack([stream.step(row).clone() for row in x])
    torch.testing.assert_close(steps, run(small, x)[0], **TOLERANCE["int8"])


def test_running_statistics_come_along() -> None:
    torch.manual_seed(0)
    layer, x = Recurrent(batch_norm(GRU_CELL, steps=5), 4, 6), torch.randn(5, 8, 4)
    layer(x)
    torch.testing.assert_close(run(layer.quantised("int8"), x)[0], run(layer, x)[0], rtol=0, atol=0.05)


# what is refused -----------------------------------------------------------------------------------------------------


def test_what_is_refused() -> None:
    layer = LSTM(3, 4)
    with pytest.raises(InputError, match=r"weights: got 'int4', expected one of \['bfloat16', 'int8'\]; did you mean"):
        layer.quantised("int4")
    with pytest.raises(InputError, match="weights"):
        layer.quantised(8)  # pyright: ignore[reportArgumentType]
    with pytest.raises(InputError, match=r"weight_ih_l0: got torch\.float64 on cpu"):
        LSTM(3, 4, dtype=torch.float64).quantised("int8")
    with pytest.raises(InputError, match="on meta"):
        LSTM(3, 4, device="meta").quantised("int8")
    with pytest.raises(InputError, match="is quantised, in int8"):
        layer.quantised("int8").quantised("int8")
    with pytest.raises(InputError, match="Linear has no recurrent layer"):
        quantised(nn.Linear(2, 3), "int8")


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["weight_hh_l0", "bias_ih_l0"])
def test_weights_that_are_not_finite(name: str, wrong: float) -> None:
    layer = LSTM(3, 4)
    with torch.no_grad():
        getattr(layer, name)[2] = wrong
    with pytest.raises(InputError, match=rf"{name}: \d+ of \d+ numbers are NaN or infinite"):
        layer.quantised("int8")


def test_weights_beyond_bfloat16() -> None:
    layer = LSTM(3, 4)
    with torch.no_grad():
        layer.weight_hh_l0[0, 0] = torch.finfo(torch.float32).max
    with pytest.raises(InputError, match=r"weight_hh_l0: its largest number, 3\.40282e\+38, is beyond"):
        layer.quantised("bfloat16")


@pytest.mark.parametrize("kind", KINDS)
def test_training_is_refused(kind: str) -> None:
    small, x = LSTM(3, 4).quantised(kind), torch.randn(5, 2, 3)
    assert not small.training
    assert not small.eval().training
    for refused in (small.train, lambda: nn.Sequential(small).train()):
        with pytest.raises(InputError, match=f"{kind}.* cannot train"):
            refused()
    for given in ((x.clone().requires_grad_(),), (x, (torch.zeros(1, 2, 4).requires_grad_(), torch.zeros(1, 2, 4)))):
        for _ in range(3):
            run(small, x)
            with pytest.raises(InputError, match="a quantised layer has no gradients"):
                small(*given)
        with torch.no_grad():
            small(*given)
    with pytest.raises(InputError, match="has no gradients"):
        small.requires_grad_()
    assert not small(x)[0].requires_grad
    assert not list(small.parameters())


@pytest.mark.parametrize("kind", KINDS)
def test_it_stays_float32_on_the_cpu(kind: str) -> None:
    small, x = LSTM(3, 4).quantised(kind), torch.randn(5, 2, 3)
    before = {name: value.clone() for name, value in small.state_dict().items()}
    for move in (
        lambda: small.double(),
        lambda: small.half(),
        lambda: small.bfloat16(),
        lambda: small.to("meta"),
        lambda: nn.Sequential(small).to(torch.float64),
    ):
        with pytest.raises(InputError, match="runs float32 on the CPU, and would be"):
            move()
    for _ in range(3):
        with pytest.raises(InputError, match=r"input: got torch\.float64, the layer has torch\.float32"):
            small(x.double())
        run(small, x)
    small.float().to("cpu")
    for name, value in small.state_dict().items():
        assert value.dtype == before[name].dtype
        assert torch.equal(value, before[name])


def test_a_state_of_another_kind_is_refused() -> None:
    small = LSTM(3, 4).quantised("int8")
    with pytest.raises(RuntimeError, match="Missing key"):
        small.load_state_dict(LSTM(3, 4).state_dict())
    small.weight_hh_int8_l0 = small.weight_hh_int8_l0.float()
    with pytest.raises(
        InputError, match=r"weight_hh_int8_l0: got torch\.float32 \(16, 4\) on cpu, expected torch\.int8"
    ):
        small(torch.randn(5, 2, 3))


def test_a_layer_and_its_quantised_one_do_not_load_each_other() -> None:
    """Square matrices too, which lie the other way round in it, and where only a part is asked for."""
    torch.manual_seed(0)
    layer = Recurrent(GRU_CELL, 8, 8)
    small, smaller = (layer.quantised(kind) for kind in ("bfloat16", "int8"))
    for into, given in ((small, layer), (smaller, layer), (small, smaller), (smaller, small)):
        for strict in (True, False):
            with pytest.raises(RuntimeError, match=rf"in another storage than {into.weights}: load it into a layer as"):
                nn.Sequential(into).load_state_dict(nn.Sequential(given).state_dict(), strict=strict)
    for given in (small, smaller):
        before = copy.deepcopy(layer.state_dict())
        with pytest.raises(RuntimeError, match="Missing key"):
            layer.load_state_dict(given.state_dict())
        layer.load_state_dict(given.state_dict(), strict=False)  # what they have in common: what is not quantised
        assert all(torch.equal(value, before[name]) for name, value in layer.state_dict().items())


def test_what_it_has_no_parameters_or_device_for() -> None:
    small = GRU(3, 4).quantised("bfloat16")
    with pytest.raises(InputError, match=r"has no parameters to draw anew: call reset_parameters\(\) of the layer"):
        small.reset_parameters()
    for move in (lambda: small.cuda(), lambda: small.to("cuda"), lambda: nn.Sequential(small).to("cuda")):
        with pytest.raises(InputError, match="a quantised layer runs float32 on the CPU"):
            move()


def test_an_infinite_input_touches_its_own_sequence_alone() -> None:
    """What follows in it is what the kept numbers give, of which some are zero; the rest is as if it stood alone."""
    torch.manual_seed(0)
    layer = LSTM(5, 16)
    small, x = layer.quantised("int8"), torch.randn(6, 2, 5)
    alone = run(small, x[:, :1])[0]
    x[2, 1, 4] = float("inf")
    found, expected = run(small, x)[0], run(as_float(layer, small), x)[0]
    torch.testing.assert_close(found[:, :1], alone, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-3, equal_nan=True)
    assert found[:2].isfinite().all()


def test_compiling_goes_around_it() -> None:
    small, x = GRU(3, 4).quantised("int8"), torch.randn(5, 2, 3)
    with torch.inference_mode():
        found = torch.compile(lambda x: small(x)[0] * 2, backend="eager")(x)
    torch.testing.assert_close(found, run(small, x)[0] * 2)

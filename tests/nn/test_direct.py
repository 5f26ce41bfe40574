"""Calls of shapes that came before: the same results and gradients as the first call, whatever changed in between."""

from __future__ import annotations

import copy
import io
import threading
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
import torch
from direct_cases import assert_same, dtype_of, flat, is_direct, outcome, packed
from torch import Tensor, nn
from torch.func import functional_call, vmap
from torch.nn.utils.rnn import PackedSequence, pack_sequence
from torch.overrides import TorchFunctionMode
from torch.utils.checkpoint import checkpoint

import recurra
from recurra import cell, normal, tanh
from recurra.backends import buffer_pool
from recurra.cells import SCRN, AntisymmetricRNN, MinGRU, PeepholeLSTM
from recurra.errors import InputError
from recurra.nn import GRU, LSTM, RNN, GRUCell, LSTMCell, Recurrent, RNNCell
from recurra.transforms import layer_norm, recurrent_dropout, weight_drop, zoneout

LAYERS: dict[str, Callable[[], Any]] = {
    "LSTM": lambda: LSTM(3, 4),
    "GRU without biases, batch first": lambda: GRU(3, 4, bias=False, batch_first=True),
    "RNN, batch first": lambda: RNN(3, 4, batch_first=True),
    "RNN in two layers, both directions": lambda: RNN(3, 4, num_layers=2, bidirectional=True),
    "LSTM, both directions, batch first": lambda: LSTM(3, 4, bidirectional=True, batch_first=True),
    "projected LSTM": lambda: LSTM(3, 4, proj_size=2, num_layers=2),
    "peepholes": lambda: Recurrent(PeepholeLSTM, 3, 4, num_layers=2, bidirectional=True),
    "an output that is a product": lambda: Recurrent(SCRN, 3, 4, sizes={"context_size": 2, "output_size": 5}),
    "minGRU": lambda: Recurrent(MinGRU, 3, 4),
    "layer norm": lambda: Recurrent(layer_norm(recurra.cells.LSTM), 3, 4, num_layers=2, bidirectional=True).double(),
    "weights less their transpose": lambda: Recurrent(AntisymmetricRNN, 3, 4, num_layers=2),
}


@cell
def Noisy(p, x, h):
    """An RNN with noise in its sum."""
    return tanh(x @ p.W + h @ p.U + 0.1 * normal(like=h))


DRAWING: dict[str, Callable[[], Any]] = {
    "dropout": lambda: LSTM(3, 4, num_layers=3, dropout=0.5),
    "dropout, both directions": lambda: GRU(3, 4, num_layers=2, dropout=0.3, bidirectional=True, batch_first=True),
    "everything dropped": lambda: RNN(3, 4, num_layers=2, dropout=1.0),
    "zoneout and dropout": lambda: Recurrent(
        zoneout(recurra.cells.LSTM, {"c": 0.5, "h": 0.05}), 3, 4, num_layers=2, dropout=0.2
    ),
    "normal noise": lambda: Recurrent(Noisy, 3, 4, num_layers=2, bidirectional=True),
    "recurrent dropout": lambda: Recurrent(recurrent_dropout(recurra.cells.GRU, 0.25), 3, 4, bidirectional=True),
    "dropped weights and dropout": lambda: Recurrent(
        weight_drop(recurra.cells.LSTM, 0.5), 3, 4, num_layers=2, dropout=0.5
    ).double(),
}
"""Layers that draw in training."""
CELLS: dict[str, Callable[[], Any]] = {
    "LSTMCell": lambda: LSTMCell(3, 4), "GRUCell": lambda: GRUCell(3, 4), "RNNCell": lambda: RNNCell(3, 4),
}  # fmt: skip


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
@pytest.mark.parametrize("unbatched", [False, True])
def test_a_later_call_gives_what_the_first_gave(make: Callable[[], Any], unbatched: bool) -> None:
    layer = make()
    x = torch.randn((5, 3) if unbatched else (5, 2, 3), dtype=dtype_of(layer), requires_grad=True)
    wanted = [x, *layer.parameters()]
    first = outcome(layer, x, wanted=wanted)
    assert not is_direct(layer)
    assert_same(outcome(layer, x, wanted=wanted), first)
    assert is_direct(layer)
    for _ in range(3):
        assert_same(outcome(layer, x, wanted=wanted), first)
    states = layer(x)[1]
    states = (states,) if isinstance(states, Tensor) else states
    given = tuple(torch.randn_like(each).requires_grad_() for each in states)
    hx = given if len(given) > 1 else given[0]
    first = outcome(layer, x, hx, wanted=[*given, *wanted])
    assert_same(outcome(layer, x, hx, wanted=[*given, *wanted]), first)
    with torch.no_grad():
        inference = flat(layer(x, hx))
        assert_same(flat(layer(x, hx)), inference)


LARGE: dict[str, Callable[[], Any]] = {
    "minGRU in two layers": lambda: Recurrent(MinGRU, 8, 6, num_layers=2, dropout=0.0),
    "LSTM, batch first": lambda: LSTM(8, 6, batch_first=True),
    "RNN, both directions, batch first": lambda: RNN(8, 6, num_layers=2, bidirectional=True, batch_first=True),
}


@pytest.mark.parametrize("make", LARGE.values(), ids=LARGE)
def test_large_memory_is_the_pools_and_nobody_elses(make: Callable[[], Any]) -> None:
    layer = make()
    x = torch.randn(240, 200, 8, requires_grad=True)  # 1.2 MB for each array of the width of a state
    wanted = [x, *layer.parameters()]
    first = outcome(layer, x, wanted=wanted)
    for _ in range(3):
        assert_same(outcome(layer, x, wanted=wanted), first)
    assert is_direct(layer)
    held = layer(x)[0]
    assert held.numel() * 4 >= buffer_pool.LEAST
    assert held.stride() == layer(x)[0].stride()
    held.mul_(0)  # its owner may write to it: the gradients are read from elsewhere
    found = torch.autograd.grad((held + layer(x)[0]).sum(), wanted)
    expected = torch.autograd.grad(layer(x)[0].sum(), wanted)
    assert_same(found, expected)


@pytest.mark.parametrize("make", CELLS.values(), ids=CELLS)
@pytest.mark.parametrize("batch", [(), (1,), (7,)])
def test_single_steps_are_those_of_torch(make: Callable[[], Any], batch: tuple[int, ...]) -> None:
    cell = make()
    other = getattr(nn, type(cell).__name__)(3, 4)
    other.load_state_dict(cell.state_dict())
    x, *given = (
        torch.randn(*batch, width, requires_grad=True) for width in (3, 4, 4)[: 2 + isinstance(cell, nn.LSTMCell)]
    )
    hx = tuple(given) if len(given) > 1 else given[0]
    expected = outcome(other, x, hx, wanted=[x, *given, *other.parameters()])
    for _ in range(3):
        torch.testing.assert_close(outcome(cell, x, hx, wanted=[x, *given, *cell.parameters()]), expected)
    assert is_direct(cell)
    torch.testing.assert_close(flat(cell(x)), flat(other(x)))
    torch.testing.assert_close(flat(cell(x)), flat(other(x)))


def test_what_changes_between_calls_is_seen() -> None:
    layer, x = LSTM(4, 4), torch.randn(3, 2, 4)

    def check() -> None:
        fresh = copy.deepcopy(layer)
        fresh.__dict__.pop("_direct", None)
        for _ in range(3):
            torch.testing.assert_close(layer(x.to(layer.weight_ih_l0.dtype)), fresh(x.to(layer.weight_ih_l0.dtype)))

    check()
    layer.load_state_dict(LSTM(4, 4).state_dict())
    check()
    layer.weight_hh_l0.data = layer.weight_hh_l0.data.t().contiguous().t()  # as it lies in memory, another matrix
    check()
    layer.weight_hh_l0 = nn.Parameter(torch.randn(16, 4))
    check()
    layer.double()
    check()
    layer.float().batch_first = True
    check()
    layer.backend = "torch"
    check()


def test_a_parameter_of_another_shape_is_refused_later_too() -> None:
    layer, x = GRU(3, 4), torch.randn(5, 2, 3)
    for _ in range(3):
        layer(x)
    layer.weight_hh_l0.data = layer.weight_hh_l0.data.view(4, 12)
    with pytest.raises(InputError, match=r"weight_hh_l0: got shape \(4, 12\), expected \(12, 4\)"):
        layer(x)
    with pytest.raises(InputError, match=r"torch.float64, the layer has torch.float32"):
        GRU(3, 4)(x.double())


@pytest.mark.parametrize("make", [lambda: LSTM(3, 4), lambda: GRU(3, 4), *CELLS.values()])
@pytest.mark.parametrize("wrong", [3, (3, 4), (None, None), "ab", {}, (torch.zeros(1),)], ids=str)
def test_states_that_are_none_are_refused_later_too(make: Callable[[], Any], wrong: Any) -> None:
    module = make()
    x = torch.randn((2, 3) if isinstance(module, nn.RNNCellBase) else (5, 2, 3))
    states = module(x) if isinstance(module, nn.RNNCellBase) else module(x)[1]
    for _ in range(3):
        module(x, states), module(x)
    with pytest.raises(InputError, match="initial state"):
        module(x, wrong)


def test_a_hook_may_give_tensors_that_lie_apart_in_memory() -> None:
    layer, x = GRU(3, 4), torch.randn(5, 2, 3)
    wanted = list(layer.parameters())
    first, *_ = (outcome(layer, x, wanted=wanted) for _ in range(3))

    def apart(tensor: Tensor) -> Tensor:
        return torch.stack([tensor, tensor], -1)[..., 0]

    with torch.autograd.graph.saved_tensors_hooks(apart, lambda tensor: tensor):
        assert_same(outcome(layer, x, wanted=wanted), first)


def test_some_gradients_alone() -> None:
    layer, x = LSTM(3, 4, num_layers=2), torch.randn(5, 2, 3)
    every = list(layer.parameters())
    expected = dict(zip(every, outcome(layer, x, wanted=every)[3:], strict=True))
    for some in (every[1:3], every[4:], every[:1], every[-1:]):
        for parameter in every:
            parameter.requires_grad_(any(parameter is each for each in some))
        for _ in range(3):
            assert_same(outcome(layer, x, wanted=some)[3:], [expected[each] for each in some])


def test_some_gradients_of_what_expressions_read() -> None:
    layer = LAYERS["layer norm"]()
    x, every = torch.randn(5, 2, 3, dtype=torch.float64), list(layer.parameters())
    expected = dict(zip(every, outcome(layer, x, wanted=every)[3:], strict=True))
    for some in (every[:1], every[3:7], every[-3:]):
        for parameter in every:
            parameter.requires_grad_(any(parameter is each for each in some))
        for _ in range(3):
            assert_same(outcome(layer, x, wanted=some)[3:], [expected[each] for each in some])
        assert is_direct(layer)


@cell(sizes={"scale": ("hidden_size",), "U": ("hidden_size", "hidden_size")})
def ReadTwice(p, x, h):
    """Weights that are read as they are too, and a vector that expressions read."""
    return tanh(x @ p.W + x @ (p.W * p.scale) + h @ (p.U * p.scale - 0.5 * p.U) + h @ p.U)


def test_parameters_that_are_read_in_several_places() -> None:
    layer = Recurrent(ReadTwice, 3, 4).double()
    x = torch.randn(5, 2, 3, dtype=torch.float64, requires_grad=True)
    wanted = [x, *layer.parameters()]
    first = outcome(layer, x, wanted=wanted)
    for _ in range(3):
        assert_same(outcome(layer, x, wanted=wanted), first)
    assert is_direct(layer)
    assert torch.autograd.gradcheck(lambda x: layer(x)[0], x)
    assert torch.autograd.gradgradcheck(lambda x: layer(x)[0], x)


def test_the_input_alone() -> None:
    layer, x = GRU(3, 4), torch.randn(5, 2, 3, requires_grad=True)
    first = outcome(layer, x, wanted=[x])
    layer.requires_grad_(False)
    for _ in range(3):
        assert_same(outcome(layer, x, wanted=[x]), first)


@pytest.mark.parametrize("make", [*LAYERS.values(), *CELLS.values()], ids=[*LAYERS, *CELLS])
def test_higher_derivatives(make: Callable[[], Any]) -> None:
    module = make().double()
    shape = (2, 3) if isinstance(module, nn.RNNCellBase) else (3, 2, 3)
    x = torch.randn(shape, dtype=torch.float64, requires_grad=True)
    flat(module(x))[0].sum().backward()
    assert torch.autograd.gradcheck(lambda x: flat(module(x))[0], x)
    assert torch.autograd.gradgradcheck(lambda x: flat(module(x))[0], x)


def test_who_writes_to_an_output_does_not_write_to_the_tape() -> None:
    layer, x = RNN(3, 4), torch.randn(5, 2, 3)

    def gradients(change: Callable[[Tensor], Tensor]) -> tuple[Tensor, ...]:
        output, _ = layer(x)
        return torch.autograd.grad(change(output).sum(), layer.parameters())

    expected = gradients(torch.relu)
    for _ in range(3):
        assert_same(gradients(torch.relu_), expected)
    changed = x.clone()
    output, _ = layer(changed)
    changed.zero_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        output.sum().backward()


@pytest.mark.parametrize("make", CELLS.values(), ids=CELLS)
def test_who_writes_to_the_states_of_a_cell_does_not_write_to_its_tape(make: Callable[[], Any]) -> None:
    cell, x = make(), torch.randn(5, 3)

    def gradients(change: Callable[[Tensor], Tensor]) -> tuple[Tensor, ...]:
        return torch.autograd.grad([change(each).sum() for each in flat(cell(x))], [*cell.parameters()])

    expected = gradients(torch.relu)
    for _ in range(3):
        assert_same(gradients(torch.relu_), expected)
    assert is_direct(cell)
    loss = sum(map(torch.relu, flat(cell(x)))).sum()
    with torch.autocast("cpu", dtype=torch.bfloat16):  # of which torch's guard knows, and which changes no gradient
        assert_same(torch.autograd.grad(loss, [*cell.parameters()]), expected)


def test_batched_gradients_and_transforms() -> None:
    layer, x = GRU(3, 4), torch.randn(5, 2, 3, requires_grad=True)
    output, _ = layer(x)
    output, _ = layer(x)
    basis = torch.eye(output.numel()).view(-1, *output.shape)
    rows = torch.autograd.grad(output, x, basis, is_grads_batched=True, retain_graph=True)[0]
    one_by_one = torch.stack([torch.autograd.grad(output, x, each, retain_graph=True)[0] for each in basis])
    torch.testing.assert_close(rows, one_by_one)
    parameters = dict(layer.named_parameters())
    many = vmap(lambda x: functional_call(layer, parameters, (x,))[0])(torch.stack([x, x]))
    torch.testing.assert_close(many[0], output)


def test_saved_tensors_may_be_kept_elsewhere() -> None:
    layer, x = LSTM(3, 4), torch.randn(5, 2, 3)
    first = outcome(layer, x, wanted=list(layer.parameters()))
    with torch.autograd.graph.save_on_cpu():
        assert_same(outcome(layer, x, wanted=list(layer.parameters())), first)
    with torch.autograd.graph.saved_tensors_hooks(lambda t: t.clone(), lambda t: t):
        assert_same(outcome(layer, x, wanted=list(layer.parameters())), first)


@pytest.mark.parametrize("make", [LAYERS["LSTM"], LAYERS["peepholes"], CELLS["GRUCell"]])
def test_copies_and_files_carry_no_machine_code(make: Callable[[], Any]) -> None:
    module = make()
    x = torch.randn((2, 3) if isinstance(module, nn.RNNCellBase) else (5, 2, 3))
    first = flat(module(x))
    file = io.BytesIO()
    torch.save(module, file)
    file.seek(0)
    for other in (copy.deepcopy(module), torch.load(file, weights_only=False)):
        for _ in range(3):
            assert_same(flat(other(x)), first)


def test_many_threads_at_once() -> None:
    layer = LSTM(3, 4, num_layers=2, bidirectional=True)
    inputs = [torch.randn(6, 3, 3) for _ in range(8)]
    wanted = list(layer.parameters())
    expected = [outcome(layer, x, wanted=wanted) for x in inputs]
    wrong: list[int] = []

    def work(number: int) -> None:
        for _ in range(50):
            found = outcome(layer, inputs[number], wanted=wanted)
            if not all(map(torch.equal, found, expected[number])):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(inputs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_many_shapes_are_not_kept_for_ever() -> None:
    layer = GRU(1, 2)
    for steps in range(1, 300):
        layer(torch.randn(steps, 1, 1))
    assert len(layer._direct._known) == 256


def test_dropout_between_layers_is_drawn_at_every_call() -> None:
    layer, x = LSTM(3, 40, num_layers=2, dropout=0.5), torch.randn(4, 2, 3)
    first, second, third = (layer(x)[0] for _ in range(3))
    assert is_direct(layer)
    assert not torch.equal(first, second)
    assert not torch.equal(second, third)
    layer.eval()
    assert_same([layer(x)[0]], [layer(x)[0]])


@pytest.mark.parametrize("make", DRAWING.values(), ids=DRAWING)
def test_what_is_drawn_is_the_same_for_a_seed(make: Callable[[], Any]) -> None:
    layer = make()
    x = torch.randn(4, 2, 3, dtype=dtype_of(layer), requires_grad=True)
    wanted = [x, *layer.parameters()]

    def drawn(number: int) -> list[Tensor]:
        torch.manual_seed(number)
        found = outcome(layer, x, wanted=wanted)
        with torch.no_grad():
            return [*found, *flat(layer(x)), torch.rand(3)]  # the generator is where it was, too

    first = drawn(1)
    for _ in range(3):
        assert_same(drawn(1), first)
    assert is_direct(layer)
    assert is_direct(layer, is_taped=False)
    if layer.dropout < 1:
        assert not torch.equal(drawn(2)[0], first[0])


@pytest.mark.parametrize("make", DRAWING.values(), ids=DRAWING)
def test_higher_derivatives_of_what_is_drawn(make: Callable[[], Any]) -> None:
    layer = make().double()
    x = torch.randn(3, 2, 3, dtype=torch.float64, requires_grad=True)

    def function(x: Tensor) -> Tensor:
        torch.manual_seed(5)
        return layer(x)[0]

    function(x), function(x)
    assert is_direct(layer)
    assert torch.autograd.gradcheck(function, x)
    assert torch.autograd.gradgradcheck(function, x)


def test_what_is_drawn_is_drawn_again_by_a_checkpoint() -> None:
    layer, x = DRAWING["zoneout and dropout"](), torch.randn(4, 2, 3, requires_grad=True)
    wanted = [x, *layer.parameters()]
    found = []
    for run in (layer, layer, layer, lambda x: checkpoint(layer, x, use_reentrant=False)):
        torch.manual_seed(1)
        found.append(torch.autograd.grad(run(x)[0].square().sum(), wanted))
    assert_same(found[-1], found[0])


def test_a_hook_may_keep_masks_elsewhere() -> None:
    layer, x = DRAWING["dropout"](), torch.randn(4, 2, 3)
    wanted, found = [*layer.parameters()], []
    for hooks in (nullcontext(), nullcontext(), torch.autograd.graph.save_on_cpu()):
        torch.manual_seed(1)
        with hooks:
            found.append(outcome(layer, x, wanted=wanted))
    assert_same(found[-1], found[0])


def test_freed_memory_of_what_expressions_read_is_refused() -> None:
    for name in ("layer norm", "weights less their transpose"):
        layer = LAYERS[name]()
        x = torch.randn(5, 2, 3, dtype=dtype_of(layer))
        for _ in range(3):
            layer(x)
        next(layer.parameters()).data.untyped_storage().resize_(0)
        with pytest.raises(InputError, match="memory"):
            layer(x)


# packed batches ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS)
@pytest.mark.parametrize("lengths", [(2, 5, 3), (4, 4, 1), (3,)])
def test_packed_batches(make: Callable[[], Any], lengths: tuple[int, ...]) -> None:
    layer = make()
    x = packed(*lengths, dtype=dtype_of(layer))
    x.data.requires_grad_()
    wanted = [x.data, *layer.parameters()]
    first = outcome(layer, x, wanted=wanted)
    for _ in range(3):
        assert_same(outcome(layer, x, wanted=wanted), first)
    assert is_direct(layer)
    states = layer(x)[1]
    given = tuple(
        torch.randn_like(each).requires_grad_() for each in ((states,) if isinstance(states, Tensor) else states)
    )
    hx = given if len(given) > 1 else given[0]
    first = outcome(layer, x, hx, wanted=[*given, *wanted])
    for _ in range(3):
        assert_same(outcome(layer, x, hx, wanted=[*given, *wanted]), first)
    with torch.no_grad():
        inference = flat(layer(x, hx))
        for _ in range(3):
            assert_same(flat(layer(x, hx)), inference)


def test_batches_with_as_many_rows_are_told_apart() -> None:
    layer, other = GRU(3, 4), GRU(3, 4)
    other.load_state_dict(layer.state_dict())
    rows = torch.randn(6, 3)
    batches: list[Any] = [
        rows, *(PackedSequence(rows, torch.tensor(sizes)) for sizes in ([3, 2, 1], [2, 2, 2], [1] * 6, [6], [3, 3])),
    ]  # fmt: skip
    for _ in range(4):
        for batch in batches:
            other.__dict__.pop("_direct", None)
            assert_same(flat(layer(batch)), flat(other(batch)))


def test_the_order_of_a_packed_batch_is_that_of_the_call() -> None:
    layer, (a, b) = GRU(3, 4), (torch.randn(4, 3), torch.randn(4, 3))
    one, other = (pack_sequence([*each], enforce_sorted=False) for each in ((a, b), (b, a)))
    swapped = PackedSequence(one.data, one.batch_sizes, torch.tensor([1, 0]), torch.tensor([1, 0]))
    hx = torch.randn(1, 2, 4)
    for _ in range(4):
        torch.testing.assert_close(layer(one)[1].flip(1), layer(other)[1])
        torch.testing.assert_close(layer(swapped)[1].flip(1), layer(one)[1])
        torch.testing.assert_close(layer(swapped, hx)[1].flip(1), layer(one, hx.flip(1))[1])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda x: PackedSequence(x.data[:-1], x.batch_sizes), "add up to"),
        (lambda x: PackedSequence(x.data, x.batch_sizes.flip(0)), "never rise"),
        (lambda x: PackedSequence(x.data, x.batch_sizes.int()), "int64"),
        (lambda x: PackedSequence(x.data, x.batch_sizes, torch.tensor([0]), torch.tensor([0])), "an order of shape"),
        (lambda x: PackedSequence(x.data[:, :2], x.batch_sizes), "features"),
        (lambda x: PackedSequence(x.data.double(), x.batch_sizes), "float64"),
    ],
)
def test_packed_batches_that_do_not_fit_are_refused_later_too(
    change: Callable[[PackedSequence], PackedSequence], words: str
) -> None:
    layer, x = GRU(3, 4), packed(5, 3, 2, is_sorted=True)
    for _ in range(4):
        layer(x)
    with pytest.raises(InputError, match=words):
        layer(change(x))


def test_higher_derivatives_of_packed_batches() -> None:
    layer, x = LSTM(3, 4, num_layers=2, dropout=0.5).double(), packed(2, 4, 3)

    def function(rows: Tensor) -> Tensor:
        torch.manual_seed(2)
        return torch.cat([each.flatten() for each in flat(layer(x._replace(data=rows)))])

    rows = x.data.double().requires_grad_()
    function(rows), function(rows)
    assert is_direct(layer)
    assert torch.autograd.gradcheck(function, rows)
    assert torch.autograd.gradgradcheck(function, rows)


# modes -------------------------------------------------------------------------------------------------------------


class Counting(TorchFunctionMode):
    """Counts the functions of torch that are called."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.names.append(getattr(func, "__name__", ""))
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("make", [*LAYERS.values(), *CELLS.values()], ids=[*LAYERS, *CELLS])
def test_a_default_device_changes_nothing(make: Callable[[], Any]) -> None:
    module = make()
    shape = (2, 3) if isinstance(module, nn.RNNCellBase) else (5, 2, 3)
    x = torch.randn(shape, dtype=dtype_of(module), requires_grad=True)
    wanted = [x, *module.parameters()]
    first = outcome(module, x, wanted=wanted)
    for device in ("cpu", "meta"):
        other = make()
        other.load_state_dict(module.state_dict())
        mine = [x, *other.parameters()]
        with torch.device(device):
            outputs = [flat(other(x)) for _ in range(3)]
            assert is_direct(other)
            found = torch.autograd.grad([each.sum() for each in outputs[-1]], mine)
        assert_same(outputs[-1], first[: len(outputs[-1])])
        expected = torch.autograd.grad([each.sum() for each in flat(module(x))], wanted)
        assert_same(found, expected)


def test_who_looks_on_sees_the_operations_of_the_other_way() -> None:
    layer, x = GRU(3, 4), torch.randn(5, 2, 3)
    expected = [layer(x) for _ in range(3)][-1]
    with torch.device("cpu"), Counting() as counting:
        found = layer(x)
    torch.testing.assert_close(found, expected)
    assert counting.names

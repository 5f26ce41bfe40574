"""`recurra.nn.RNN`, `LSTM` and `GRU` against torch.nn's: outputs, final states and every gradient, for every option."""

from __future__ import annotations

import itertools

import pytest
import torch
from nn_cases import HIDDEN_SIZE, INPUT_SIZE, KINDS, differences, everything, initial_state, pair, sequences
from torch import nn
from torch.nn.utils.rnn import PackedSequence

import recurra.nn
from recurra.testing.tolerances import error_of

pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections is not supported with oneDNN")  # torch's own
BACKENDS = ("torch", pytest.param("numpy", marks=pytest.mark.slow), "llvm")  # `check_cell` runs NumPy, too
every_kind = pytest.mark.parametrize("kind", KINDS)
every_backend = pytest.mark.parametrize("backend", BACKENDS)
SWITCHES = [
    dict(zip(("bias", "bidirectional"), each, strict=True)) for each in itertools.product((True, False), repeat=2)
]


@every_backend
@every_kind
@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize("batch_first", [False, True])
def test_all_forms_of_input_and_state(kind: str, num_layers: int, batch_first: bool, backend: str) -> None:
    """With and without bias, one and both directions; batched, unbatched, packed; state given and not."""
    problems = []
    for switches in SWITCHES:
        theirs, ours = pair(kind, backend=backend, num_layers=num_layers, batch_first=batch_first, **switches)
        for form, given in sequences(batch_first=batch_first).items():
            for hx in (None, initial_state(theirs, given)):
                where = f"{switches}, {form}, {'default' if hx is None else 'given'} state"
                problems += [f"{where}: {found}" for found in differences(theirs, ours, given, hx)]
    assert not problems, "\n".join(problems)


@every_backend
@every_kind
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize(("input_size", "hidden_size"), [(1, 4), (7, 3), (13, 17), (16, 8)])
def test_both_dtypes_and_odd_sizes(
    kind: str, input_size: int, hidden_size: int, dtype: torch.dtype, backend: str
) -> None:
    """Widths that are no multiple of a vector's, and one feature."""
    sizes = {"input_size": input_size, "hidden_size": hidden_size, "dtype": dtype}
    theirs, ours = pair(kind, backend=backend, num_layers=2, bidirectional=True, **sizes)
    for form, given in sequences(batch_first=False, dtype=dtype, width=input_size).items():
        problems = list(differences(theirs, ours, given, initial_state(theirs, given)))
        assert not problems, f"{form}: {problems}"


@every_backend
@every_kind
def test_a_long_sequence(kind: str, backend: str) -> None:
    """Two hundred steps: what is carried does not drift away."""
    theirs, ours = pair(kind, backend=backend)
    x = torch.randn(200, 2, INPUT_SIZE, dtype=torch.float64).requires_grad_()
    assert not list(differences(theirs, ours, x))


@every_backend
@every_kind
@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("grad", [True, False])
def test_training_and_inference_give_the_same(kind: str, training: bool, grad: bool, backend: str) -> None:
    """In train and eval mode, with and without gradients: same values, and a gradient only where it is wanted."""
    theirs, ours = pair(kind, backend=backend, num_layers=2)
    x = sequences(batch_first=False)["batched"]
    with torch.set_grad_enabled(grad):
        output, _ = ours.train(training)(x)
        expected, _ = theirs(x)
    assert output.requires_grad == grad
    assert error_of(output.detach().numpy(), expected.detach().numpy()) < 1e-12
    with torch.inference_mode():
        again, _ = ours(x)
    assert torch.equal(again, output)


@every_kind
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("batch_first", [False, True])
def test_a_batch_of_no_sequences(kind: str, bidirectional: bool, batch_first: bool) -> None:
    """Shapes are torch's, gradients of the parameters are zero."""
    theirs, ours = pair(kind, num_layers=2, bidirectional=bidirectional, batch_first=batch_first)
    x = torch.zeros((0, 6, INPUT_SIZE) if batch_first else (6, 0, INPUT_SIZE), dtype=torch.float64, requires_grad=True)
    expected, found = theirs(x), ours(x)
    assert expected[0].shape == found[0].shape
    hs = [state if isinstance(state, tuple) else (state,) for state in (expected[1], found[1])]
    assert [h.shape for h in hs[0]] == [h.shape for h in hs[1]]
    found[0].sum().backward()
    assert x.grad is not None
    assert x.grad.shape == x.shape
    assert all(not p.grad.any() for p in ours.parameters())


@every_kind
def test_an_output_keeps_the_order_of_an_unsorted_packed_sequence(kind: str) -> None:
    """The PackedSequence that comes out has the indices of the one that went in."""
    theirs, ours = pair(kind)
    given = sequences(batch_first=False)["packed"]
    expected, found = theirs(given)[0], ours(given)[0]
    assert isinstance(found, PackedSequence)
    for a, b in zip(expected[1:], found[1:], strict=True):
        assert torch.equal(a, b)


@every_kind
@pytest.mark.parametrize("options", [{}, {"num_layers": 2, "bidirectional": True}, {"bias": False}], ids=str)
def test_state_dicts_go_both_ways(kind: str, options: dict[str, object]) -> None:
    """Same keys in the same order, same shapes, strict loading in both directions, and the same bits after it."""
    theirs, ours = pair(kind, **options)
    name, further = KINDS[kind]
    fresh = {"dtype": torch.float64, **options, **further}
    their_copy = getattr(nn, name)(INPUT_SIZE, HIDDEN_SIZE, **fresh)
    our_copy = getattr(recurra.nn, name)(INPUT_SIZE, HIDDEN_SIZE, **fresh)
    assert list(theirs.state_dict()) == list(our_copy.state_dict())
    their_copy.load_state_dict(ours.state_dict())
    our_copy.load_state_dict(their_copy.state_dict())
    for key, value in theirs.state_dict().items():
        assert torch.equal(our_copy.state_dict()[key], value)
    x = sequences(batch_first=False)["batched"]
    assert torch.equal(our_copy(x)[0], ours(x)[0])


@every_kind
def test_the_same_seed_gives_the_same_parameters_as_torch(kind: str) -> None:
    """torch's own initialisation, drawn in torch's order."""
    name, further = KINDS[kind]
    layers = []
    for module in (nn, recurra.nn):
        torch.manual_seed(7)
        layers.append(getattr(module, name)(INPUT_SIZE, HIDDEN_SIZE, 2, bidirectional=True, **further))
    for a, b in zip(*(layer.parameters() for layer in layers), strict=True):
        assert torch.equal(a, b)


@every_kind
def test_our_layers_are_torchs(kind: str) -> None:
    """`isinstance` holds, and so do the attributes and the printed form."""
    theirs, ours = pair(kind, num_layers=2, bidirectional=True)
    assert isinstance(ours, type(theirs))
    assert repr(ours) == repr(theirs)
    assert ours.all_weights is not None
    assert [len(weights) for weights in ours.all_weights] == [len(weights) for weights in theirs.all_weights]
    ours.flatten_parameters()


def test_the_comparison_can_fail() -> None:
    """A swapped gate, a scaled weight and a lost bias are each seen by the comparison that these tests make."""
    theirs, ours = pair("LSTM")
    x = sequences(batch_first=False)["batched"]
    assert not list(differences(theirs, ours, x))
    with torch.no_grad():
        i, f, g, o = theirs.weight_ih_l0.split(HIDDEN_SIZE)
        ours.weight_ih_l0.copy_(torch.cat([f, i, g, o]))
    assert list(differences(theirs, ours, x))
    theirs, ours = pair("GRU")
    with torch.no_grad():
        ours.bias_hh_l0.mul_(1.001)
    assert list(differences(theirs, ours, x))
    assert dict(everything(theirs, x))["gradient of bias_hh_l0"].any()

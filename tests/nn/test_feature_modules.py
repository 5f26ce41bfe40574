"""Layers as modules: compiled, copied, pickled, moved, in threads, under autocast, and what they say of themselves."""

from __future__ import annotations

import copy
import io
import pickle
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from feature_cases import draw, every_backend, every_layer, gradients_of, loss_of, make
from torch import nn

import recurra.nn
from recurra.errors import BackendError, InputError

X = draw(5, 2, 3)


class Model(nn.Module):
    """A layer between two linear ones, as in a person's model."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.before = nn.Linear(3, 3, dtype=torch.float64)
        self.layer = layer
        self.after = nn.Linear(4, 2, dtype=torch.float64)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        output, _ = self.layer(torch.tanh(self.before(x)))
        return self.after(output).square().mean()


@pytest.mark.filterwarnings("ignore:The .grad attribute of a Tensor that is not a leaf")  # dynamo's, which it hides
@every_backend
@every_layer
def test_compile(kind: str, backend: str) -> None:
    """A compiled model gives what it gives eagerly, forward and backward; the loop is one opaque call in it."""
    model = Model(make(kind, backend=backend))
    torch._dynamo.reset()
    compiled = torch.compile(model, backend="aot_eager")
    expected, found = model(X), compiled(X)
    torch.testing.assert_close(found, expected)
    parameters = list(model.parameters())
    for a, b in zip(torch.autograd.grad(found, parameters), torch.autograd.grad(expected, parameters), strict=True):
        torch.testing.assert_close(a, b)
    longer = draw(9, 4, 3)
    torch.testing.assert_close(compiled(longer), model(longer))


@every_backend
@every_layer
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_autocast(kind: str, dtype: torch.dtype, backend: str) -> None:
    """Under autocast the layer computes in float32, whatever arrives."""
    layer = make(kind, backend=backend, dtype=torch.float32)
    x = draw(5, 2, 3).to(dtype)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        output, _ = layer(x)
        loss = loss_of(layer, x)
    expected, _ = layer(x.float())
    assert output.dtype == torch.float32
    assert torch.equal(output, expected)
    gradients = torch.autograd.grad(loss, list(layer.parameters()))
    assert all(gradient.dtype == torch.float32 for gradient in gradients)


@every_layer
def test_autocast_after_a_linear_layer(kind: str) -> None:
    """A bfloat16 activation of a layer before it is taken, and gradients flow back through it."""
    model = Model(make(kind)).float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = model(X.float())
    loss.backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())


COPIES = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda layer: pickle.loads(pickle.dumps(layer)),
    "torch.save": lambda layer: _saved(layer),
}


def _saved(layer: nn.Module) -> nn.Module:
    file = io.BytesIO()
    torch.save(layer, file)
    file.seek(0)
    return torch.load(file, weights_only=False)


@every_backend
@every_layer
@pytest.mark.parametrize("way", COPIES)
def test_copies(kind: str, way: str, backend: str) -> None:
    """A copy computes the same, keeps its options, and shares no parameter."""
    layer = make(kind, num_layers=2, bidirectional=True, backend=backend)
    before = loss_of(layer, X).item()
    twin = COPIES[way](layer)
    assert loss_of(twin, X).item() == before
    assert twin.explain() == layer.explain()
    with torch.no_grad():
        for parameter in twin.parameters():
            parameter.zero_()
    assert loss_of(layer, X).item() == before


@every_layer
def test_a_copy_of_a_module_that_has_run(kind: str) -> None:
    """Nothing of a run stays in the module that could not be copied."""
    layer = make(kind)
    loss_of(layer, X).backward()
    torch.testing.assert_close(copy.deepcopy(layer)(X)[0], layer(X)[0])


@every_backend
@every_layer
def test_moving_to_another_dtype(kind: str, backend: str) -> None:
    layer = make(kind, backend=backend)
    double = layer(X)[0]
    single = layer.to(torch.float32)(X.float())[0]
    assert single.dtype == torch.float32
    torch.testing.assert_close(single.double(), double, atol=1e-5, rtol=1e-5)


@every_layer
def test_half_precision_runs_on_the_eager_loop(kind: str) -> None:
    """Any dtype there; a kernel refuses it by name and says what can."""
    layer = make(kind).to(torch.bfloat16)
    assert layer(X.to(torch.bfloat16))[0].dtype == torch.bfloat16
    assert layer.explain().backend == "torch"
    layer.backend = "numpy"
    with pytest.raises(BackendError, match=r"runs float32 and float64 on the CPU, got torch.bfloat16 .*'torch' can"):
        layer(X.to(torch.bfloat16))


@every_layer
def test_meta_tensors_give_shapes(kind: str) -> None:
    """A layer made on the meta device costs no memory and still knows its shapes."""
    for dtype in (torch.float64, torch.float32, torch.bfloat16):
        layer = make(kind, device="meta", dtype=dtype)
        output, _ = layer(X.to("meta", dtype))
        assert (output.device.type, output.shape, output.dtype) == ("meta", (5, 2, 4), dtype)
    with pytest.raises(InputError, match=r"input: got torch.float32, the layer has torch.bfloat16"):
        layer(X.to("meta", torch.float32))  # there is no autocast on this device
    with pytest.raises(InputError, match="on cpu, the layer is on meta"):
        layer(X)


@every_backend
@every_layer
def test_several_threads_call_one_layer(kind: str, backend: str) -> None:
    """Each gets its own results: no buffer is shared between calls."""
    layer = make(kind, backend=backend)
    inputs = [draw(4 + k % 3, 1 + k % 4, 3, seed=k) for k in range(12)]
    expected = [gradients_of(layer, x) for x in inputs]
    with ThreadPoolExecutor(4) as pool:
        for alone, threaded in zip(expected, pool.map(lambda x: gradients_of(layer, x), inputs), strict=True):
            for name, gradient in alone.items():
                assert torch.equal(gradient, threaded[name])


@every_layer
def test_explain(kind: str) -> None:
    """The backend, its form and the reason, as one would read them."""
    automatic, by_name = make(kind), make(kind, backend="numpy")
    assert automatic.explain().backend == "llvm"
    assert "machine code" in automatic.explain().form
    assert by_name.explain().backend == "numpy"
    assert by_name.explain().reason == "asked for by name"


@every_layer
def test_an_unknown_backend_is_refused_when_the_layer_is_made(kind: str) -> None:
    with pytest.raises(BackendError, match=r"'cuda'.*auto.*torch.*numpy"):
        make(kind, backend="cuda")


@every_backend
@every_layer
def test_training_lowers_the_loss(kind: str, backend: str) -> None:
    """An optimiser, gradient clipping, a scheduler: the ordinary loop of a person's script."""
    model = Model(make(kind, backend=backend))
    optimiser = torch.optim.Adam(model.parameters(), lr=0.02)
    losses = []
    for _ in range(15):
        optimiser.zero_grad()
        loss = model(X)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.7 * losses[0]


def test_hooks_and_children() -> None:
    """Forward hooks see input and output; the module lists its parameters once."""
    layer = recurra.nn.LSTM(3, 4, dtype=torch.float64)
    seen = []
    layer.register_forward_hook(lambda module, args, result: seen.append((args[0].shape, result[0].shape)))
    layer(X)
    assert seen == [((5, 2, 3), (5, 2, 4))]
    assert len(list(layer.parameters())) == len({id(p) for p in layer.parameters()}) == 4

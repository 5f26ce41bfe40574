"""Derivatives of every order, by every way that torch has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from feature_cases import draw, every_backend, every_layer, loss_of, make
from torch import Tensor
from torch.autograd import gradcheck, gradgradcheck
from torch.func import functional_call, grad, jacrev, jvp, stack_module_state, vmap

X = draw(4, 2, 3)
without_torchs_warning = pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")  # its jvp uses it


def as_function(kind: str, **options: Any) -> tuple[Callable[..., tuple[Tensor, ...]], tuple[Tensor, ...]]:
    """Return a function of the input and all parameters, and these."""
    layer = make(kind, **options)
    names = [name for name, _ in layer.named_parameters()]

    def run(x: Tensor, *values: Tensor) -> tuple[Tensor, ...]:
        output, states = functional_call(layer, dict(zip(names, values, strict=True)), (x,))
        return (output, *(states if isinstance(states, tuple) else (states,)))

    return run, (X.clone().requires_grad_(), *(p.detach().clone().requires_grad_() for p in layer.parameters()))


@every_backend
@every_layer
def test_gradcheck(kind: str, backend: str) -> None:
    run, inputs = as_function(kind, backend=backend)
    assert gradcheck(run, inputs, fast_mode=True)


@every_backend
@every_layer
def test_gradgradcheck(kind: str, backend: str) -> None:
    run, inputs = as_function(kind, backend=backend)
    assert gradgradcheck(run, inputs, fast_mode=True)


@every_layer
def test_a_gradient_penalty_is_the_same_by_both_backends(kind: str) -> None:
    """create_graph: the norm of the input's gradient, differentiated by the parameters."""
    found = []
    for backend in ("torch", "numpy", "llvm"):
        layer = make(kind, backend=backend)
        x = X.clone().requires_grad_()
        (gradient,) = torch.autograd.grad(loss_of(layer, x), x, create_graph=True)
        found.append(torch.autograd.grad(gradient.square().sum(), list(layer.parameters())))
    for a, *others in zip(*found, strict=True):
        assert all(torch.allclose(a, b) for b in others)
        assert a.abs().sum() > 0


@every_backend
@every_layer
def test_func_grad(kind: str, backend: str) -> None:
    layer = make(kind, backend=backend)
    parameters = dict(layer.named_parameters())

    def loss(values: dict[str, Tensor]) -> Tensor:
        return functional_call(layer, values, (X,))[0].square().sum()

    expected = torch.autograd.grad(loss(parameters), list(parameters.values()))
    for a, b in zip(grad(loss)(parameters).values(), expected, strict=True):
        torch.testing.assert_close(a, b)


@every_backend
@every_layer
def test_jacrev(kind: str, backend: str) -> None:
    """The Jacobian of the last output by the input, row by row against autograd."""
    layer = make(kind, backend=backend)
    found = jacrev(lambda x: layer(x)[0][-1])(X)
    assert found.shape == (2, 4, 4, 2, 3)
    x = X.clone().requires_grad_()
    last = layer(x)[0][-1]
    for sequence in range(2):
        for unit in range(4):
            (row,) = torch.autograd.grad(last[sequence, unit], x, retain_graph=True)
            torch.testing.assert_close(found[sequence, unit], row)


@every_backend
@every_layer
def test_vmap_over_inputs(kind: str, backend: str) -> None:
    layer = make(kind, backend=backend)
    batches = draw(5, 4, 2, 3)
    found = vmap(lambda x: layer(x)[0])(batches)
    torch.testing.assert_close(found, torch.stack([layer(x)[0] for x in batches]))


@every_backend
@every_layer
def test_vmap_over_an_ensemble(kind: str, backend: str) -> None:
    """Several models' parameters stacked: each gives its own output."""
    models = [make(kind, backend=backend) for _ in range(3)]
    for k, model in enumerate(models):
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.mul_(1 + k)
    parameters, buffers = stack_module_state(models)
    found = vmap(lambda p, b: functional_call(models[0], (p, b), (X,))[0])(parameters, buffers)
    torch.testing.assert_close(found, torch.stack([model(X)[0] for model in models]))


@every_backend
@every_layer
def test_per_sample_gradients(kind: str, backend: str) -> None:
    """vmap of grad: the gradients of each sequence alone."""
    layer = make(kind, backend=backend)
    parameters = {name: p.detach() for name, p in layer.named_parameters()}

    def loss(values: dict[str, Tensor], x: Tensor) -> Tensor:
        return functional_call(layer, values, (x,))[0].square().sum()

    found = vmap(grad(loss), in_dims=(None, 1))(parameters, X)
    for sequence in range(2):
        alone = grad(loss)(parameters, X[:, sequence])
        for name, gradient in alone.items():
            torch.testing.assert_close(found[name][sequence], gradient)


@without_torchs_warning
@every_layer
def test_forward_mode_is_right_on_the_eager_loop(kind: str) -> None:
    layer = make(kind, backend="torch")
    direction = draw(4, 2, 3, seed=5)
    _, found = jvp(lambda x: layer(x)[0], (X,), (direction,))
    step = 1e-6
    expected = (layer(X + step * direction)[0] - layer(X - step * direction)[0]) / (2 * step)
    torch.testing.assert_close(found, expected, atol=1e-8, rtol=1e-6)


@without_torchs_warning
@every_layer
def test_forward_mode_is_refused_by_a_kernel(kind: str) -> None:
    """It raises: zeros would be wrong in silence."""
    layer = make(kind, backend="numpy")
    with pytest.raises((NotImplementedError, RuntimeError), match=r"jvp|forward"):
        jvp(lambda x: layer(x)[0], (X,), (draw(4, 2, 3, seed=5),))

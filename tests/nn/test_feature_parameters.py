"""What torch's tools do to parameters: freezing, weight and spectral norm, pruning, sharing."""

from __future__ import annotations

import copy

import pytest
import torch
from feature_cases import draw, every_backend, every_layer, gradients_of, loss_of, make
from torch.nn.utils import parametrizations, prune
from torch.nn.utils.parametrize import remove_parametrizations

X = draw(5, 2, 3)


@every_backend
@every_layer
def test_frozen_parameters_get_no_gradient_and_the_others_the_same(kind: str, backend: str) -> None:
    layer = make(kind, num_layers=2, backend=backend)
    expected = gradients_of(layer, X)
    frozen = list(expected)[:3]
    for name, parameter in layer.named_parameters():
        parameter.requires_grad_(name not in frozen)
    found = gradients_of(layer, X)
    assert sorted(found) == sorted(set(expected) - set(frozen))
    for name, gradient in found.items():
        torch.testing.assert_close(gradient, expected[name])


@every_backend
@every_layer
def test_a_layer_frozen_entirely_still_hands_the_gradient_down(kind: str, backend: str) -> None:
    layer = make(kind, backend=backend)
    x = X.clone().requires_grad_()
    (expected,) = torch.autograd.grad(loss_of(layer, x), x)
    layer.requires_grad_(False)
    (found,) = torch.autograd.grad(loss_of(layer, x), x)
    torch.testing.assert_close(found, expected)


def weight_of(kind: str) -> str:
    return "W_hi_l0" if kind == "Recurrent" else "weight_hh_l0"


@every_backend
@every_layer
@pytest.mark.parametrize("norm", [parametrizations.weight_norm, parametrizations.orthogonal])
def test_parametrizations(kind: str, norm: object, backend: str) -> None:
    """The parametrised weight is used, and its own parameters get the gradients of the chain rule."""
    layer = make(kind, backend=backend)
    norm(layer, weight_of(kind))  # pyright: ignore[reportCallIssue]
    before = loss_of(layer, X)
    names = [name for name, _ in layer.named_parameters() if name.startswith("parametrizations")]
    assert names
    gradients = gradients_of(layer, X)
    assert all(gradients[name].abs().sum() > 0 for name in names)
    with torch.no_grad():
        for name, parameter in layer.named_parameters():
            parameter -= 1e-3 * gradients[name] / gradients[name].norm()
    assert loss_of(layer, X) < before
    remove_parametrizations(layer, weight_of(kind))
    assert loss_of(layer, X) < before


@pytest.mark.filterwarnings("ignore:`torch.nn.utils.weight_norm` is deprecated")
@every_backend
@every_layer
def test_the_old_weight_norm(kind: str, backend: str) -> None:
    """The hook that sets the weight before each forward; scaling `g` scales the weight that is used."""
    layer = make(kind, backend=backend)
    plain = copy.deepcopy(layer)
    torch.nn.utils.weight_norm(layer, weight_of(kind))
    torch.testing.assert_close(layer(X)[0], plain(X)[0])
    with torch.no_grad():
        getattr(layer, f"{weight_of(kind)}_g").mul_(2)
        getattr(plain, weight_of(kind)).mul_(2)
    torch.testing.assert_close(layer(X)[0], plain(X)[0])
    assert gradients_of(layer, X)[f"{weight_of(kind)}_g"].abs().sum() > 0


@every_backend
@every_layer
def test_pruning(kind: str, backend: str) -> None:
    """Pruned weights are zero in what is computed, and get no gradient."""
    layer = make(kind, backend=backend)
    by_hand = copy.deepcopy(layer)
    prune.l1_unstructured(layer, weight_of(kind), amount=0.5)
    mask = getattr(layer, f"{weight_of(kind)}_mask")
    assert 0 < mask.sum() < mask.numel()
    with torch.no_grad():
        getattr(by_hand, weight_of(kind)).mul_(mask)
    torch.testing.assert_close(layer(X)[0], by_hand(X)[0])
    gradient = gradients_of(layer, X)[f"{weight_of(kind)}_orig"]
    assert not gradient[mask == 0].any()
    assert gradient[mask == 1].any()
    prune.remove(layer, weight_of(kind))
    torch.testing.assert_close(layer(X)[0], by_hand(X)[0])


@every_layer
def test_a_weight_that_two_layers_share(kind: str) -> None:
    """Its gradient is the sum over both."""
    first, second = make(kind), make(kind)
    single = copy.deepcopy(first)
    for name, parameter in first.named_parameters():
        setattr(second, name, parameter)
    together = torch.autograd.grad(loss_of(first, X) + loss_of(second, X), list(first.parameters()))
    for a, b in zip(together, gradients_of(single, X).values(), strict=True):
        torch.testing.assert_close(a, 2 * b)

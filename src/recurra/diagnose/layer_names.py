"""Which recurrent layers a model has, and how they are named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import nn

from recurra.errors import InputError
from recurra.nn.layer import Layer

__all__ = ["Place", "check_finite_weights", "layer_names", "recurrent_layers"]


@dataclass(frozen=True, order=True)
class Place:
    """One direction of one layer of a module.

    Attributes
    ----------
    module : str
        The module's name in the model; empty for the model itself.
    layer : int
    reverse : bool

    Examples
    --------
    >>> from recurra.diagnose import Place
    >>> str(Place("encoder", 1, reverse=True))
    'encoder, layer 1 backwards'
    """

    module: str
    layer: int = 0
    reverse: bool = False

    def __str__(self) -> str:
        name = f"{self.module}, layer {self.layer}" if self.module else f"layer {self.layer}"
        return f"{name} backwards" if self.reverse else name


def layer_names(places: Iterable[Place], /) -> dict[Place, str]:
    """Return what people call the layers: by their order where they only have numbers, otherwise by their modules.

    Examples
    --------
    >>> list(layer_names([Place("layers.0"), Place("layers.1")]).values())
    ['layer 1', 'layer 2']
    >>> list(layer_names([Place("encoder", 0), Place("encoder", 0, reverse=True), Place("decoder")]).values())
    ['encoder forwards', 'encoder backwards', 'decoder']
    >>> list(layer_names([Place("network.recurrent")]).values())
    ['recurrent layer']
    """
    places = list(places)
    layers = list(dict.fromkeys((place.module, place.layer) for place in places))
    modules = {module: _words(module) for module, _ in layers}
    has_numbers = len(set(modules.values())) < len(modules) or len(modules) == 1
    both = {(place.module, place.layer) for place in places if place.reverse}

    def name(place: Place) -> str:
        layer = (place.module, place.layer)
        if len(layers) == 1:
            found = "recurrent layer"
        elif has_numbers:
            found = f"layer {layers.index(layer) + 1}"
        else:
            is_stacked = sum(module == place.module for module, _ in layers) > 1
            found = modules[place.module] + (f", layer {place.layer + 1}" if is_stacked else "")
        way = (" backwards" if place.reverse else " forwards") if layer in both else ""
        return found + way

    return {place: name(place) for place in places}


def _words(module: str) -> str:
    """Return a module's name without numbers and punctuation."""
    return " ".join(part.replace("_", " ") for part in module.split(".") if not part.isdecimal())


def recurrent_layers(model: nn.Module, /) -> list[tuple[str, Layer]]:
    """Return the recurrent layers of a model with their names.

    Raises
    ------
    InputError
        If it has none of recurra's.
    """
    found = [(name, module) for name, module in model.named_modules() if isinstance(module, Layer)]
    if found:
        return found
    ours = any(isinstance(module, nn.RNNBase) for module in model.modules())
    hint = "; torch.nn's are made recurra's by `from recurra.nn import LSTM`" if ours else ""
    raise InputError(f"{type(model).__name__} has no recurrent layer of recurra, expected one at least{hint}")


def check_finite_weights(model: nn.Module, /) -> None:
    """Refuse a model with a weight that is NaN or infinite; the message says which and where."""
    for name, parameter in model.named_parameters():
        wrong = (~torch.isfinite(parameter.detach())).nonzero()
        if len(wrong):
            at = wrong[0].tolist()
            value = float(parameter.detach()[tuple(at)])
            raise InputError(
                f"the weight {name}{at} is {value}, and {len(wrong) - 1} more of it are not finite; expected numbers: "
                "there is nothing to diagnose but a training that broke; see its earlier weights"
            )

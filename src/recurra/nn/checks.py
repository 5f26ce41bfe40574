"""Checks: what a layer refuses, and the messages that say why."""

from __future__ import annotations

import operator
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import check_number, check_whole
from recurra.errors import InputError, nearest

__all__ = [
    "check_dtype", "check_input", "check_like", "check_named", "check_parameters", "check_share",
    "check_size", "check_states", "packed_sizes",
]  # fmt: skip

_CAST = (torch.float32, torch.float16, torch.bfloat16)
"""What is converted under autocast."""

_shapes, _kinds = operator.attrgetter("shape"), operator.attrgetter("dtype", "device")


def check_input(sequences: object, *, name: str, features: int, batch_first: bool, like: Tensor) -> None:
    """Raise `InputError` unless `sequences` is a sequence tensor or PackedSequence of this width, dtype and device."""
    layout = "(batch, time, features)" if batch_first else "(time, batch, features)"
    if isinstance(sequences, PackedSequence):
        data = sequences.data
        if data.dim() != 2:
            raise InputError(f"{name}: got packed rows of shape {shape_or_kind(data)}, expected (rows, features)")
    elif isinstance(sequences, Tensor):
        data = sequences
        if data.dim() not in (2, 3):
            raise InputError(
                f"{name}: got a tensor of shape {shape_or_kind(data)}, expected {layout} or unbatched (time, features)"
            )
        if data.shape[1 if batch_first and data.dim() == 3 else 0] == 0:
            raise InputError(f"{name}: got {shape_or_kind(data)}, a sequence of no steps; expected at least one")
    else:
        raise InputError(f"{name}: got {type(sequences).__name__}, expected a tensor {layout} or a PackedSequence")
    if data.shape[-1] != features:
        raise InputError(f"{name}: got {data.shape[-1]} features (shape {shape_or_kind(data)}), expected {features}")
    check_like(data, name=name, like=like)


def check_like(value: Tensor, *, name: str, like: Tensor) -> None:
    """Raise `InputError` unless a tensor has the dtype and the device of the parameters."""
    if value.device != like.device:
        raise InputError(
            f"{name}: got a tensor on {value.device}, the layer is on {like.device}; move one with .to(...)"
        )
    if value.layout is not torch.strided:
        raise InputError(f"{name}: got a tensor laid out as {value.layout}, expected a dense one, as .to_dense() gives")
    if value.dtype != like.dtype and not (value.dtype in _CAST and _has_autocast(value.device.type)):
        raise InputError(f"{name}: got {value.dtype}, the layer has {like.dtype}; convert one with .to(...)")


def _has_autocast(device: str) -> bool:
    """Return whether autocast is on for a kind of device; there are kinds that torch has none for, such as meta."""
    return torch.amp.is_autocast_available(device) and torch.is_autocast_enabled(device)


def check_states(
    states: object, *, names: Sequence[str], shapes: Sequence[tuple[int, ...]], like: Tensor
) -> tuple[Tensor, ...]:
    """Return the initial states as a tuple; raise `InputError` unless they are tensors of these shapes."""
    given: Sequence[object] = states if isinstance(states, (tuple, list)) else (states,)
    if len(given) != len(names):
        raise InputError(f"the initial state: got {len(given)} tensors, expected {len(names)}: ({', '.join(names)})")
    checked = []
    for state, name, shape in zip(given, names, shapes, strict=True):
        if not isinstance(state, Tensor):
            raise InputError(f"{name}: got {type(state).__name__}, expected a tensor of shape {shape}")
        if tuple(state.shape) != shape:
            raise InputError(f"{name}: got shape {shape_or_kind(state)}, expected {shape}")
        check_like(state, name=name, like=like)
        checked.append(state)
    return tuple(checked)


def check_parameters(tensors: Sequence[Tensor], *, names: Sequence[str], shapes: Sequence[tuple[int, ...]]) -> None:
    """Raise `InputError` unless the parameters have their shapes and one kind, which kernels take for granted."""
    for name, tensor in zip(names, tensors, strict=True):
        if not isinstance(tensor, Tensor):
            raise InputError(f"{name}: got {type(tensor).__name__}, expected a parameter")
    if (*map(_shapes, tensors),) != shapes:
        wrong = next(k for k, shape in enumerate(shapes) if tensors[k].shape != shape)
        raise InputError(f"{names[wrong]}: got shape {shape_or_kind(tensors[wrong])}, expected {tuple(shapes[wrong])}")
    if len(set(map(_kinds, tensors))) > 1:  # kernels are handed addresses
        like = tensors[0]
        wrong = next(k for k, tensor in enumerate(tensors) if _kinds(tensor) != _kinds(like))
        dtype, device = _kinds(tensors[wrong])
        raise InputError(
            f"{names[wrong]}: got {dtype} on {device}, and other parameters are {like.dtype} on {like.device}; convert "
            "all of them with .to(...)"
        )


def packed_sizes(packed: PackedSequence, *, name: str = "input") -> tuple[int, ...]:
    """Return how many sequences a PackedSequence has at each step, which kernels take for granted.

    Raises
    ------
    InputError
        If they are no whole numbers that never rise, do not add up to the rows, or its order is not of all sequences.
    """
    sizes = packed.batch_sizes
    is_list = isinstance(sizes, Tensor) and sizes.dim() == 1 and len(sizes) > 0 and sizes.dtype == torch.int64
    found: list[int] = sizes.tolist() if is_list else []
    if not found or found[-1] < 1 or found != sorted(found, reverse=True):
        raise InputError(
            f"{name}: got a PackedSequence with the batch_sizes {found or sizes}; expected whole numbers (int64) from "
            "1 on that never rise, as torch.nn.utils.rnn.pack_sequence makes them"
        )
    if sum(found) != len(packed.data):
        raise InputError(f"{name}: got {len(packed.data)} packed rows; its batch_sizes add up to {sum(found)}")
    for order in (packed.sorted_indices, packed.unsorted_indices):
        if order is not None and tuple(order.shape) != (found[0],):
            raise InputError(
                f"{name}: got an order of shape {shape_or_kind(order)} with a PackedSequence of {found[0]} sequences"
            )
    return tuple(found)


def check_dtype(dtype: torch.dtype | None) -> None:
    """Raise `InputError` unless parameters can have a dtype."""
    if dtype is not None and not dtype.is_floating_point:
        raise InputError(f"dtype: got {dtype}, expected a floating one, such as torch.float32")


def check_size(name: str, value: object) -> None:
    """Raise `InputError` unless an option is a whole number from 1 on."""
    check_whole(name, value, InputError)


def check_share(name: str, value: object) -> None:
    """Raise `InputError` unless an option is a number from 0 to 1."""
    check_number(name, value, InputError, least=0, most=1)


def shape_or_kind(value: object) -> tuple[int, ...] | str:
    """Return what an error says was given: the shape of a tensor, and of anything else its kind."""
    return tuple(value.shape) if isinstance(value, Tensor) else type(value).__name__


def check_named(name: str, value: object, *, known: Sequence[str]) -> None:
    """Raise `InputError` unless an option is one of the known names."""
    if value in known:
        return
    raise InputError(f"{name}: got {value!r}, expected one of {list(known)}{nearest(str(value), known)}")

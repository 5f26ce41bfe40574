"""Guards around a layer: when machine code may run, what torch.compile is shown, and autocast is off inside.

A kernel is handed addresses. It may run only if every tensor is a plain strided tensor with memory of its own and
nobody records operations: a tensor of `FakeTensorMode` has no memory, a traced size is no number, and what a kernel
writes is invisible to whoever records. `obstacle` is the one place that decides.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ParamSpec, TypeVar

import torch
from torch import Tensor
from torch.autograd import forward_ad
from torch.compiler import is_compiling
from torch.nn import Parameter
from torch.utils._device import DeviceContext
from torch.utils._python_dispatch import _get_current_dispatch_mode_stack

__all__ = [
    "cached_by_shape", "has_any_length", "is_plain", "is_proxy", "is_recorded", "is_traced", "is_undisturbed",
    "matching", "obstacle", "opaque_to_compile", "say_once", "without_autocast",
]  # fmt: skip

P = ParamSpec("P")
R = TypeVar("R")

_functorch: Any = torch._C._functorch  # pyright: ignore[reportAttributeAccessIssue]

_TRANSFORMS = ("Grad", "Vmap")
"""The transforms of `torch.func` that `recurra.nn.bridge` knows; it unwraps their tensors."""

_GRAPH_BREAK = (
    "a layer of recurra is one operator of a graph where it is given tensors alone; a PackedSequence, further inputs, "
    "reset, mask, return_states, running statistics and an observer break the graph: leave out fullgraph=True, and "
    "export with strict=False"
)


def obstacle(tensors: Sequence[Tensor], /) -> str:
    """Return why no kernel may run on these tensors now; an empty text if one may."""
    if torch._C._get_tracing_state() is not None:
        return "torch.jit.trace records what is computed"
    if torch._C._len_torch_dispatch_stack() and (mode := _recording_mode()):
        return f"{mode} has to see what is computed"
    # flags that torch has no public word for: this is asked at every call of a layer, so nothing slower will do
    if forward_ad._current_level >= 0:
        return "forward-mode derivatives are computed"
    if torch._C._are_functorch_transforms_active():
        return _obstacle_in_transforms(tensors)
    for tensor in tensors:
        if not is_plain(tensor):
            return f"a tensor is {_described(tensor)}"
    return ""


def is_plain(tensor: Tensor, /) -> bool:
    """Return whether a tensor is torch's own, strided, with memory that holds its values as they are."""
    kind = type(tensor)
    return (
        (kind is Tensor or kind is Parameter)
        and tensor.layout is torch.strided
        and not tensor.is_neg()
        and not tensor._is_zerotensor()
        and not _functorch.is_legacy_batchedtensor(tensor)
        and (tensor.data_ptr() != 0 or tensor.is_meta or tensor.numel() == 0)  # a storage may have been freed
    )


def _described(tensor: Tensor) -> str:
    if type(tensor) is not Tensor and type(tensor) is not Parameter:
        return f"a {type(tensor).__name__}"
    if tensor.layout is not torch.strided:
        return f"laid out as {tensor.layout}"
    if tensor.is_neg():
        return "a view whose sign torch has yet to change"
    return "without memory of its own"


def _recording_mode() -> str:
    """Return the name of an active mode that has to see every operation; a counter of operations is told by kernels."""
    for mode in _get_current_dispatch_mode_stack():
        counter = getattr(mode, "counter", None)
        if type(counter).__name__ != "FlopCounterMode":
            return type(mode).__name__
    return ""


def _obstacle_in_transforms(tensors: Iterable[Tensor]) -> str:
    for interpreter in _functorch.get_interpreter_stack() or ():
        if interpreter.key().name not in _TRANSFORMS:
            return f"torch.func's {interpreter.key().name.lower()} has to see what is computed"
    for tensor in tensors:
        inner = tensor
        while _functorch.is_functorch_wrapped_tensor(inner):
            inner = _functorch.get_unwrapped(inner)
        if not is_plain(inner):
            return f"a tensor is {_described(inner)}"
    return ""


def is_recorded() -> bool:
    """Return whether anybody may see, wrap or record the tensors that are made now: they must not be kept."""
    return (
        torch._C._len_torch_dispatch_stack() > 0
        or torch._C._get_tracing_state() is not None
        or torch._C._are_functorch_transforms_active()
    )


def is_undisturbed() -> bool:
    """Return whether nobody records, transforms, redirects or differentiates forwards what is computed now."""
    return not (
        is_compiling()  # first: torch.compile sees that the rest does not concern it
        or _dispatch_modes()
        or _tracing_state() is not None
        or _are_transforms_active()
        or (_function_modes() and _is_redirected())
        or forward_ad._current_level >= 0
    )


# by names of this module: this is asked twice in each training step, and to find an attribute takes as long as to ask
_dispatch_modes, _function_modes = torch._C._len_torch_dispatch_stack, torch._C._len_torch_function_stack
_tracing_state, _are_transforms_active = torch._C._get_tracing_state, torch._C._are_functorch_transforms_active

# torch's own guard on its compiled code: one call that compares the kinds, dtypes, devices, shapes and strides of all
# tensors, and the modes that are on. It is private; a torch without it makes calls slower, and no more.
_TensorGuards = getattr(getattr(getattr(torch._C, "_dynamo", None), "guards", None), "TensorGuards", None)


def matching(tensors: Sequence[Tensor], given: Sequence[Tensor]) -> Callable[..., bool] | None:
    """Return what tells whether others, one after the other, are as these; None if this torch has no such thing.

    Of what is given, strides may be any.
    """
    if _TensorGuards is None:
        return None
    together = (*tensors, *given)
    guards = _TensorGuards(
        *together, dynamic_dims_sizes=[list(each.shape) for each in together],
        dynamic_dims_strides=[*(list(each.stride()) for each in tensors), *([None] * each.dim() for each in given)],
    )  # fmt: skip
    return guards.check


def _is_redirected() -> bool:
    """Return whether a mode sees operations and may change them; a default device only says where new tensors go."""
    stack = range(torch._C._len_torch_function_stack())
    return any(type(torch._C._get_function_stack_at(place)) is not DeviceContext for place in stack)


def is_traced() -> bool:
    """Return whether a graph for other lengths and batches is recorded: by `torch.jit.trace` or `torch.export`."""
    return torch._C._get_tracing_state() is not None or torch.compiler.is_exporting()


def has_any_length(value: object, /) -> bool:
    """Return whether a graph is recorded in which an axis of a tensor is of any length: no number then."""
    return isinstance(value, Tensor) and any(isinstance(size, torch.SymInt) for size in value.shape)


def is_proxy(value: object, /) -> bool:
    """Return whether a value is that of `torch.fx.symbolic_trace`; `torch.fx` itself takes long to import."""
    return any(kind.__module__ == "torch.fx.proxy" for kind in type(value).__mro__)


_said: set[str] = set()


def say_once(message: str, /) -> None:
    """Warn of what makes a layer slower; the same words once in a process."""
    if message not in _said:
        _said.add(message)
        warnings.warn(message, stacklevel=2)


def cached_by_shape(function: Callable[P, R]) -> Callable[P, R]:
    """Keep what a function made of shapes for the next 64 of them, but nothing that is made while anybody records.

    A tensor that was made under `FakeTensorMode` would otherwise come back in a later call that is none.
    """
    kept: Callable[..., Any] = functools.lru_cache(maxsize=64)(function)

    @functools.wraps(function)
    def found(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs) if is_recorded() else kept(*args, **kwargs)

    return found


def opaque_to_compile(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function one opaque call for torch.compile, which breaks its graph there.

    Traced, the loop would be unrolled: a hundred steps take minutes to compile.
    """

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        # `disable` as a decorator would import dynamo: more than a second
        if is_compiling() and not torch.compiler.is_exporting():
            return torch.compiler.disable(function, reason=_GRAPH_BREAK)(*args, **kwargs)  # pyright: ignore[reportCallIssue]
        return function(*args, **kwargs)

    # what `disable` marks a function with: dynamo breaks the graph at the call, and quotes the reason in its errors
    marked: Any = guarded
    marked._torchdynamo_disable, marked._torchdynamo_disable_msg = True, _GRAPH_BREAK
    return guarded


def without_autocast(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call a function in the parameters' own precision: in less, a state would lose some at every step."""
    if not (torch.is_autocast_enabled("cpu") or torch.is_autocast_enabled("cuda")):
        return function(*args, **kwargs)
    with torch.autocast("cpu", enabled=False), torch.autocast("cuda", enabled=False):
        return function(*args, **kwargs)

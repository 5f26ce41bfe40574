"""A torch.nn layer and recurra's beside it, run on the same numbers and compared in everything that they give."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

import recurra.nn
from recurra.testing.tolerances import error_of, tolerance

INPUT_SIZE, HIDDEN_SIZE, BATCH, STEPS = 3, 5, 4, 6
LENGTHS = torch.tensor([3, 6, 1, 4])

KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "RNN": ("RNN", {}),
    "RNN, relu": ("RNN", {"nonlinearity": "relu"}),
    "GRU": ("GRU", {}),
    "LSTM": ("LSTM", {}),
    "LSTM, projected": ("LSTM", {"proj_size": 2}),
}
"""Name -> the class in torch.nn and in recurra.nn, and its further arguments."""


def pair(kind: str, *, backend: str = "auto", **options: Any) -> tuple[Any, Any]:
    """Return torch's layer and ours with its parameters."""
    name, further = KINDS[kind]
    torch.manual_seed(0)
    options = {"dtype": torch.float64, **options, **further}
    theirs = getattr(nn, name)(
        options.pop("input_size", INPUT_SIZE), options.pop("hidden_size", HIDDEN_SIZE), **options
    )
    ours = getattr(recurra.nn, name)(theirs.input_size, theirs.hidden_size, **options, backend=backend)
    ours.load_state_dict(theirs.state_dict())
    return theirs, ours


def sequences(*, batch_first: bool, dtype: torch.dtype = torch.float64, width: int = INPUT_SIZE) -> dict[str, Any]:
    """Return every form of input that a layer takes, by name; each a leaf tensor or packed from one."""
    generator = torch.Generator().manual_seed(1)
    shape = (BATCH, STEPS, width) if batch_first else (STEPS, BATCH, width)

    def x(*shape: int) -> Tensor:
        return torch.randn(*shape, dtype=dtype, generator=generator).requires_grad_()

    batched = x(*shape)
    falling = LENGTHS.sort(descending=True).values
    one_step = x(BATCH, 1, width) if batch_first else x(1, BATCH, width)
    one_sequence = x(1, STEPS, width) if batch_first else x(STEPS, 1, width)
    return {
        "batched": batched,
        "unbatched": x(STEPS, width),
        "one step": one_step,
        "one sequence": one_sequence,
        "not contiguous": x(*shape[::-1]).permute(2, 1, 0),
        "every second feature": x(*shape[:2], 2 * width)[..., ::2],
        "packed": pack_padded_sequence(x(*shape), LENGTHS, batch_first=batch_first, enforce_sorted=False),
        "packed, sorted": pack_padded_sequence(x(*shape), falling, batch_first=batch_first),
        "packed, one sequence": pack_padded_sequence(one_sequence, torch.tensor([2]), batch_first=batch_first),
    }


def initial_state(layer: Any, given: Tensor | PackedSequence) -> Any:
    """Return a random initial state of the right shape."""
    generator = torch.Generator().manual_seed(2)
    count = layer.num_layers * (2 if layer.bidirectional else 1)
    if isinstance(given, PackedSequence):
        batch: tuple[int, ...] = (int(given.batch_sizes[0]),)
    elif given.dim() == 2:
        batch = ()
    else:
        batch = (given.shape[0 if layer.batch_first else 1],)
    widths = [layer.proj_size or layer.hidden_size, *([layer.hidden_size] if layer.mode == "LSTM" else [])]
    like = layer.weight_ih_l0
    states = [torch.randn(count, *batch, w, dtype=like.dtype, generator=generator).requires_grad_() for w in widths]
    return tuple(states) if len(states) > 1 else states[0]


def everything(layer: Any, given: Tensor | PackedSequence, hx: Any = None) -> list[tuple[str, np.ndarray]]:
    """Return, by name, the output, the final states and all gradients of one run."""
    output, states = layer(given) if hx is None else layer(given, hx)
    rows = output.data if isinstance(output, PackedSequence) else output
    finals = states if isinstance(states, tuple) else (states,)
    generator = torch.Generator().manual_seed(3)
    results = [("output", rows), *zip(("h_n", "c_n"), finals, strict=False)]
    loss = torch.stack([(r * torch.randn(r.shape, dtype=r.dtype, generator=generator)).sum() for _, r in results]).sum()
    leaves = [("input", given.data if isinstance(given, PackedSequence) else given)]
    leaves += list(zip(("h_0", "c_0"), () if hx is None else hx if isinstance(hx, tuple) else (hx,), strict=False))
    leaves += list(layer.named_parameters())
    found = torch.autograd.grad(loss, [leaf for _, leaf in leaves], retain_graph=True)
    results += [(f"gradient of {name}", gradient) for (name, _), gradient in zip(leaves, found, strict=True)]
    return [(name, value.detach().numpy()) for name, value in results]


def differences(theirs: Any, ours: Any, given: Tensor | PackedSequence, hx: Any = None) -> Iterator[str]:
    """Yield what differs between two layers: shapes, or values beyond the tolerance of their dtype."""
    allowed = tolerance(str(theirs.weight_ih_l0.dtype).removeprefix("torch."))
    for (name, expected), (_, found) in zip(everything(theirs, given, hx), everything(ours, given, hx), strict=True):
        bound = allowed.gradient if name.startswith("gradient") else allowed.output
        if expected.shape != found.shape:
            yield f"{name}: shape {found.shape}, expected {expected.shape}"
        elif not error_of(found, expected) <= bound:
            yield f"{name}: relative error {error_of(found, expected):.1e}, at most {bound:.0e}"

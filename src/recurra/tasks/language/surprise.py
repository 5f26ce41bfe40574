"""How much each token of a text surprises a network: -log p, given all that came before."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from recurra.tasks.language.network import Carried, LanguageNetwork
from recurra.tasks.progress import watched

__all__ = ["loss_by_position", "surprises"]

_ROWS_A_COLUMN = 2048
"""A text of more tokens than this is read in columns; only the beginning of each lacks what came before."""

_MOST_COLUMNS = 64
_STEPS = 64
_MOST_NUMBERS = 1 << 23
"""Most scores (32 MiB) that are held at once."""


@torch.inference_mode()
def surprises(network: LanguageNetwork, tokens: np.ndarray, /, *, first: int) -> np.ndarray:
    """Return the surprise (count,) float32 of each token in nats.

    Parameters
    ----------
    network
        In evaluation.
    tokens
        (count,) numbers of tokens.
    first
        The token that is read before the first one.
    """
    if not len(tokens):
        return np.zeros(0, np.float32)
    columns = min(_MOST_COLUMNS, max(1, len(tokens) // _ROWS_A_COLUMN))
    inputs, targets = _side_by_side(tokens, columns, first)
    carried: Carried | None = None
    found = []
    for start in watched(range(0, len(inputs), _STEPS), what="tokens", each=_STEPS * columns):
        losses, carried = _losses(network, inputs[start : start + _STEPS], targets[start : start + _STEPS], carried)
        found.append(losses)
    return torch.cat(found).T.flatten()[: len(tokens)].numpy()


@torch.inference_mode()
def loss_by_position(network: LanguageNetwork, tokens: np.ndarray, /, *, length: int, most: int) -> np.ndarray:
    """Return the mean surprise (length,) in nats by a token's position in a window that begins with no context.

    Parameters
    ----------
    network
        In evaluation.
    tokens
        (count,) numbers of tokens; `length` + 1 at least.
    length, most
        Tokens of a window, and most windows; they are drawn at random, always the same ones, and may overlap.
    """
    windows = np.lib.stride_tricks.sliding_window_view(tokens, length + 1)
    chosen = np.random.default_rng(0).permutation(len(windows))[:most]  # even steps would beat with the text's own
    windows = windows[np.sort(chosen)]
    totals = np.zeros(length)
    for block in np.array_split(windows, -(-len(windows) // _MOST_COLUMNS)):
        numbers = torch.from_numpy(block.T.astype(np.int64))
        totals += _losses(network, numbers[:-1], numbers[1:], None)[0].sum(1).double().numpy()
    return totals / len(windows)


def _side_by_side(tokens: np.ndarray, columns: int, first: int) -> tuple[Tensor, Tensor]:
    """Return inputs and targets (rows, columns); what fills up the last column is cut off later."""
    rows = -(-len(tokens) // columns)
    padded = np.full(rows * columns + 1, first, np.int64)
    padded[1 : len(tokens) + 1] = tokens
    inputs, targets = (torch.from_numpy(part.reshape(columns, rows).T.copy()) for part in (padded[:-1], padded[1:]))
    return inputs, targets


def _losses(
    network: LanguageNetwork, inputs: Tensor, targets: Tensor, carried: Carried | None
) -> tuple[Tensor, Carried]:
    read = network.read(inputs, carried)
    parts = _row_parts(read.dropped.flatten(0, 1), targets.flatten(), tokens=network.tokens)
    losses = [network.head.loss(hidden, wanted, reduction="none") for hidden, wanted in parts]
    return torch.cat(losses).view_as(targets), read.carried


def _row_parts(hidden: Tensor, targets: Tensor, *, tokens: int) -> Iterator[tuple[Tensor, Tensor]]:
    rows = max(1, _MOST_NUMBERS // tokens)
    return zip(hidden.split(rows), targets.split(rows), strict=True)

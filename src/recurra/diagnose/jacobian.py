"""The Jacobian of a step: all states after it by all states before it, from the derived backward step.

Its singular values along real sequences say whether a step shrinks or stretches; its products over time, from the end
of a sequence backwards, how far back a state reaches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from recurra.diagnose.rerun import Rerun
from recurra.graph.node import Node, depends_on, topological, width_of

__all__ = ["FAINT", "MemoryCurve", "SingularBands", "memory_of", "pull_through", "singular_bands", "step_jacobians"]


def step_jacobians(again: Rerun, rows: Tensor, /) -> Tensor:
    """Return d states_t / d states_(t-1) at some rows (count,): (count, S, S), with all states side by side.

    Element [n, i, j] is the derivative of component i after the step by component j before it.
    """
    size = sum(again.sizes)
    eye = torch.eye(size, dtype=again.dtype).expand(len(rows), size, size)
    return pull_through(again, rows, eye)


def pull_through(again: Rerun, rows: Tensor, vectors: Tensor, /) -> Tensor:
    """Return v^T d states_t / d states_(t-1) for vectors (count, k, S), at rows (count,).

    The derived backward step runs for all of them at once: the vectors are the gradients that come in.
    """
    backward = again.plans.backward.step
    values: dict[Node, Tensor] = dict(zip(backward.incoming_states, vectors.split(again.sizes, -1), strict=True))
    for leaf in backward.incoming_outputs:  # the loss has no part in this
        values[leaf] = vectors.new_zeros(1, 1, width_of(leaf, again.evaluator.sizes))
    moving = depends_on(backward.states, values)
    order = topological(backward.states, stop=lambda node: node not in moving)
    fixed = [node for node in order if node not in moving and node.rows]
    values |= {node: each[rows].unsqueeze(1) for node, each in zip(fixed, again.values(fixed), strict=True)}
    for node in order:
        if node in moving and node not in values:
            arguments = [values[each] if each.rows else again.evaluator.once(each) for each in node.args]
            values[node] = again.evaluator.compute(node, arguments)
    return torch.cat(
        [_result(values.get(node), vectors, size) for node, size in zip(backward.states, again.sizes, strict=True)], -1
    )


def _result(value: Tensor | None, vectors: Tensor, size: int) -> Tensor:
    """Return a result in its full shape; a state that nothing depends on has none."""
    shape = (*vectors.shape[:-1], size)
    return vectors.new_zeros(shape) if value is None else value.expand(shape)


_WORK = 4e10
"""Multiplications that may go into the singular values."""


@dataclass(frozen=True)
class SingularBands:
    """Singular values of d states_t / d states_(t-1) at some steps, the mean over sequences.

    Attributes
    ----------
    steps : tensor (count,) of whole numbers
        How many steps of its sequence were run before.
    largest, upper, median, lower, smallest : tensor (count,)
        Upper and lower are the quarter and three-quarter points.
    """

    steps: Tensor
    largest: Tensor
    upper: Tensor
    median: Tensor
    lower: Tensor
    smallest: Tensor


def singular_bands(again: Rerun, /, *, most: int = 60) -> SingularBands:
    """Measure the singular values at up to `most` steps spread over the longest sequence; fewer for a large state.

    Only the first states are those of the caller: where they are zero, so is what multiplies them.
    """
    size, lengths = sum(again.sizes), torch.tensor([len(path) for path in again.paths])
    count = max(2, min(most, int(_WORK / (20 * size**3 * len(lengths)))))
    steps = torch.linspace(0, int(lengths.max()) - 1, min(count, int(lengths.max()))).round().long().unique()
    found = torch.stack([_at(again, int(step)) for step in steps])
    return SingularBands(steps, *found.unbind(1))


def _at(again: Rerun, step: int) -> Tensor:
    """Return the five points (5,) at a step."""
    rows = torch.stack([path[step] for path in again.paths if len(path) > step])
    values = torch.linalg.svdvals(step_jacobians(again, rows))
    points = torch.tensor([1.0, 0.75, 0.5, 0.25, 0.0], dtype=values.dtype)
    return values.quantile(points, dim=1).mean(1)


FAINT = 0.01
"""An influence is forgotten when it is under this share of what it was."""

_VECTORS = 64
"""Directions that are followed; a state of no more is followed whole."""

_TOLD_APART = 1e-10
"""A singular value under this share of the largest is not exact in a product of so many matrices."""


@dataclass(frozen=True)
class MemoryCurve:
    """The influence of earlier states on a later one.

    Attributes
    ----------
    gains : tensor (lags + 1,)
        The root mean square of the singular values of d states_t / d states_(t-k), for k from 0: all states of the
        cell side by side. 1 at lag 0.
    by_state : mapping-like tuple of (name, tensor (lags + 1,))
        The same of d states_t / d (one state)_(t-k), over the features of that one.
    exponents : tensor (directions,)
        Finite-time Lyapunov exponents in 1 / step, falling: the logarithms of the product's singular values by its
        number of steps, the median over the sequences; those too small to be told from rounding are the growth rates
        that QR at each step gives (Benettin, Galgani, Giorgilli & Strelcyn 1980; for recurrent networks Engelken,
        Wolf & Abbott 2023, Physical Review Research 5, 043044). exp of the first is the longest gradient's growth.
    is_whole : bool
        Whether all directions of the state were followed.
    """

    gains: Tensor
    by_state: tuple[tuple[str, Tensor], ...]
    exponents: Tensor
    is_whole: bool

    @property
    def horizon(self) -> int | None:
        """Steps until the influence is under 1 % of what it was and stays there; None if it does not fall so far."""
        above = (self.gains >= FAINT).nonzero()
        last = int(above[-1]) if len(above) else 0
        return None if last == len(self.gains) - 1 else last + 1

    @property
    def lags(self) -> int:
        """How far back was measured."""
        return len(self.gains) - 1

    def gain_at(self, lag: int, /) -> float:
        """Return the influence of so many steps before, continued at the leading exponent's rate."""
        if lag <= self.lags:
            return float(self.gains[lag])
        beyond = float(self.exponents[0]) * (lag - self.lags)
        return float(self.gains[-1]) * math.exp(min(beyond, 500.0))


def memory_of(again: Rerun, /, *, longest: int | None = None) -> MemoryCurve:
    """Measure how far back the last states of a run's sequences reach, on average over the sequences.

    Parameters
    ----------
    again
        With a few sequences: all are followed at once.
    longest
        Most lags; by default 1000, of a large state 250.
    """
    longest = longest or (1000 if sum(again.sizes) <= 2 * _VECTORS else 250)
    lags = min(longest, max(map(len, again.paths)))
    going = _Going(again)
    squares, blocks = [going.squares()], [going.blocks()]
    for lag in range(lags):
        going.back(lag)
        squares.append(going.squares())
        blocks.append(going.blocks())
    by_state = torch.stack(blocks).sqrt().unbind(1)
    names = [leaf.name for leaf in again.step.states]
    return MemoryCurve(
        torch.stack(squares).sqrt(), tuple(zip(names, by_state, strict=True)), going.exponents(),
        is_whole=going.is_whole,
    )  # fmt: skip


class _Going:
    """Vectors on their way back through time, those of a sequence orthogonal to each other.

    The product of the Jacobians is `frames.mT @ triangles * exp(scales)`, so that neither end of the number range nor
    the strongest direction swallows the others.
    """

    def __init__(self, again: Rerun) -> None:
        self.again, self.size = again, sum(again.sizes)
        self.count = min(self.size, _VECTORS)
        self.is_whole = self.count == self.size
        batch = len(again.paths)
        self.frames = self._first().expand(batch, self.count, self.size)
        self.triangles = torch.eye(self.count, dtype=again.dtype).expand(batch, -1, -1)
        self.scales = torch.zeros(batch, dtype=again.dtype)
        self.growth = torch.zeros(batch, self.count, dtype=again.dtype)
        self.steps = torch.zeros(batch, dtype=again.dtype)
        self.still = torch.arange(batch)

    def _first(self) -> Tensor:
        generator = torch.Generator().manual_seed(0)
        drawn = torch.randn(self.size, self.count, dtype=self.again.dtype, generator=generator)
        return torch.linalg.qr(drawn).Q.T

    def back(self, lag: int) -> None:
        """Go one step back; sequences that are at their beginning stay there."""
        still = torch.tensor([k for k, path in enumerate(self.again.paths) if lag < len(path)])
        rows = torch.stack([self.again.paths[k][len(self.again.paths[k]) - 1 - lag] for k in still.tolist()])
        pulled = pull_through(self.again, rows, self.frames[still])
        frames, factors = torch.linalg.qr(pulled.mT)
        triangles = factors @ self.triangles[still]
        size = triangles.flatten(1).norm(dim=1).clamp_min(torch.finfo(triangles.dtype).tiny)
        self.frames = self.frames.index_copy(0, still, frames.mT)
        self.triangles = self.triangles.index_copy(0, still, triangles / size[:, None, None])
        self.scales = self.scales.index_add(0, still, size.log())
        grown = factors.diagonal(dim1=1, dim2=2).abs().clamp_min(torch.finfo(triangles.dtype).tiny).log()
        self.growth = self.growth.index_add(0, still, grown)
        self.steps = self.steps.index_add(0, still, torch.ones(len(still), dtype=self.again.dtype))
        self.still = still

    def squares(self) -> Tensor:
        """Return the mean square of the product's singular values, over the sequences that still go."""
        return self._of(self.triangles).sum(1).mean() / self.count

    def blocks(self) -> Tensor:
        """Return the same of each state's part of the product, over the state's own features."""
        parts = self.frames.split(self.again.sizes, -1)
        whole = self.size / self.count  # each direction stands for so many
        found = [self._of(part.mT @ self.triangles).sum(1).mean() * whole / part.shape[-1] for part in parts]
        return torch.stack(found)

    def _of(self, product: Tensor) -> Tensor:
        return product[self.still].square().flatten(1) * (2 * self.scales[self.still]).exp()[:, None]

    def exponents(self) -> Tensor:
        """Return the mean growth a step of each direction, the fastest first."""
        values = torch.linalg.svdvals(self.triangles)
        exact = values.clamp_min(torch.finfo(values.dtype).tiny).log() + self.scales[:, None]
        by_frames = self.growth.sort(dim=1, descending=True).values
        grown = torch.where(values > _TOLD_APART * values[:, :1], exact, by_frames.minimum(exact))
        return (grown / self.steps[:, None]).quantile(0.5, dim=0)

"""In which form a plan runs, by its shapes."""

from __future__ import annotations

from recurra.backends.llvm.compiler import openmp
from recurra.backends.llvm.memory_plan import Shape
from recurra.backends.llvm.places import number_of
from recurra.backends.llvm.program import Form
from recurra.backends.llvm.target import Target
from recurra.derive.plan import BackwardPlan, ForwardPlan
from recurra.derive.stages import Segment

__all__ = ["form_for", "has_means"]

_CACHE = 1 << 20  # bytes of weights that stay in a core's own cache beside the rest
_WORTH_WAITING = 1 << 18  # bytes of weights read by so few rows that to share them pays for the barriers


def form_for(plan: ForwardPlan | BackwardPlan, shape: Shape, target: Target) -> Form:
    """Return the form of a plan for a shape.

    Threads work jointly where each would otherwise read more weights at every step than its cache holds, where there
    are fewer sequences than threads and enough weights, and where a mean is over the whole batch. Products are hoisted
    out of the loop where the rows that are computed together do not fill a tile.
    """
    batch, threads = shape.batch_sizes[0], shape.threads
    weights = _weights(plan.loop, shape)
    is_worth_waiting = weights > (_WORTH_WAITING if batch < threads else _CACHE)
    is_joint = threads > 1 and openmp() and (is_worth_waiting or has_means(plan))
    together = batch if is_joint else batch // max(1, min(threads, batch))
    return Form(is_hoisted=together < target.tile_rows, is_joint=is_joint)


def has_means(plan: ForwardPlan | BackwardPlan) -> bool:
    """Return whether a step has a mean over the batch: then no thread can run a share of the sequences by itself."""
    return any(node.op == "batch_mean" for node in plan.loop.nodes)


def _weights(segment: Segment, shape: Shape) -> int:
    """Return the bytes of the weights that a step reads."""
    sizes = shape.sizes
    return shape.bytes * sum(
        number_of(weight.shape[0], sizes) * number_of(weight.shape[1], sizes)
        for stage in segment.stages
        for product in stage.products
        for line in product.weights
        for weight in line
    )

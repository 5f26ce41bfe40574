"""What the layers of a model ran on; and a run once more, with every value of the equations at every step at hand."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor, nn

from recurra.backends.evaluator import Evaluator
from recurra.backends.kernel import Call
from recurra.backends.numpy import NumpyKernel
from recurra.backends.parameters import Parameters
from recurra.derive.plan import ForwardPlan, Variant
from recurra.diagnose.layer_names import Place, recurrent_layers
from recurra.graph.node import Node, depends_on, topological
from recurra.graph.ops import torch_spelling
from recurra.graph.printing import MATMUL, TEXT, ExpressionWriter, shared
from recurra.nn.stack import BackwardPass, Direction, ForwardPass, known_parameters, observed

__all__ = ["Recorded", "Rerun", "Spelled", "few_sequences", "paths_of", "recorded_runs"]


@dataclass(frozen=True)
class Recorded:
    """The longest run of each layer and direction, of several the first."""

    runs: dict[Place, ForwardPass] = field(default_factory=dict)


class _Recording:
    wants_gradients = False

    def __init__(self, module: str, recorded: Recorded) -> None:
        self._module, self._recorded = module, recorded

    def on_forward(self, run: ForwardPass, /) -> None:
        """Keep a run that is longer than those before."""
        place, runs = Place(self._module, run.layer, run.direction.reverse), self._recorded.runs
        if place not in runs or len(run.batch_sizes) > len(runs[place].batch_sizes):
            runs[place] = run

    def on_backward(self, flow: BackwardPass, /) -> None:
        """Ignore backward passes."""


@contextmanager
def recorded_runs(model: nn.Module, /) -> Iterator[Recorded]:
    """Record what each recurrent layer of a model runs on inside."""
    recorded = Recorded()
    with observed([(layer, _Recording(name, recorded)) for name, layer in recurrent_layers(model)]):
        yield recorded


def few_sequences(run: ForwardPass, count: int, /, *, steps: int = 1000) -> ForwardPass:
    """Return a run of at most so many of its sequences, spread over all lengths, and of their first steps."""
    chosen = torch.linspace(0, run.batch_sizes[0] - 1, min(count, run.batch_sizes[0])).round().long().unique()
    sizes = [int((chosen < size).sum()) for size in run.batch_sizes[:steps]]
    sizes = [size for size in sizes if size]
    begins = itertools.accumulate([0, *run.batch_sizes[:-1]])
    rows = torch.cat([chosen[:size] + begin for begin, size in zip(begins, sizes, strict=False)])
    once = [leaf.name in run.cell.step.per_sequence for leaf in run.cell.step.inputs]
    once += [False] * (len(run.inputs) - len(once))
    return replace(
        run,
        inputs=tuple(each[chosen if is_once else rows] for each, is_once in zip(run.inputs, once, strict=True)),
        states=tuple(state[chosen] for state in run.states),
        batch_sizes=tuple(sizes),
    )


class Rerun:
    """The values of a run, computed from its inputs and states when they are asked for.

    Parameters
    ----------
    run
        In evaluation: noise has its mean there, and normalisation its running statistics.
    dtype
        What it is computed in.

    Attributes
    ----------
    step : recurra.graph.step.Step
        The equations that ran, simplified.
    paths : list of tensors (steps,)
        The rows of each sequence, in the order in which they ran.
    """

    def __init__(self, run: ForwardPass, /, *, dtype: torch.dtype = torch.float64) -> None:
        assert not run.variant.training, "a run is computed again as it is in evaluation"
        self.run = run
        self.plans = run.cell.plans(Variant(training=False, restarts=run.variant.restarts))
        self.step, self.dtype = self.plans.forward.step, dtype
        direction = _in_dtype(run.direction, dtype)
        parameters = known_parameters(run.cell, self.plans, direction)
        states, inputs = (tuple(_plain(each, dtype) for each in group) for group in (run.states, run.inputs))
        self._call = Call(direction.sizes, parameters, inputs, states, run.batch_sizes, direction.reverse)
        self.evaluator = Evaluator(
            torch_spelling(), direction.sizes, number=functools.partial(torch.tensor, dtype=dtype),
            known=dict(zip(self.step.parameters, parameters, strict=True)),
        )  # fmt: skip
        self.sizes = [state.shape[1] for state in states]
        self.paths = paths_of(run.batch_sizes, reverse=direction.reverse)

    @functools.cached_property
    def rows(self) -> dict[Node, Tensor]:
        """The values at hand: inputs, and the states before each step."""
        tape = NumpyKernel(self.plans).forward(self._call, tape=True).tape
        assert tape is not None
        leaves = (*self.step.inputs, *self.step.states)
        return {leaf: torch.from_numpy(tape.rows[leaf]) for leaf in leaves}  # pyright: ignore

    def values(self, nodes: Iterable[Node], /) -> list[Tensor]:
        """Return the values (rows, size) of nodes; what is the same in all rows has one row."""
        nodes = list(nodes)
        for node in topological(nodes, stop=self.rows.__contains__):
            if node.rows and node not in self.rows:
                self.rows[node] = self.compute(node)
        return [self.rows[node] if node.rows else self.evaluator.once(node).reshape(1, -1) for node in nodes]

    def compute(self, node: Node, /) -> Tensor:
        """Return the value of a node whose arguments are at hand."""
        arguments = [self.rows[each] if each.rows else self.evaluator.once(each) for each in node.args]
        return self.evaluator.compute(node, arguments)


def _plain(value: Tensor, dtype: torch.dtype) -> Tensor:
    return value.detach().to("cpu", dtype)


def _in_dtype(direction: Direction, dtype: torch.dtype) -> Direction:
    parameters = direction.parameters
    tensors = [_plain(tensor, dtype) for tensor in parameters.tensors]
    return replace(direction, parameters=Parameters(tensors, parameters.parts))


def paths_of(batch_sizes: Sequence[int], *, reverse: bool) -> list[Tensor]:
    """Return the rows (steps,) of each sequence of a packed batch, in the order in which they run."""
    begins = torch.tensor([0, *itertools.accumulate(batch_sizes[:-1])])
    lengths = [sum(size > sequence for size in batch_sizes) for sequence in range(batch_sizes[0])]
    paths = [begins[:length] + sequence for sequence, length in enumerate(lengths)]
    return [path.flip(0) for path in paths] if reverse else paths


class Spelled:
    """Writes the values of the step of a plan, with the names that the equations gave."""

    def __init__(self, plan: ForwardPlan, /) -> None:
        step, prelude = plan.step, plan.prelude
        names = {node: name for node, name in step.names.items() if node.rows and node.args}
        after = zip(step.states, step.next_states, strict=True)
        names |= {node: leaf.name for leaf, node in after if node.args and node not in names}
        self._names = names
        written = {node: f"{name}[t]" for node, name in names.items()}
        written |= {leaf: f"{leaf.name}[t]" for leaf in step.inputs}
        written |= {leaf: f"{leaf.name}[t-1]" for leaf in step.states}
        expressions = zip(prelude.leaves, prelude.values, strict=True)
        inner = ExpressionWriter(TEXT, {node: "…" for node in shared(prelude.values, ()) if node not in prelude.values})
        written |= {leaf: inner.write(value, inside=MATMUL) for leaf, value in expressions}
        self._writer = ExpressionWriter(TEXT, written)

    def name(self, node: Node, /) -> str:
        """Return the name of a value, or its expression where it has none."""
        return self._names.get(node) or self._writer.write(node)

    def equation(self, node: Node, /) -> str:
        """Return the equation of a value: "i[t] = σ(x[t] W_xi + h[t-1] W_hi + b_i)"."""
        right = self._writer.define(node)
        return f"{self._names[node]}[t] = {right}" if node in self._names else right

    def place(self, node: Node, /) -> str:
        """Return the equation of a value, or what it is and of which equation it is a part."""
        users = depends_on(self._names, [node])
        whole = next((each for each in topological(self._names) if each in users and each in self._names), node)
        return self.equation(node) if whole is node else f"{self._writer.define(node)}, of {self.equation(whole)}"

"""Direct passes: those of a small layer's direction at one shape, given nothing but addresses."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from recurra.backends.kernel import Wanted
from recurra.backends.llvm.calls import Calls, Launch
from recurra.derive.plan import Plans

__all__ = ["LLVMDirectPasses"]


class LLVMDirectPasses:
    """See `recurra.backends.direct.DirectPasses`.

    Parameters
    ----------
    plans : Plans
    calls : Calls
        Complete; of inference, or of a forward pass whose memory is kept.
    tensors : int
        How many tensors the parameters are.
    puts_output : bool
        Whether the outputs go where a run is told.
    reads : tuple of bool
        For each output whether the backward pass reads it.
    backward : returns the calls of the backward pass, by what is wanted; None if there is none
    """

    def __init__(
        self,
        plans: Plans,
        calls: Calls,
        *,
        tensors: int,
        puts_output: bool,
        reads: tuple[bool, ...],
        backward: Callable[[Wanted], Calls] | None = None,
    ) -> None:
        self._plans, self._calls, self._backward_calls, self._tensors = plans, calls, backward, tensors
        step, kept = plans.forward.step, calls.memory_plan.kept
        self._kept_name = kept.name
        self._read = [*_tensors(tensors), *_each("row", step.inputs)]
        given: list[Hashable] = [
            *self._read,
            *_each("initial", step.states),
            "seed",
            *(calls.handed if puts_output else ()),
            *_each("final", step.states),
        ]
        is_kept = kept not in calls.own
        self.tape = kept.length if is_kept else 0
        own = () if puts_output else calls.handed
        self.forward = Launch(calls, [*given, kept.name] if is_kept else given, own=own).run
        self._backward: dict[tuple[tuple[bool, ...], tuple[bool, ...]], Callable[..., None]] = {}
        self.puts_output, self.reads = puts_output, reads
        self.flows = tuple(node.rows for node in plans.backward.step.inputs)

    def backward(self, parameters: tuple[bool, ...], rows: tuple[bool, ...], /) -> Callable[..., None]:
        """Return what runs backward, made at the first time; see `recurra.backends.direct.DirectPasses`."""
        found = self._backward.get((parameters, rows))
        if found is None:
            found = self._backward[parameters, rows] = self._made(Wanted(parameters, rows)).run
        return found

    def _made(self, wanted: Wanted) -> Launch:
        assert self._backward_calls is not None
        calls, step = self._backward_calls(wanted), self._plans.backward.step
        # rows that were copied to be handed out are read where they were copied from
        outputs = [name if name[0] == "row" else ("unread", name) for name in self._calls.handed]
        handed = iter(calls.handed)
        inputs = [
            next(handed) if is_wanted and flows else ("unwanted", k)
            for k, (is_wanted, flows) in enumerate(zip(wanted.inputs, self.flows, strict=True))
        ]
        given: list[Hashable] = [
            *self._read, *outputs, self._kept_name, *_each("row", step.incoming_outputs),
            *_each("initial", step.incoming_states), "seed", *_each("final", step.incoming_states),
            *inputs, *(("gradient", number) for number in range(self._tensors)),
        ]  # fmt: skip
        return Launch(calls, given)


def _tensors(count: int) -> list[Hashable]:
    return [("tensor", number) for number in range(count)]


def _each(kind: str, nodes: Sequence[Hashable]) -> list[Hashable]:
    return [(kind, node) for node in nodes]

"""Direct passes: those of a small layer's direction at one shape, given nothing but addresses."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import torch
from torch import Tensor

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
    reads_output : bool
        Whether the backward pass reads the output.
    backward : returns the calls of the backward pass, by what is wanted; None if there is none
    """

    def __init__(
        self,
        plans: Plans,
        calls: Calls,
        *,
        tensors: int,
        reads_output: bool = False,
        backward: Callable[[Wanted], Calls] | None = None,
    ) -> None:
        self._plans, self._calls, self._backward_calls, self._tensors = plans, calls, backward, tensors
        step, kept = plans.forward.step, calls.memory_plan.kept
        self._dtype = torch.float64 if calls.shape.bytes == 8 else torch.float32
        self._length, self._kept_name = kept.length, kept.name
        self._read = [*_tensors(tensors), *_each("row", step.inputs)]
        given: list[Hashable] = [
            *self._read,
            *_each("initial", step.states),
            "seed",
            *calls.handed,
            *_each("final", step.states),
        ]
        is_kept = kept not in calls.own
        self._launch = Launch(calls, [*given, kept.name] if is_kept else given)
        self._launches: dict[tuple[tuple[bool, ...], tuple[bool, ...]], Launch] = {}
        self.inference = self._launch.run
        self.reads_output = reads_output

    def forward(self, addresses: Sequence[int], /) -> Tensor:
        """Run forward; return what the backward pass reads beside the rows and the output."""
        kept = torch.empty(self._length, dtype=self._dtype, device="cpu")
        self._launch.run((*addresses, kept.data_ptr()))
        return kept

    def backward(self, addresses: Sequence[int], /, *, parameters: tuple[bool, ...], rows: tuple[bool, ...]) -> None:
        """Run backward; `parameters` and `rows` say of what the gradients are wanted."""
        launch = self._launches.get((parameters, rows))
        if launch is None:
            launch = self._launches[parameters, rows] = self._made(Wanted(parameters, rows))
        launch.run(addresses)

    def _made(self, wanted: Wanted) -> Launch:
        assert self._backward_calls is not None
        calls, step = self._backward_calls(wanted), self._plans.backward.step
        # rows that were copied to be handed out are read where they were copied from
        outputs = [name if name[0] == "row" else ("unread", name) for name in self._calls.handed]
        handed = iter(calls.handed)
        inputs = [next(handed) if is_wanted else ("unwanted", k) for k, is_wanted in enumerate(wanted.inputs)]
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

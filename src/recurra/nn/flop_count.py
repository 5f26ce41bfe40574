"""Kernels tell an active counter, such as `torch.utils.flop_counter.FlopCounterMode`, what they compute.

The counter sees operations of torch alone. So while any mode of torch's dispatcher is active, a kernel runs out of its
sight, and then one operation passes through it that stands for all products of the run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, final

import torch
from torch.utils._python_dispatch import _disable_current_modes, _get_current_dispatch_mode_stack

from recurra.backends.kernel import Call, Gradients, Kernel, Result, Wanted
from recurra.derive.facts import backward_flops, forward_flops
from recurra.derive.plan import Plans

__all__ = ["counted"]

_LIBRARY = torch.library.Library("recurra", "FRAGMENT")
_LIBRARY.define("products(int flops) -> ()")
_LIBRARY.impl("products", lambda flops: None, "CompositeExplicitAutograd")


def counted(kernel: Kernel) -> Kernel:
    """Return a kernel that reports what it computes; where nobody counts, the kernel itself.

    What it reports are the products of both passes, as the counter counts them for operations of torch; the products of
    weights alone (a normalised or dropped weight) are torch's own, and counted as such.
    """
    if not torch._C._len_torch_dispatch_stack():  # 30 ns
        return kernel
    _teach_counters()
    return _Counted(kernel)


def _teach_counters() -> None:
    """Tell the active counters how the operation counts; torch's module of counters takes 0.3 s to import."""
    from torch.utils.flop_counter import FlopCounterMode

    for mode in _get_current_dispatch_mode_stack():
        counter = getattr(mode, "counter", None)
        if isinstance(counter, FlopCounterMode):
            counter.flop_registry[torch.ops.recurra.products] = lambda flops, **_: flops


@final
class _Counted:
    """A kernel whose runs are reported."""

    def __init__(self, kernel: Any) -> None:
        self._kernel: Kernel = kernel
        self.plans: Plans = kernel.plans

    def forward(self, call: Call, *, tape: bool = False) -> Result:
        """Run the forward plan, and report it."""
        with _disable_current_modes():
            result = self._kernel.forward(call, tape=tape)
        _report(forward_flops(self.plans.forward, call.sizes).products, call)
        return result

    def backward(
        self,
        call: Call,
        tape: Any,
        *,
        outputs: Sequence[Any],
        states: Sequence[Any],
        wanted: Wanted | None = None,
    ) -> Gradients:
        """Run the backward plan, and report it."""
        with _disable_current_modes():
            found = self._kernel.backward(call, tape, outputs=outputs, states=states, wanted=wanted)
        inputs = None if wanted is None else wanted.inputs
        _report(backward_flops(self.plans.backward, call.sizes, wanted=inputs).products, call)
        return found


def _report(flops: int, call: Call) -> None:
    torch.ops.recurra.products(flops * sum(call.batch_sizes))

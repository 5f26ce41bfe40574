"""The backends that make a kernel of plans, by name. Their modules are imported at their first use."""

from __future__ import annotations

import importlib

from recurra.backends.kernel import Kernel
from recurra.derive.plan import Plans
from recurra.locks import making

__all__ = ["KERNELS", "ON_THE_CPU", "kernel_of"]

KERNELS = {
    "llvm": "recurra.backends.llvm.kernel",
    "numpy": "recurra.backends.numpy",
    "triton": "recurra.backends.triton.kernel",
}
"""Backend -> the module whose `compile` makes a `Kernel`."""

ON_THE_CPU = ("llvm", "numpy")
"""The backends that need nothing but a processor."""


def kernel_of(plans: Plans, backend: str) -> Kernel:
    """Return a backend's kernel of these plans; it is made once."""
    if backend not in plans.kernels:
        module = importlib.import_module(KERNELS[backend])  # before the lock is held
        with making:
            if backend not in plans.kernels:
                plans.kernels[backend] = module.compile(plans)
    return plans.kernels[backend]

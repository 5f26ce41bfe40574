"""The machine that code is made for: how many numbers a vector holds, and how large a tile its registers take."""

from __future__ import annotations

from dataclasses import dataclass

import llvmlite.binding as llvm
from llvmlite import ir

from recurra.locks import cached

__all__ = ["Target", "host"]


@dataclass(frozen=True)
class Target:
    """A kind of processor.

    Attributes
    ----------
    triple, cpu, features : str
        As LLVM names them.
    vector_bits : int
        The width of a register.
    tile_rows : int
        Rows of a product that are computed together: `tile_rows` times two vectors fill the registers.
    """

    triple: str
    cpu: str
    features: str
    vector_bits: int
    tile_rows: int

    def lanes(self, dtype: str) -> int:
        """Return how many numbers of a dtype a vector holds."""
        return self.vector_bits // (64 if dtype == "float64" else 32)

    def machine(self, speed_level: int) -> llvm.TargetMachine:
        """Return LLVM's code generator for this target."""
        _initialise()
        target = llvm.Target.from_triple(self.triple)
        return target.create_target_machine(cpu=self.cpu, features=self.features, opt=speed_level, jit=True)


def scalar_type(dtype: str) -> ir.Type:
    """Return LLVM's type of a number."""
    return ir.DoubleType() if dtype == "float64" else ir.FloatType()


@cached()
def host() -> Target:
    """Return this machine."""
    features = llvm.get_host_cpu_features()
    triple = llvm.get_process_triple()
    if features.get("avx512f"):
        bits, rows = 512, 12
    elif features.get("avx2"):
        bits, rows = 256, 6
    else:
        bits, rows = 128, 8 if triple.startswith(("aarch64", "arm64")) else 4
    return Target(triple, llvm.get_host_cpu_name(), features.flatten(), bits, rows)


@cached()
def _initialise() -> None:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()

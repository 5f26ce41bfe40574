"""Compiler: the machine that code is made for, and from LLVM's IR to functions in memory."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import llvmlite
import llvmlite.binding as llvm
from llvmlite import ir

from recurra.backends.llvm.threads import pool
from recurra.locks import cached, making

__all__ = ["MachineCode", "Target", "assembly", "compiled", "host", "key_of", "loaded", "optimised"]


SPEED_LEVEL = 3
"""How much LLVM optimises as it makes machine code, 0 to 3; tests that compile much and run little take nothing."""

_PASSES = ("sroa", "simplify_cfg", "instruction_combine", "new_gvn", "simplify_cfg")
"""What it does before. Vectors and tiles are written out: all that its third level does takes ten times as long, and
what it makes of them is larger and hardly faster; see docs/attempts.md."""

Work = Callable[[int, int, int], None]


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


class MachineCode:
    """Compiled functions; each takes the address of its arguments, the number of its thread and of all threads.

    The machine code is freed with this object: whoever keeps one of the `addresses` keeps it, too.
    """

    def __init__(self, engines: Sequence[llvm.ExecutionEngine], addresses: Mapping[str, int]) -> None:
        self._engines, self.addresses = engines, addresses  # the first keep the code in memory
        kind = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)
        self._functions: dict[str, Work] = {name: kind(address) for name, address in self.addresses.items()}

    @classmethod
    def of(cls, parts: Sequence[MachineCode]) -> MachineCode:
        """Return the functions of several modules."""
        engines = [engine for part in parts for engine in part._engines]
        return cls(engines, {name: address for part in parts for name, address in part.addresses.items()})

    def run(self, name: str, arguments: int, threads: int) -> None:
        """Run a function on `threads` threads, and wait for all of them. The GIL is released meanwhile."""
        work = self._functions[name]
        if threads == 1:
            work(arguments, 0, 1)
        elif (outlined := self._functions.get(f"{name}.team")) is not None:
            outlined(arguments, 0, threads)
        else:
            list(pool(threads).map(lambda number: work(arguments, number, threads), range(threads)))


def compiled(text: str, target: Target) -> bytes:
    """Return a module as an object file."""
    machine = target.machine(SPEED_LEVEL)
    return machine.emit_object(_optimised(text, machine))


def loaded(code: bytes, target: Target, names: Iterable[str]) -> MachineCode:
    """Return the functions of an object file."""
    # an execution engine wants a module, and gets its functions from the object beside it
    empty = llvm.parse_assembly("")
    empty.triple = target.triple
    engine = llvm.create_mcjit_compiler(empty, target.machine(SPEED_LEVEL))
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return MachineCode([engine], {name: engine.get_function_address(name) for name in names})


def assembly(text: str, target: Target) -> str:
    """Return what a module becomes on a target, which need not be this machine."""
    with making:
        machine = target.machine(SPEED_LEVEL)
        return machine.emit_assembly(_optimised(text, machine))


def optimised(text: str, target: Target) -> llvm.ModuleRef:
    """Return a module after LLVM's passes."""
    with making:
        return _optimised(text, target.machine(SPEED_LEVEL))


def key_of(text: str, target: Target) -> str:
    """Return the key of a module's machine code: a digest of all that decides it."""
    versions = (llvmlite.__version__, llvm.llvm_version_info, SPEED_LEVEL, _PASSES)
    return hashlib.sha256(repr((text, target, versions)).encode()).hexdigest()


def _optimised(text: str, machine: llvm.TargetMachine) -> llvm.ModuleRef:
    module = llvm.parse_assembly(text)
    module.verify()
    passes = llvm.create_new_module_pass_manager()
    for name in _PASSES if SPEED_LEVEL else ():
        getattr(passes, f"add_{name}_pass")()
    passes.run(module, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(SPEED_LEVEL)))
    return module

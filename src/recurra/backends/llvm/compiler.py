"""From LLVM IR to functions in memory, and how they run on several threads."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import llvmlite
import llvmlite.binding as llvm

from recurra.backends import cache
from recurra.backends.llvm.target import Target
from recurra.locks import cached, making

__all__ = ["Code", "assembly", "build", "openmp", "optimised"]

SPEED_LEVEL = 3
"""How much LLVM optimises, 0 to 3; tests that compile much and run little take less."""
Work = Callable[[int, int, int], None]


class Code:
    """Compiled functions; each takes the address of its arguments, the number of its thread and of all threads.

    The machine code is freed with this object: whoever keeps one of the `addresses` keeps it, too.
    """

    def __init__(self, engine: llvm.ExecutionEngine, names: Sequence[str]) -> None:
        self._engine = engine  # keeps the code in memory
        kind = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)
        self.addresses = {name: engine.get_function_address(name) for name in names}
        self._functions: dict[str, Work] = {name: kind(address) for name, address in self.addresses.items()}

    def run(self, name: str, arguments: int, threads: int) -> None:
        """Run a function on `threads` threads, and wait for all of them. The GIL is released meanwhile."""
        work = self._functions[name]
        if threads == 1:
            work(arguments, 0, 1)
        elif (outlined := self._functions.get(f"{name}.team")) is not None:
            outlined(arguments, 0, threads)
        else:
            list(_pool(threads).map(lambda number: work(arguments, number, threads), range(threads)))


@cached()
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="recurra")


@cached()
def openmp() -> bool:
    """Return whether the OpenMP runtime that torch uses was found; its threads are then ours too.

    A pool of our own would lose a core to torch's threads, which spin for a while after each of its operations.
    """
    import torch  # noqa: F401  # it loads the runtime

    for path in _loaded_libraries("libgomp"):
        library = ctypes.CDLL(path)
        for symbol in ("GOMP_parallel", "omp_get_thread_num", "omp_get_num_threads"):
            address = ctypes.cast(getattr(library, symbol), ctypes.c_void_p).value
            assert address is not None
            llvm.add_symbol(symbol, address)
        return True
    return False


def _loaded_libraries(name: str) -> list[str]:
    try:
        lines = Path("/proc/self/maps").read_text().splitlines()
    except OSError:
        return []
    return list(dict.fromkeys(line.split()[-1] for line in lines if name in line.rpartition("/")[2]))


@cached(maxsize=512)
def build(text: str, target: Target, names: tuple[str, ...]) -> Code:
    """Return the functions of a module, from the cache on disk or compiled; a process does it once for a text."""
    key = _key(text, target)
    code = cache.fetch(key)
    machine = target.machine(SPEED_LEVEL)
    if code is None:
        code = machine.emit_object(_optimised(text, machine))
        cache.store(key, code)
    empty = llvm.parse_assembly("")
    empty.triple = target.triple
    engine = llvm.create_mcjit_compiler(empty, machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return Code(engine, names)


def assembly(text: str, target: Target) -> str:
    """Return what a module becomes on a target, which need not be this machine."""
    with making:
        machine = target.machine(SPEED_LEVEL)
        return machine.emit_assembly(_optimised(text, machine))


def optimised(text: str, target: Target) -> llvm.ModuleRef:
    """Return a module after LLVM's passes."""
    with making:
        return _optimised(text, target.machine(SPEED_LEVEL))


def _key(text: str, target: Target) -> str:
    """Return the name of a module's machine code: of all that decides it."""
    versions = (llvmlite.__version__, llvm.llvm_version_info, SPEED_LEVEL)
    return hashlib.sha256(repr((text, target, versions)).encode()).hexdigest()


def _optimised(text: str, machine: llvm.TargetMachine) -> llvm.ModuleRef:
    module = llvm.parse_assembly(text)
    module.verify()
    options = llvm.create_pipeline_tuning_options(speed_level=SPEED_LEVEL)
    options.loop_vectorization = options.slp_vectorization = False  # vectors are explicit
    builder = llvm.create_pass_builder(machine, options)
    builder.getModulePassManager().run(module, builder)
    return module

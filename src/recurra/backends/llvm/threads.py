"""Threads: compiled functions on a team of OpenMP threads, those of the runtime that torch has loaded; a barrier."""

from __future__ import annotations

import ctypes
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import llvmlite.binding as llvm
from llvmlite import ir

from recurra.backends.llvm.vectors import I32, I64, ControlFlow, constant, declared
from recurra.locks import cached

__all__ = ["openmp", "pool", "write_barrier", "write_team"]


_SPINS = 2000  # some microseconds; then the processor is left to others


@cached()
def pool(threads: int) -> ThreadPoolExecutor:
    """Return threads of Python, for where there is no OpenMP: compiled code runs without the GIL."""
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


def write_team(module: ir.Module, name: str, *, is_joint: bool) -> None:
    """Write name.team(arguments, -, threads): run name(arguments, number, threads) on threads of OpenMP.

    The runtime may give fewer threads than it is asked for. Each then runs several numbers; where the work is joint
    they share it among as many as there are.
    """
    pointer, void = ir.PointerType(), ir.VoidType()

    # what a C compiler makes of `#pragma omp parallel`: the body is a function of one pointer, to what threads share
    number = declared(module, "omp_get_thread_num", I32, [])
    count = declared(module, "omp_get_num_threads", I32, [])
    parallel = declared(module, "GOMP_parallel", void, [pointer, pointer, I32, I32])
    inside = ir.Function(module, ir.FunctionType(void, [pointer]), f"{name}.inside")
    inside.linkage = "internal"
    builder = ir.IRBuilder(inside.append_basic_block("entry"))
    arguments, threads = (
        builder.load(builder.gep(inside.args[0], [constant(k)], source_etype=I64), typ=I64) for k in (0, 1)
    )
    own, all_of_them = (builder.sext(builder.call(function, []), I64) for function in (number, count))

    def run(turn: ir.Value) -> None:
        builder.call(module.globals[name], [arguments, builder.add(own, builder.mul(turn, all_of_them)), threads])

    if is_joint:
        threads = all_of_them
    # the numbers own, own + all_of_them, ... below threads
    left = builder.add(builder.sub(threads, own), builder.sub(all_of_them, constant(1)))
    ControlFlow(builder).repeat(constant(0), builder.sdiv(left, all_of_them), 1, run)
    builder.ret_void()
    team = ir.Function(module, ir.FunctionType(void, [I64, I64, I64]), f"{name}.team")
    builder = ir.IRBuilder(team.append_basic_block("entry"))
    shared = builder.inttoptr(builder.ptrtoint(builder.alloca(ir.ArrayType(I64, 2)), I64), pointer)
    for k, value in enumerate((team.args[0], team.args[2])):
        builder.store(value, builder.gep(shared, [constant(k)], source_etype=I64))
    builder.call(parallel, [inside, shared, builder.trunc(team.args[2], I32), ir.Constant(I32, 0)])
    builder.ret_void()


def write_barrier(module: ir.Module) -> ir.Function:
    """Return barrier(counter, threads), which returns when all have called it; the counter begins with 0.

    The counter only grows: those who arrive wait until it has reached the next multiple of the threads.
    """
    name = "barrier"
    if name in module.globals:
        return module.globals[name]
    yields = ir.Function(module, ir.FunctionType(I32, []), "sched_yield")
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [I64, I64]), name)
    function.linkage = "internal"
    function.attributes.add("noinline")
    entry, head, wait, give_way, done = (
        function.append_basic_block(label) for label in ("entry", "head", "wait", "give_way", "done")
    )
    b = ir.IRBuilder(entry)
    counter = b.inttoptr(function.args[0], ir.PointerType())
    threads = function.args[1]
    # The counter is never set back: who hurries to the next barrier counts on, and leaves alone what those wait for who
    # have not yet left this one. It has 64 bits and does not overflow.
    before = b.atomic_rmw("add", counter, constant(1), "seq_cst")
    target = b.mul(b.add(b.sdiv(before, threads), constant(1)), threads)
    b.branch(head)
    b.position_at_end(head)
    spins = b.phi(I64)
    spins.add_incoming(constant(0), entry)
    # acquire: what the others wrote before they arrived is seen by what follows
    now = b.load_atomic(counter, "acquire", 8, typ=I64)
    b.cbranch(b.icmp_signed(">=", now, target), done, wait)
    b.position_at_end(wait)
    following = b.add(spins, constant(1))
    spins.add_incoming(following, wait)
    b.cbranch(b.icmp_signed(">", spins, constant(_SPINS)), give_way, head)
    b.position_at_end(give_way)
    b.call(yields, [])  # whoever is missing may be waiting for this very processor
    spins.add_incoming(following, give_way)
    b.branch(head)
    b.position_at_end(done)
    b.ret_void()
    return function

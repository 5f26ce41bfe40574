"""A barrier in machine code: threads wait for each other between two pieces of work that take microseconds."""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from recurra.backends.llvm.flow import constant
from recurra.backends.llvm.vectors import I32, I64

__all__ = ["write_barrier"]

Value = Any
_SPINS = 2000  # some microseconds; then the processor is left to others


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
    before = b.atomic_rmw("add", counter, constant(1), "seq_cst")
    target = b.mul(b.add(b.sdiv(before, threads), constant(1)), threads)
    b.branch(head)
    b.position_at_end(head)
    spins = b.phi(I64)
    spins.add_incoming(constant(0), entry)
    now = b.load_atomic(counter, "acquire", 8, typ=I64)
    b.cbranch(b.icmp_signed(">=", now, target), done, wait)
    b.position_at_end(wait)
    following = b.add(spins, constant(1))
    spins.add_incoming(following, wait)
    b.cbranch(b.icmp_signed(">", spins, constant(_SPINS)), give_way, head)
    b.position_at_end(give_way)
    b.call(yields, [])
    spins.add_incoming(following, give_way)
    b.branch(head)
    b.position_at_end(done)
    b.ret_void()
    return function

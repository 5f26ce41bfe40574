"""A function that a team of OpenMP threads runs: those of the runtime that torch has loaded."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from recurra.backends.llvm.flow import Flow, constant
from recurra.backends.llvm.vectors import I32, I64

__all__ = ["write_team"]


def write_team(module: ir.Module, name: str, *, is_joint: bool) -> None:
    """Write name.team(arguments, -, threads): run name(arguments, number, threads) on threads of OpenMP.

    The runtime may give fewer threads than it is asked for. Each then runs several numbers; where the work is joint
    they share it among as many as there are.
    """
    pointer, void = ir.PointerType(), ir.VoidType()

    def declared(symbol: str, result: ir.Type, arguments: Sequence[ir.Type]) -> ir.Function:
        if symbol in module.globals:
            return module.globals[symbol]
        return ir.Function(module, ir.FunctionType(result, arguments), symbol)

    number = declared("omp_get_thread_num", I32, [])
    count = declared("omp_get_num_threads", I32, [])
    parallel = declared("GOMP_parallel", void, [pointer, pointer, I32, I32])
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
    left = builder.add(builder.sub(threads, own), builder.sub(all_of_them, constant(1)))
    Flow(builder).repeat(constant(0), builder.sdiv(left, all_of_them), 1, run)
    builder.ret_void()
    team = ir.Function(module, ir.FunctionType(void, [I64, I64, I64]), f"{name}.team")
    builder = ir.IRBuilder(team.append_basic_block("entry"))
    shared = builder.inttoptr(builder.ptrtoint(builder.alloca(ir.ArrayType(I64, 2)), I64), pointer)
    for k, value in enumerate((team.args[0], team.args[2])):
        builder.store(value, builder.gep(shared, [constant(k)], source_etype=I64))
    builder.call(parallel, [inside, shared, builder.trunc(team.args[2], I32), ir.Constant(I32, 0)])
    builder.ret_void()

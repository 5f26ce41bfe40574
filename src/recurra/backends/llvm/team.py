"""A function that a team of OpenMP threads runs: those of the runtime that torch has loaded."""

from __future__ import annotations

from collections.abc import Sequence

from llvmlite import ir

from recurra.backends.llvm.vectors import I32, I64

__all__ = ["write_team"]


def write_team(module: ir.Module, name: str) -> None:
    """Write name.team(arguments, -, threads): run name(arguments, number, threads) on threads of OpenMP."""
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
    arguments = builder.ptrtoint(inside.args[0], I64)
    builder.call(
        module.globals[name],
        [arguments, builder.sext(builder.call(number, []), I64), builder.sext(builder.call(count, []), I64)],
    )
    builder.ret_void()
    team = ir.Function(module, ir.FunctionType(void, [I64, I64, I64]), f"{name}.team")
    builder = ir.IRBuilder(team.append_basic_block("entry"))
    threads = builder.trunc(team.args[2], I32)
    builder.call(parallel, [inside, builder.inttoptr(team.args[0], pointer), threads, ir.Constant(I32, 0)])
    builder.ret_void()

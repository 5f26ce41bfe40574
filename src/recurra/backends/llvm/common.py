"""Common code: what every program calls beside its own functions, in modules of its own.

It depends on the dtype and the weights' storage alone: so it is compiled once, whatever cells there are.
"""

from __future__ import annotations

from collections.abc import Callable

from llvmlite import ir

from recurra.backends.llvm.call_table import (
    ADD,
    COPY,
    LAUNCH,
    SCRIPT,
    write_add,
    write_copy,
    write_launch,
    write_script,
)
from recurra.backends.llvm.compiler import Target, scalar_type
from recurra.backends.llvm.denormals import FLUSH, write_flush
from recurra.backends.llvm.module import Description, Module, Written
from recurra.backends.llvm.products import PACK, SUMS, write_packing, write_sums
from recurra.backends.llvm.storage import Storage
from recurra.backends.llvm.threads import write_team
from recurra.locks import cached

__all__ = ["common_module"]


@cached()
def common_module(name: str, target: Target, dtype: str, storage: Storage, *, team: bool) -> Module:
    """Return the module of `PACK`, `SUMS` or `FLUSH`, or of what follows a table of calls, by its first function.

    With `team`, each that several threads may run is also there as one that a team of OpenMP threads runs.
    """
    names = (SCRIPT, LAUNCH, COPY, ADD) if name == SCRIPT else (name, f"{name}.team") if team else (name,)
    return Module(
        names,
        target,
        lambda: Description((name, target, dtype, storage, team)),
        lambda: Written(_text(name, target, dtype, storage, team=team), {}),
    )


def _text(name: str, target: Target, dtype: str, storage: Storage, *, team: bool) -> str:
    module = ir.Module(name="recurra")
    module.triple = target.triple
    scalar, lanes = scalar_type(dtype), target.lanes(dtype)
    if name == SCRIPT:
        write_script(module)
        write_launch(module)
        write_copy(module)
        write_add(module, scalar, lanes)
        return str(module)
    writers: dict[str, Callable[[], None]] = {
        PACK: lambda: write_packing(module, scalar, lanes, storage), SUMS: lambda: write_sums(module, scalar, lanes),
        FLUSH: lambda: write_flush(module, target),
    }  # fmt: skip
    writers[name]()
    if team:
        write_team(module, name, is_joint=False)
    return str(module)

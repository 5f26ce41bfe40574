"""What a calibration belongs to: a processor, a number of threads, the versions of what computes."""

from __future__ import annotations

import dataclasses
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import llvmlite
import torch

import recurra
from recurra.backends.llvm.target import host

__all__ = ["Machine"]


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A processor with a number of threads, and versions.

    Attributes
    ----------
    processor
        Its name.
    kind
        As LLVM names it.
    threads
        Threads of a layer.
    torch, llvmlite, recurra
        The versions.
    """

    processor: str
    kind: str
    threads: int
    torch: str
    llvmlite: str
    recurra: str

    @classmethod
    def here(cls, threads: int, /) -> Self:
        """Return this machine."""
        return cls(
            processor=_processor(), kind=host().cpu, threads=threads, torch=torch.__version__,
            llvmlite=llvmlite.__version__, recurra=recurra.__version__,
        )  # fmt: skip

    def differences(self, other: Machine, /) -> list[str]:
        """Return what is different in another, each as "name: theirs, not ours"."""
        pairs = zip(dataclasses.astuple(self), dataclasses.astuple(other), dataclasses.fields(self), strict=True)
        return [f"{field.name}: {mine}, not {theirs}" for mine, theirs, field in pairs if mine != theirs]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())

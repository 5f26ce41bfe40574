"""What a calibration belongs to: a processor and a number of threads, or a GPU; the versions of what computes."""

from __future__ import annotations

import dataclasses
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import torch

import recurra
from recurra.backends.cost import Limits, limits_of
from recurra.backends.kernel import compiler_of
from recurra.errors import InputError

__all__ = ["Limits", "Machine", "gpu_here"]


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A processor with a number of threads, or a GPU, and versions.

    Attributes
    ----------
    processor
        Its name, or that of the GPU.
    kind
        As LLVM names it; of a GPU its compute capability, and how float32 is multiplied.
    threads
        Threads of a layer; of a GPU its multiprocessors.
    shared
        Bytes of shared memory of a program on a GPU; 0 for a processor.
    torch, compiler, recurra
        The versions; the compiler is llvmlite or triton.
    """

    processor: str
    kind: str
    threads: int
    shared: int
    torch: str
    compiler: str
    recurra: str

    @classmethod
    def here(cls, threads: int, /) -> Self:
        """Return this machine's processor."""
        kind, compiler = compiler_of("llvm")
        return cls(
            processor=_processor(), kind=kind, threads=threads, shared=0, torch=torch.__version__, compiler=compiler,
            recurra=recurra.__version__,
        )  # fmt: skip

    @classmethod
    def gpu_of(cls, gpu: Limits, /) -> Self:
        """Return this machine's GPU, which has these limits.

        Raises
        ------
        InputError
            If there is no such GPU.
        """
        if gpu_here() != gpu:
            raise InputError(f"there is no GPU here with {gpu}; its prices cannot be measured")
        kind, compiler = compiler_of("triton")
        return cls(
            processor=torch.cuda.get_device_name(), kind=kind, threads=gpu.multiprocessors, shared=gpu.shared,
            torch=torch.__version__, compiler=compiler, recurra=recurra.__version__,
        )  # fmt: skip

    @classmethod
    def of(cls, threads: int | None, gpu: Limits | None, /) -> Self:
        """Return this machine's GPU, or its processor with so many threads, by default as many as torch takes."""
        return cls.here(threads or torch.get_num_threads()) if gpu is None else cls.gpu_of(gpu)

    @property
    def gpu(self) -> Limits | None:
        """The limits of the GPU; None for a processor."""
        return Limits(multiprocessors=self.threads, shared=self.shared) if self.shared else None

    def differences(self, other: Machine, /) -> list[str]:
        """Return what is different in another, each as "name: theirs, not ours"."""
        pairs = zip(dataclasses.astuple(self), dataclasses.astuple(other), dataclasses.fields(self), strict=True)
        return [f"{field.name}: {mine}, not {theirs}" for mine, theirs, field in pairs if mine != theirs]


def gpu_here() -> Limits | None:
    """Return the limits of this machine's GPU; None where there is none."""
    return limits_of(torch.device("cuda")) if torch.cuda.is_available() else None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())

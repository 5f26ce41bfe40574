"""The processors that objects are made for, and how LLVM makes them: neither compiler nor linker is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import llvmlite.binding as llvm

from recurra.errors import ExportError, nearest
from recurra.export.ir_steps import CodeShape
from recurra.locks import cached, making

__all__ = ["TARGETS", "Processor", "emitted", "here", "processor_of"]


@dataclass(frozen=True)
class Processor:
    """A kind of processor, with its conventions.

    Attributes
    ----------
    triple, cpu, features, abi : str
        As LLVM names them.
    lanes, panel : int
        See `recurra.export.ir_steps.CodeShape`.
    is_relocatable : bool
        Whether addresses are relative, as where programs are loaded to any place.
    """

    triple: str
    cpu: str = ""
    features: str = ""
    abi: str = ""
    lanes: int = 1
    panel: int = 4
    is_relocatable: bool = False

    def shape(self) -> CodeShape:
        """Return what code is shaped for."""
        layout = self.generator().target_data
        data = llvm.create_target_data(str(layout))
        word = llvm.parse_assembly("@p = global ptr null").get_global_variable("p")
        bits = 8 * data.get_abi_size(word.global_value_type)
        return CodeShape(bits, self.lanes, self.panel, is_big_endian=str(layout).startswith("E"))

    @property
    def is_known(self) -> bool:
        """Whether LLVM makes code for it."""
        _initialise()
        try:
            llvm.Target.from_triple(self.triple)
        except RuntimeError:
            return False
        return True

    def generator(self) -> llvm.TargetMachine:
        """Return LLVM's code generator."""
        _initialise()
        return llvm.Target.from_triple(self.triple).create_target_machine(
            cpu=self.cpu, features=self.features, abiname=self.abi, opt=2, codemodel="default",
            reloc="pic" if self.is_relocatable else "static",
        )  # fmt: skip


TARGETS: Mapping[str, Processor] = {
    "x86_64": Processor("x86_64-unknown-linux-gnu", "x86-64", lanes=4, panel=32, is_relocatable=True),
    "x86_64_v3": Processor("x86_64-unknown-linux-gnu", "x86-64-v3", lanes=8, panel=64, is_relocatable=True),
    "aarch64": Processor("aarch64-unknown-linux-gnu", "generic", lanes=4, panel=64, is_relocatable=True),
    "armv7": Processor("armv7-unknown-linux-gnueabihf", "cortex-a9", "+neon", lanes=4, panel=32, is_relocatable=True),
    "thumbv6m": Processor("thumbv6m-unknown-none-eabi", "cortex-m0"),
    "thumbv7m": Processor("thumbv7m-unknown-none-eabi", "cortex-m3"),
    "thumbv7em": Processor("thumbv7em-unknown-none-eabihf", "cortex-m4", panel=16),
    "thumbv7em-none-eabi": Processor("thumbv7em-unknown-none-eabi", "cortex-m4", "+soft-float"),
    "thumbv7em-none-eabihf": Processor("thumbv7em-unknown-none-eabihf", "cortex-m4", panel=16),
    "cortex-m7": Processor("thumbv7em-unknown-none-eabihf", "cortex-m7", panel=16),
    "thumbv8m": Processor("thumbv8m.main-unknown-none-eabihf", "cortex-m33", panel=16),
    "riscv32": Processor("riscv32-unknown-elf", "generic-rv32", "+m,+a,+f,+c", "ilp32f", panel=16),
    "riscv32imac": Processor("riscv32-unknown-elf", "generic-rv32", "+m,+a,+c", "ilp32"),
    "riscv32imafc": Processor("riscv32-unknown-elf", "generic-rv32", "+m,+a,+f,+c", "ilp32f", panel=16),
    "riscv64": Processor("riscv64-unknown-linux-gnu", "generic-rv64", "+m,+a,+f,+d,+c", "lp64d", panel=16,
                       is_relocatable=True),
}  # fmt: skip
"""Name -> the processor. All others are triples of LLVM's, with what is in every processor of theirs."""


def processor_of(target: str | None) -> Processor:
    """Return a processor by its name, by a triple of LLVM's, or this machine's kind; raise `ExportError`."""
    if target is None:
        return here()
    processor = TARGETS.get(target)
    if processor is None:
        arch, *rest = target.split("-")
        if len(rest) == 2 and rest[0] in ("none", "linux"):  # as compilers have it: without who sells the processor
            rest.insert(0, "unknown")
        processor = Processor("-".join([arch, *rest]))
        if not rest or not processor.is_known:
            version = ".".join(map(str, llvm.llvm_version_info))
            raise ExportError(
                f"target: LLVM {version} has no processor {target!r}; expected one of "
                f"{list(TARGETS)}, or a triple of LLVM's such as 'mips-linux-gnu'{nearest(target, TARGETS)}"
            )
    return processor


def here() -> Processor:
    """Return the kind of this machine: what all of its kind can run."""
    triple = llvm.get_process_triple()
    known = TARGETS.get(triple.partition("-")[0].replace("arm64", "aarch64"))
    lanes, panel = (known.lanes, known.panel) if known else (1, 4)
    cpu, features, abi = (known.cpu, known.features, known.abi) if known else ("", "", "")
    return Processor(triple, cpu, features, abi, lanes, panel, is_relocatable=True)


@cached()
def _initialise() -> None:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()


def emitted(text: str, processor: Processor) -> bytes:
    """Return the object that LLVM makes of a module."""
    with making:
        generator = processor.generator()
        module = llvm.parse_assembly(text)
        module.triple, module.data_layout = processor.triple, str(generator.target_data)
        module.verify()
        # vectors are written out already
        options = llvm.create_pipeline_tuning_options(2)
        options.loop_vectorization = options.slp_vectorization = options.loop_interleaving = False
        builder = llvm.create_pass_builder(generator, options)
        builder.getModulePassManager().run(module, builder)
        return generator.emit_object(module)

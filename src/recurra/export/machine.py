"""The processors that objects are made for, and how LLVM makes them: neither compiler nor linker is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import llvmlite.binding as llvm

from recurra.errors import ExportError, nearest
from recurra.export.ir_steps import Shape
from recurra.locks import cached, making

__all__ = ["TARGETS", "Machine", "emitted", "here", "machine_of"]


@dataclass(frozen=True)
class Machine:
    """A kind of processor, with its conventions.

    Attributes
    ----------
    triple, cpu, features, abi : str
        As LLVM names them.
    lanes, panel : int
        See `recurra.export.ir_steps.Shape`.
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

    def shape(self) -> Shape:
        """Return what code is shaped for."""
        layout = self.generator().target_data
        data = llvm.create_target_data(str(layout))
        word = llvm.parse_assembly("@p = global ptr null").get_global_variable("p")
        bits = 8 * data.get_abi_size(word.global_value_type)
        return Shape(bits, self.lanes, self.panel, is_big_endian=str(layout).startswith("E"))

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


TARGETS: Mapping[str, Machine] = {
    "x86_64": Machine("x86_64-unknown-linux-gnu", "x86-64", lanes=4, panel=32, is_relocatable=True),
    "x86_64_v3": Machine("x86_64-unknown-linux-gnu", "x86-64-v3", lanes=8, panel=64, is_relocatable=True),
    "aarch64": Machine("aarch64-unknown-linux-gnu", "generic", lanes=4, panel=64, is_relocatable=True),
    "armv7": Machine("armv7-unknown-linux-gnueabihf", "cortex-a9", "+neon", lanes=4, panel=32, is_relocatable=True),
    "thumbv6m": Machine("thumbv6m-unknown-none-eabi", "cortex-m0"),
    "thumbv7m": Machine("thumbv7m-unknown-none-eabi", "cortex-m3"),
    "thumbv7em": Machine("thumbv7em-unknown-none-eabihf", "cortex-m4", panel=16),
    "thumbv7em-none-eabi": Machine("thumbv7em-unknown-none-eabi", "cortex-m4", "+soft-float"),
    "thumbv7em-none-eabihf": Machine("thumbv7em-unknown-none-eabihf", "cortex-m4", panel=16),
    "cortex-m7": Machine("thumbv7em-unknown-none-eabihf", "cortex-m7", panel=16),
    "thumbv8m": Machine("thumbv8m.main-unknown-none-eabihf", "cortex-m33", panel=16),
    "riscv32": Machine("riscv32-unknown-elf", "generic-rv32", "+m,+a,+f,+c", "ilp32f", panel=16),
    "riscv32imac": Machine("riscv32-unknown-elf", "generic-rv32", "+m,+a,+c", "ilp32"),
    "riscv32imafc": Machine("riscv32-unknown-elf", "generic-rv32", "+m,+a,+f,+c", "ilp32f", panel=16),
    "riscv64": Machine("riscv64-unknown-linux-gnu", "generic-rv64", "+m,+a,+f,+d,+c", "lp64d", panel=16,
                       is_relocatable=True),
}  # fmt: skip
"""Name -> the processor. All others are triples of LLVM's, with what is in every processor of theirs."""


def machine_of(target: str | None) -> Machine:
    """Return a processor by its name, by a triple of LLVM's, or this machine's kind; raise `ExportError`."""
    if target is None:
        return here()
    machine = TARGETS.get(target)
    if machine is None:
        arch, *rest = target.split("-")
        if len(rest) == 2 and rest[0] in ("none", "linux"):  # as compilers have it: without who sells the processor
            rest.insert(0, "unknown")
        machine = Machine("-".join([arch, *rest]))
        if not rest or not machine.is_known:
            version = ".".join(map(str, llvm.llvm_version_info))
            raise ExportError(
                f"target: LLVM {version} has no processor {target!r}; expected one of "
                f"{list(TARGETS)}, or a triple of LLVM's such as 'mips-linux-gnu'{nearest(target, TARGETS)}"
            )
    return machine


def here() -> Machine:
    """Return the kind of this machine: what all of its kind can run."""
    triple = llvm.get_process_triple()
    known = TARGETS.get(triple.partition("-")[0].replace("arm64", "aarch64"))
    lanes, panel = (known.lanes, known.panel) if known else (1, 4)
    cpu, features, abi = (known.cpu, known.features, known.abi) if known else ("", "", "")
    return Machine(triple, cpu, features, abi, lanes, panel, is_relocatable=True)


@cached()
def _initialise() -> None:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()


def emitted(text: str, machine: Machine) -> bytes:
    """Return the object that LLVM makes of a module."""
    with making:
        generator = machine.generator()
        module = llvm.parse_assembly(text)
        module.triple, module.data_layout = machine.triple, str(generator.target_data)
        module.verify()
        # vectors are written out already
        options = llvm.create_pipeline_tuning_options(2)
        options.loop_vectorization = options.slp_vectorization = options.loop_interleaving = False
        builder = llvm.create_pass_builder(generator, options)
        builder.getModulePassManager().run(module, builder)
        return generator.emit_object(module)

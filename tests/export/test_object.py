"""Bare objects: cells agree with their layers, bits with those of C, and other processors run them under QEMU."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from export_cases import FEW, layer_of, made_of_several, some, transformed, uncompiled

from recurra.cells import all_cells
from recurra.errors import ExportError
from recurra.export import ExportedModel, check_export, export
from recurra.export.c_artefact import CArtefact, c_compiler, compiled
from recurra.export.checking import checked_sequences, expected, short_sequences
from recurra.export.lowering import lowered
from recurra.export.object_format import LinkedObject
from recurra.nn import GRU, LSTM, Sequential

ALL = [pytest.param(name, marks=() if name in FEW else pytest.mark.slow) for name in all_cells]


@pytest.mark.parametrize("name", ALL)
def test_a_cell_agrees_with_its_layer(name: str) -> None:
    check_export(layer_of(all_cells[name]), "object")


@pytest.mark.parametrize("model", some([*made_of_several(), *transformed()], "begun", "heads"))
def test_stacks_directions_heads_and_transforms(model: torch.nn.Module) -> None:
    check_export(model, "object")


@pytest.mark.skipif(not shutil.which("gcc") and not shutil.which("clang"), reason="no C compiler")
@pytest.mark.parametrize("name", ["sLSTM", "CfC", pytest.param("tauGRU", marks=pytest.mark.slow)])
def test_bits_are_those_of_c(name: str, tmp_path: Path) -> None:
    """Whatever a processor's vectors are: the same sums in the same order."""
    layer = layer_of(all_cells[name])
    source, _ = export(layer, tmp_path / "m.c")
    file, _ = export(layer, tmp_path / "o.o", name="m")
    model = layer.exported()
    libraries = compiled(source), LinkedObject(file.read_bytes())
    of_c, of_object = (CArtefact(each, "m", model, lowered(model)) for each in libraries)
    for sequences in checked_sequences(model, seed=1):
        a, b = of_c.run(sequences), of_object.run(sequences)
        np.testing.assert_array_equal(a.y.view(np.uint32), b.y.view(np.uint32))


def test_functions_give_the_bits_of_c(tmp_path: Path) -> None:
    """Each of them, over numbers of all sizes, those that are awkward among them; as vectors and one by one."""
    import ctypes

    from llvmlite import ir

    from recurra.export.c_functions import FUNCTIONS
    from recurra.export.ir_functions import applied
    from recurra.export.ir_numbers import FLOAT, POINTER, WORD, Lanes, Number
    from recurra.export.processors import emitted, here

    arities = dict.fromkeys(("exp", "log", "tanh", "sigmoid", "sqrt", "erf", "softplus", "sin", "cos", "floor"), 1)
    arities |= {"relu": 1, "sign": 1, "heaviside": 1, "abs": 1, "pow": 2, "mod": 2, "maximum": 2, "minimum": 2}
    calls = "\n".join(
        f"void all_{name}(const float *x, const float *y, float *z) {{ (void)y; for (int i = 0; i < 4; i++)"
        f" z[i] = r_{name}(x[i]{', y[i]' * (arity - 1)}); }}"
        for name, arity in arities.items()
    )
    macros = "#define R_INFINITY r_float(0x7f800000u)\n#define R_NAN r_float(0x7fc00000u)\n"
    (tmp_path / "all.c").write_text("#include <stdint.h>\n" + macros + "\n".join(FUNCTIONS.values()) + "\n" + calls)
    of_c = compiled(tmp_path / "all.c", flags=("-std=c99", "-O1", "-ffp-contract=off"))
    module = ir.Module()
    for name, arity in arities.items():
        for count in (1, 4):
            kind = ir.FunctionType(ir.VoidType(), [POINTER] * 3)
            function = ir.Function(module, kind, f"m_{name}{count}")
            builder = ir.IRBuilder(function.append_basic_block())
            lanes = Lanes(builder, count)
            for first in range(0, 4, count):
                *given, target = (
                    builder.gep(each, [ir.Constant(WORD, first)], source_etype=FLOAT) for each in function.args
                )
                values = [Number(lanes, builder.load(each, typ=lanes.kind(FLOAT), align=4)) for each in given[:arity]]
                builder.store(applied(name, values).value, target, align=4)
            builder.ret_void()
    of_object = LinkedObject(emitted(str(module), here()))
    generator = np.random.default_rng(0)
    x = (10.0 ** generator.uniform(-6, 2, 400) * generator.choice([-1, 1], 400)).astype(np.float32)
    awkward = np.float32([0, -0.0, 1, -1, 1e-40, 2**24, 1e5, -88.5, 88.9, -104, 3, -2, 0.5, np.inf, -np.inf, np.nan])
    pairs = np.array(np.meshgrid(awkward, awkward), np.float32).reshape(2, -1)
    x, y = np.concatenate([x, pairs[0]]), np.concatenate([generator.permutation(x) % 5, pairs[1]])
    for name in arities:
        z = np.empty((3, x.size), np.float32)
        functions = getattr(of_c, f"all_{name}"), *(getattr(of_object, f"m_{name}{count}") for count in (1, 4))
        for row, function in enumerate(functions):
            for i in range(0, x.size, 4):
                function(*(ctypes.c_void_p(each[i:].ctypes.data) for each in (x, y, z[row])))
        z[np.isnan(z)] = np.nan  # of a NaN's bits nobody says anything
        for row in z[1:]:
            wrong = np.flatnonzero(row.view(np.uint32) != z[0].view(np.uint32))
            assert not wrong.size, (name, x[wrong[:4]], y[wrong[:4]], row[wrong[:4]], z[0, wrong[:4]])


# other processors ------------------------------------------------------------------------------------------------

HERE = Path(__file__).parent
CORTEX = [HERE / "cortex_m4.c", "-mthumb", *(f"-Wl,{place}" for place in (
    "--section-start=.vectors=0", "-Ttext=0x400", "-Tdata=0x20000000", "-Tbss=0x20100000", "-e,start",
))]  # fmt: skip
HARD = ["-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]
RISCV = [HERE / "riscv32.c", "-Wl,-e,start"]
M4, M7 = (
    ["qemu-system-arm", "-semihosting", "-nographic", "-M", machine, "-cpu", cpu, "-kernel"]
    for machine, cpu in (("mps2-an386", "cortex-m4"), ("mps2-an500", "cortex-m7"))
)

RUNNERS: dict[str, tuple[str, list[Any], list[str]]] = {
    "thumbv7em": ("arm-none-eabi-gcc", [*CORTEX, "-mcpu=cortex-m4", *HARD], M4),
    "thumbv7em-none-eabi": ("arm-none-eabi-gcc", [*CORTEX, "-mcpu=cortex-m4", "-mfloat-abi=soft"], M4),
    "cortex-m7": ("arm-none-eabi-gcc", [*CORTEX, "-mcpu=cortex-m7", "-mfloat-abi=hard", "-mfpu=fpv5-sp-d16"], M7),
    "riscv32": ("riscv64-unknown-elf-gcc", [*RISCV, "-march=rv32imafc", "-mabi=ilp32f"], ["qemu-riscv32"]),
    "riscv32imac": ("riscv64-unknown-elf-gcc", [*RISCV, "-march=rv32imac", "-mabi=ilp32"], ["qemu-riscv32"]),
    "aarch64": ("aarch64-linux-gnu-gcc", ["-static"], ["qemu-aarch64"]),
}  # fmt: skip
"""Target -> compiler that links, its options, and what runs the program."""


def _program(model: Any, name: str) -> str:
    """Return a main that runs one sequence, step by step, and compares."""
    described = model.exported()
    sequences = short_sequences(described)
    wanted = expected(described, sequences).y
    arrays = "\n".join(
        f"static const float {key}[] = {{{', '.join(f'{number:.9e}f' for number in values.ravel())}}};"
        for key, values in (("x", sequences.x), ("wanted", wanted))
    )
    return f"""#include "{name}.h"
{arrays}
int main(void) {{
  static {name}_state state;
  static float y[{wanted.size}];
  {name}_reset(&state);
  {name}_step(&state, x, y);
  {name}_run(&state, x + {described.input_size}, y + {described.output_size}, {len(wanted) - 1});
  for (int i = 0; i < {wanted.size}; i++)
    if (!(y[i] - wanted[i] < 1e-5f && wanted[i] - y[i] < 1e-5f)) return 1;
  return 0;
}}
"""


@pytest.mark.parametrize(
    "target",
    [pytest.param(each, marks=() if each in ("thumbv7em", "riscv32") else pytest.mark.slow) for each in RUNNERS],
)
def test_another_processor_gives_the_same(target: str, tmp_path: Path) -> None:
    """Linked by that processor's compiler, with nothing but what it has for each program, and run under QEMU."""
    compiler, options, runner = RUNNERS[target]
    for tool in (compiler, runner[0]):
        if not shutil.which(tool):
            pytest.skip(f"no {tool}")
    first = GRU(3, 8, num_layers=2)
    model = Sequential(uncompiled(first), layer_of(all_cells["sLSTM"], input_size=8), torch.nn.Linear(12, 2))
    file, _ = export(model, tmp_path / "small.o", target=target)
    (tmp_path / "main.c").write_text(_program(model, "small"))
    command = [compiler, "-O1", "-ffreestanding", "-fno-tree-loop-distribute-patterns", "main.c", str(file), *options]
    alone = ["-nostdlib", "-lgcc"] if "-static" not in options else []
    subprocess.run([*map(str, command), *alone, "-o", "program"], check=True, cwd=tmp_path)
    assert subprocess.run([*runner, "program"], timeout=60, check=False, cwd=tmp_path).returncode == 0


def test_an_object_links_into_a_program_of_this_machine(tmp_path: Path) -> None:
    """As position-independent programs are, by the compiler's default."""
    compiler = c_compiler()
    model = uncompiled(LSTM(3, 8))
    file, _ = export(model, tmp_path / "small.o", weights="int8")
    model = model.quantised("int8")
    (tmp_path / "main.c").write_text(_program(model, "small"))
    subprocess.run([compiler, "main.c", str(file), "-Wall", "-Werror", "-o", "main"], check=True, cwd=tmp_path)
    assert subprocess.run([tmp_path / "main"], check=False).returncode == 0


def test_what_an_object_asks_for(tmp_path: Path) -> None:
    """Nothing where the processor has floats; for memset and memcpy nowhere."""
    model = Sequential(uncompiled(LSTM(3, 37)), layer_of(all_cells["sLSTM"], input_size=37))
    nm = shutil.which("nm")
    if nm is None:
        pytest.skip("no nm")
    for target in ("x86_64", "thumbv7em"):
        file, _ = export(model, tmp_path / f"{target}.o", target=target)
        assert not {b"memset", b"memcpy", b"memmove"} & set(file.read_bytes().split(b"\0")), target
    found = subprocess.run([nm, "-u", str(tmp_path / "x86_64.o")], capture_output=True, text=True, check=True)
    assert found.stdout == ""


def test_a_target_that_llvm_lacks_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"no processor 'thumbv7en'; .*'riscv32imac'.*; did you mean 'thumbv7em'"):
        export(uncompiled(GRU(2, 3)), tmp_path / "m.o", target="thumbv7en")
    with pytest.raises(ExportError, match="no processor 'xtensa-none-elf'"):
        export(uncompiled(GRU(2, 3)), tmp_path / "m.o", target="xtensa-none-elf")
    assert not list(tmp_path.iterdir())


def test_classes_have_their_names_in_a_program(tmp_path: Path) -> None:
    """What the header declares is there, of any letters; a header has the digest of its object."""
    compiler = c_compiler()
    layer = uncompiled(GRU(2, 3))
    names = ("ja", 'nein "?"', "ñandú")

    class Named(torch.nn.Module):
        def exported(self, *, weights: str = "float32") -> ExportedModel:
            return replace(layer.exported(weights=weights), classes=names)

    _, header = export(Named(), tmp_path / "named.o")
    assert "RECURRA_DIGEST" not in header.read_text()
    (tmp_path / "main.c").write_text(
        '#include <stdio.h>\n#include "named.h"\n'
        "int main(void) { for (int k = 0; k < NAMED_CLASSES; k++) puts(named_classes[k]); return 0; }\n"
    )
    subprocess.run([compiler, "main.c", "named.o", "-Wall", "-Werror", "-o", "main"], check=True, cwd=tmp_path)
    assert subprocess.run([tmp_path / "main"], capture_output=True, check=True).stdout.decode().split("\n") == [
        *names,
        "",
    ]

"""C: every cell and what is made of cells agrees with its layer, compiled without a library and without a warning."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import torch
from export_cases import FEW, layer_of, made_of_several, transformed, uncompiled

from recurra.cells import all_cells
from recurra.export import check_export, export
from recurra.export.c_artefact import c_compiler
from recurra.export.c_functions import FUNCTIONS
from recurra.nn import GRU, LSTM, Sequential

pytestmark = pytest.mark.skipif(not shutil.which("gcc") and not shutil.which("clang"), reason="no C compiler")

CORTEX_M4 = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]

ALL = [pytest.param(name, marks=() if name in FEW else pytest.mark.slow) for name in all_cells]


@pytest.mark.parametrize("name", ALL)
def test_a_cell_agrees_with_its_layer(name: str) -> None:
    check_export(layer_of(all_cells[name]), "c")


@pytest.mark.parametrize("model", made_of_several())
def test_stacks_directions_and_heads(model: torch.nn.Module) -> None:
    check_export(model, "c")


@pytest.mark.parametrize("model", transformed())
def test_transforms(model: torch.nn.Module) -> None:
    check_export(model, "c")


@pytest.mark.parametrize("model", [uncompiled(LSTM(9, 10, num_layers=2)), layer_of(all_cells["MGU"])])
def test_weights_of_int8(model: torch.nn.Module) -> None:
    """Beside the quantised layer, which has the same numbers."""
    check_export(model, "c", weights="int8")


def test_a_file_checks_itself(tmp_path: Path) -> None:
    """With its main, with its own functions and with the platform's; a wrong weight is found."""
    model = Sequential(uncompiled(GRU(3, 8, num_layers=2)), torch.nn.Linear(8, 2))
    source, header = export(model, tmp_path / "gates.c")
    assert "gates_step" in header.read_text()
    main = tmp_path / "main"
    command = [
        c_compiler(),
        "-std=c99",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-O2",
        "-DGATES_TEST",
        str(source),
        "-o",
        str(main),
    ]
    for more in ([], ["-DGATES_LIBM", "-lm"]):
        subprocess.run([*command, *more], check=True)
        assert subprocess.run([main], capture_output=True, text=True, check=True).stdout.startswith("gates: the larg")
    text = source.read_text()
    place = text.index("{\n", text.index("static const float l0_")) + 2
    source.write_text(text[:place] + "9" + text[place:])
    subprocess.run(command, check=True)
    assert subprocess.run([main], capture_output=True, check=False).returncode == 1


def test_a_microcontroller_gives_the_same(tmp_path: Path) -> None:
    """A Cortex-M4F under QEMU runs the file's own check, with weights of int8 and nothing but its own functions."""
    if not shutil.which("arm-none-eabi-gcc") or not shutil.which("qemu-system-arm"):
        pytest.skip("no arm-none-eabi-gcc, or no qemu-system-arm")
    model = Sequential(uncompiled(LSTM(3, 8)), layer_of(all_cells["sLSTM"], input_size=8), torch.nn.Linear(12, 2))
    source, _ = export(model, tmp_path / "small.c", weights="int8")
    program, begin = tmp_path / "small.elf", Path(__file__).with_name("cortex_m4.c")
    places = ["--section-start=.vectors=0", "-Ttext=0x400", "-Tdata=0x20000000", "-Tbss=0x20100000", "-e,start"]
    command = ["arm-none-eabi-gcc", *CORTEX_M4, "-std=gnu99", "-O2", "-ffreestanding", "-nostdlib", "-DSMALL_TEST"]
    command += ["-fno-tree-loop-distribute-patterns", *(f"-Wl,{place}" for place in places), str(begin), str(source)]
    subprocess.run([*command, "-lgcc", "-o", str(program)], check=True)
    machine = ["qemu-system-arm", "-M", "mps2-an386", "-cpu", "cortex-m4", "-semihosting", "-nographic"]
    assert subprocess.run([*machine, "-kernel", str(program)], timeout=60, check=False).returncode == 0


@pytest.mark.parametrize(
    ("compiler", "flags"),
    [("clang", []), ("arm-none-eabi-gcc", CORTEX_M4)],
)
def test_other_compilers_say_nothing(compiler: str, flags: list[str], tmp_path: Path) -> None:
    if not shutil.which(compiler):
        pytest.skip(f"no {compiler}")
    for name in ("mLSTM", "CfC"):
        source, _ = export(layer_of(all_cells[name]), tmp_path / f"{name}.c")
        command = [compiler, *flags, "-std=c99", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-O2", "-c"]
        done = subprocess.run([*command, str(source), "-o", str(tmp_path / "x.o")], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


BOUNDS = {
    "exp": 2, "log": 2, "tanh": 3, "sigmoid": 3, "sqrt": 1, "erf": 3, "softplus": 3, "sin": 2, "cos": 2, "floor": 0,
    "pow": 1, "mod": 1,
}  # fmt: skip
"""Function -> units in the last place that it may be off."""


def test_functions_keep_to_their_bounds(tmp_path: Path) -> None:
    """Over numbers of all sizes, beside NumPy in float64; and at what is awkward."""
    import ctypes
    import math

    calls = "\n".join(
        f"void all_{name}(const float *x, const float *y, float *z, int n) {{ (void)y; for (int i = 0; i < n; i++)"
        f" z[i] = r_{name}(x[i]{', y[i]' if name in ('pow', 'mod') else ''}); }}"
        for name in BOUNDS
    )
    macros = "#define R_INFINITY r_float(0x7f800000u)\n#define R_NAN r_float(0x7fc00000u)\n"
    source = tmp_path / "all.c"
    source.write_text("#include <stdint.h>\n" + macros + "\n".join(FUNCTIONS.values()) + "\n" + calls)
    command = [
        c_compiler(),
        "-std=c99",
        "-O3",
        "-ffreestanding",
        "-shared",
        "-fPIC",
        str(source),
        "-o",
        str(tmp_path / "all.so"),
    ]
    subprocess.run(command, check=True)
    library = ctypes.CDLL(str(tmp_path / "all.so"))
    exact = {
        "exp": np.exp, "log": np.log, "tanh": np.tanh, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "floor": np.floor,
        "sigmoid": lambda x: 1 / (1 + np.exp(-x)), "softplus": lambda x: np.logaddexp(x, 0),
        "erf": np.vectorize(math.erf), "pow": np.power, "mod": np.mod,
    }  # fmt: skip
    generator = np.random.default_rng(0)
    sizes = np.concatenate([10.0 ** generator.uniform(-6, 2, 20000), generator.uniform(0, 4, 20000)])
    x = (sizes * generator.choice([-1, 1], sizes.size)).astype(np.float32)
    x = np.concatenate([x, np.float32([0, 1e-40, 2**24, 1e5, -88.5, 88.9, -104, np.inf, -np.inf, np.nan])])
    y = np.concatenate([generator.uniform(-4, 4, x.size - 4), [2, 3, -2, 0.5]]).astype(np.float32)
    for name, bound in BOUNDS.items():
        given = np.abs(x) if name in ("log", "sqrt") or (name == "pow") else x
        found = np.empty_like(given)
        pointers = [each.ctypes.data_as(ctypes.c_void_p) for each in (given, y, found)]
        getattr(library, f"all_{name}")(*pointers, given.size)
        with np.errstate(all="ignore"):
            arguments = (given.astype(float), y.astype(float)) if name in ("pow", "mod") else (given.astype(float),)
            wanted = exact[name](*arguments)
            rounded = wanted.astype(np.float32)
            # sigmoid ends in 0 rather than in subnormal numbers
            unit = np.maximum(np.spacing(np.abs(rounded)), np.float32(1e-38 if name == "sigmoid" else 1e-45))
            off = np.abs(found.astype(float) - wanted) / unit.astype(float)
        right = (found == rounded) | (np.isnan(found) & np.isnan(rounded))
        worst = int(np.argmax(np.where(right, 0, np.nan_to_num(off, nan=np.inf))))
        assert right[worst] or off[worst] <= bound + 0.5, (name, given[worst], y[worst], found[worst], wanted[worst])


@pytest.mark.slow
def test_a_keyword_model_fits_a_microcontroller(tmp_path: Path) -> None:
    """A GRU of 154 with weights of int8, in 100 kB of flash and 20 kB of memory with its stack."""
    if not shutil.which("arm-none-eabi-gcc"):
        pytest.skip("no arm-none-eabi-gcc")
    from benchmarks.exports import keyword_bytes

    taken = keyword_bytes(tmp_path)
    assert taken["flash"] < 100_000, taken
    assert taken["memory"] < 20_000, taken

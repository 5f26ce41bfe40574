"""`python -m benchmarks.exports`: one step of what was exported, of LSTMs and GRUs, against others' in the same run.

- C, compiled by gcc with -O3, and the object that needs no compiler, against ONNX Runtime at one step (called from
  Python, with everything bound), and with `--rtneural`, a clone of RTNeural with its submodules, against its templates
  with xsimd.
- A keyword model with weights of int8, linked for a Cortex-M4F by arm-none-eabi-gcc: its flash and its memory.
- WebAssembly in Node, and with `--onnxruntime-web`, a folder in whose `node_modules` that is, against its wasm backend.

All are on one thread, with the same weights; outputs are compared before anything is timed.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch

import recurra.nn
from benchmarks.alternate import write

INPUT_SIZE, HIDDEN_SIZES, WASM_SIZE = 32, (16, 64, 128), 64
KINDS = ("LSTM", "GRU")
STEPS = 2000
"""Steps of a block."""

FLAGS: Mapping[str, tuple[str, ...]] = {"-O3": (), "-O3 -march=native": ("-march=native",)}

Block = Callable[[], float]
"""Runs a block of steps and returns its seconds."""


def layer_of(kind: str, hidden_size: int) -> Any:
    """Return a layer that runs uncompiled where it is only exported."""
    torch.manual_seed(0)
    layer = getattr(recurra.nn, kind)(INPUT_SIZE, hidden_size)
    layer.backend = "numpy"
    return layer


# C ---------------------------------------------------------------------------------------------------------------

_C = """
#include <time.h>
#include "model.h"
static model_state state;
static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}
double ours(const float *x, float *y, long steps) {
  const double begin = seconds();
  model_reset(&state);
  for (long t = 0; t < steps; t++) model_step(&state, x + (t % 64) * MODEL_INPUT_SIZE, y);
  return seconds() - begin;
}
"""

_RTNEURAL = """
#include <chrono>
#include <fstream>
#include <RTNeural/RTNeural.h>
static RTNeural::ModelT<float, SIZES, RTNeural::KINDLayerT<float, SIZES>> model;
extern "C" void prepare(const char *file) {
  std::ifstream stream(file);
  nlohmann::json weights;
  stream >> weights;
  RTNeural::torch_helpers::loadKIND<float>(weights, "", model.get<0>());
  model.reset();
}
extern "C" double theirs(const float *x, float *y, long steps) {
  const auto begin = std::chrono::steady_clock::now();
  model.reset();
  for (long t = 0; t < steps; t++) model.forward(x + (t % 64) * model.input_size);
  std::copy(model.getOutputs(), model.getOutputs() + model.output_size, y);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}
"""


def compiled(command: list[str | Path]) -> None:
    """Run a compiler."""
    subprocess.run(list(map(str, command)), check=True)


def timed_in(library: Path, function: str) -> Callable[[np.ndarray, np.ndarray, int], float]:
    """Return a function of a library that runs steps: x (64, inputs), into y (outputs,)."""
    found = getattr(ctypes.CDLL(str(library)), function)
    found.restype = ctypes.c_double

    def run(x: np.ndarray, y: np.ndarray, steps: int) -> float:
        return found(ctypes.c_void_p(x.ctypes.data), ctypes.c_void_p(y.ctypes.data), ctypes.c_long(steps))

    return run


def ours_in_c(layer: Any, folder: Path, flags: tuple[str, ...]) -> Path:
    """Return a library of the exported C."""
    source, _ = layer.export(folder / "model.c", overwrite=True)
    (folder / "ours.c").write_text(_C)
    compiled(["gcc", "-O3", *flags, "-shared", "-fPIC", folder / "ours.c", source, "-o", folder / "ours.so"])
    return folder / "ours.so"


def ours_as_object(layer: Any, folder: Path, target: str) -> Path:
    """Return a library of the exported object."""
    file, _ = layer.export(folder / "model.o", target=target, overwrite=True)
    (folder / "ours.c").write_text(_C)
    compiled(["gcc", "-O3", "-shared", "-fPIC", folder / "ours.c", file, "-o", folder / "ours_object.so"])
    return folder / "ours_object.so"


def rtneural(layer: Any, kind: str, folder: Path, clone: Path, flags: tuple[str, ...]) -> Path:
    """Return a library of RTNeural's layer with the weights of ours."""
    (folder / "theirs.cpp").write_text(_RTNEURAL.replace("KIND", kind))
    weights = {name: values.tolist() for name, values in layer.state_dict().items()}
    (folder / "weights.json").write_text(json.dumps(weights))
    library = folder / "theirs.so"
    include = [f"-I{clone}", f"-I{clone / 'modules/xsimd/include'}", f"-I{clone / 'modules/json'}"]
    defined = ["-DRTNEURAL_USE_XSIMD=1", "-DRTNEURAL_DEFAULT_ALIGNMENT=32", f"-DSIZES={INPUT_SIZE},{layer.hidden_size}"]
    sources = [folder / "theirs.cpp", clone / "RTNeural/RTNeural.cpp"]
    compiled(["g++", "-std=c++17", "-O3", *flags, *defined, *include, "-shared", "-fPIC", *sources, "-o", library])
    ctypes.CDLL(str(library)).prepare(str(folder / "weights.json").encode())
    return library


def onnx_steps(layer: Any, folder: Path) -> Callable[[np.ndarray, np.ndarray, int], float]:
    """Return what runs steps of ONNX Runtime's operator; a step's states are what the one before left."""
    (file,) = layer.export(folder / "model.onnx", streaming=True, overwrite=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    names = [each.name.removesuffix("_0") for each in session.get_inputs()[1:]]
    state = (1, 1, layer.hidden_size)

    def run(x: np.ndarray, y: np.ndarray, steps: int) -> float:
        value = onnxruntime.OrtValue.ortvalue_from_numpy
        rows = [value(x[t : t + 1]) for t in range(len(x))]
        states = [{name: value(np.zeros(state, np.float32)) for name in names} for _ in range(2)]
        output = value(np.zeros((1, layer.hidden_size), np.float32))
        bindings = []
        for t in range(len(x)):  # 64: an even number, so that a row always meets the same states
            binding = session.io_binding()
            binding.bind_ortvalue_input("x", rows[t])
            binding.bind_ortvalue_output("y", output)
            for name in names:
                binding.bind_ortvalue_input(f"{name}_0", states[t % 2][name])
                binding.bind_ortvalue_output(f"{name}_n", states[1 - t % 2][name])
            bindings.append(binding)
        begin = time.perf_counter()
        for t in range(steps):
            session.run_with_iobinding(bindings[t % 64])
        taken = time.perf_counter() - begin
        y[:] = output.numpy().ravel()
        return taken

    return run


def alternated(runs: Mapping[str, Block], repetitions: int) -> dict[str, list[float]]:
    """Return the microseconds of a step in each block, all runs in turn; the first round is not counted."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    for repetition in range(repetitions + 1):
        for name, run in runs.items():
            seconds = run()
            if repetition:
                found[name].append(round(1e6 * seconds / STEPS, 4))
    return found


def point(kind: str, hidden_size: int, what: str, found: Mapping[str, list[float]], **more: Any) -> dict[str, Any]:
    """Return what is written of a measurement, and print it: the first of the names is ours."""
    medians = {name: statistics.median(values) for name, values in found.items()}
    ours, *peers = medians
    ratios = {name: medians[name] / medians[ours] for name in peers}
    told = ", ".join(f"{name} {us:.2f} us ({us / medians[ours]:.2f})" for name, us in medians.items())
    sys.stdout.write(f"{what} {kind} {hidden_size} {more or ''}: {told}\n")
    size = [INPUT_SIZE, hidden_size]
    return {"what": what, "kind": kind, "size": size, "us a step": found, "medians": medians, "ratios": ratios, **more}


def measure_c(kind: str, hidden_size: int, repetitions: int, clone: Path | None) -> list[dict[str, Any]]:
    """Return the points of one layer in C and as an object."""
    layer, points = layer_of(kind, hidden_size), []
    memory = np.zeros(64 * INPUT_SIZE + 16, np.float32)
    x = memory[(-memory.ctypes.data // 4) % 16 :][: 64 * INPUT_SIZE].reshape(64, -1)  # vectors of others are aligned
    x[:] = np.random.default_rng(0).standard_normal(x.shape)
    for flags, more in FLAGS.items():
        with tempfile.TemporaryDirectory() as name:
            folder, native = Path(name), bool(more)
            runs = {"C": timed_in(ours_in_c(layer, folder, more), "ours")}
            runs["object"] = timed_in(ours_as_object(layer, folder, "x86_64_v3" if native else "x86_64"), "ours")
            runs["onnxruntime"] = onnx_steps(layer, folder)
            if clone is not None:
                runs["RTNeural"] = timed_in(rtneural(layer, kind, folder, clone, more), "theirs")
            outputs = {who: np.zeros(hidden_size, np.float32) for who in runs}
            for who, run in runs.items():
                run(x, outputs[who], 10)
                np.testing.assert_allclose(outputs[who], outputs["C"], atol=1e-4, err_msg=who)
            blocks = {who: lambda run=run, y=outputs[who]: run(x, y, STEPS) for who, run in runs.items()}
            points.append(point(kind, hidden_size, "C", alternated(blocks, repetitions), flags=flags))
    return points


# a microcontroller -----------------------------------------------------------------------------------------------

_PROGRAM = """
#include "keywords.h"
static keywords_state state;
static float x[KEYWORDS_INPUT_SIZE], y[KEYWORDS_OUTPUT_SIZE];
const float *volatile given = x;
float *volatile found = y;
/* what compilers ask of any program */
void *memset(void *to, int value, size_t n) {
  for (char *at = to; n--; ) *at++ = (char)value;
  return to;
}
void *memcpy(void *to, const void *from, size_t n) {
  const char *next = from;
  for (char *at = to; n--; ) *at++ = *next++;
  return to;
}
void start(void) {
  keywords_reset(&state);
  for (;;) keywords_step(&state, given, found);
}
"""


def keyword_bytes(folder: Path) -> dict[str, int]:
    """Return the flash and the memory, with the stack, that a program with a keyword model takes on a Cortex-M4F.

    It is the GRU that Zhang et al. (2017), arXiv:1711.07128, choose for 80 kB: 154 wide, 10 features, 12 classes; its
    matrices are int8.
    """
    torch.manual_seed(0)
    layer = recurra.nn.GRU(10, 154)
    layer.backend = "numpy"
    model = recurra.nn.Sequential(layer, torch.nn.Linear(154, 12), torch.nn.Softmax(-1))
    source, _ = model.export(folder / "keywords.c", weights="int8")
    main, program = folder / "main.c", folder / "main.elf"
    main.write_text(_PROGRAM)
    processor = ["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"]
    flags = ["-std=c99", "-O2", "-ffreestanding", "-fno-tree-loop-distribute-patterns", "-fstack-usage"]
    linked = ["-nostdlib", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections,-e,start", "-o", program]
    compiled(["arm-none-eabi-gcc", *processor, *flags, *linked, source, main, "-lgcc"])
    done = subprocess.run(["arm-none-eabi-size", program], check=True, capture_output=True, text=True)
    text, data, bss = map(int, done.stdout.splitlines()[1].split()[:3])
    told = [line.split("\t") for file in folder.glob("*.su") for line in file.read_text().splitlines()]
    stack = sum(int(size) for _, size, _ in told)  # as if all functions called each other in one chain
    return {"flash": text + data, "memory": data + bss + stack}


# WebAssembly -----------------------------------------------------------------------------------------------------

_NODE = """
import { readFileSync } from "node:fs";
const [folder, peer, repetitions, steps] = process.argv.slice(2);
const { default: Model } = await import(`${folder}/model.mjs`);
const { inputs, hidden, states } = JSON.parse(readFileSync(`${folder}/job.json`));
const ours = await Model.load(`file://${folder}/model.wasm`);
const rows = Array.from({ length: 64 }, (_, t) => Float32Array.from({ length: inputs }, (_, i) => Math.sin(t + i)));
const runs = { wasm: async (count) => {
  ours.reset();
  let y;
  for (let t = 0; t < count; t++) y = ours.step(rows[t % 64]);
  return y;
} };
if (peer !== "-") {
  const ort = await import(`${peer}/node_modules/onnxruntime-web/dist/ort.wasm.min.mjs`);
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(`${folder}/model.onnx`)));
  runs["onnxruntime-web"] = async (count) => {
    let given = Object.fromEntries(states.map((name) =>
      [`${name}_0`, new ort.Tensor("float32", new Float32Array(hidden), [1, 1, hidden])]));
    let found;
    for (let t = 0; t < count; t++) {
      found = await session.run({ x: new ort.Tensor("float32", rows[t % 64], [1, inputs]), ...given });
      given = Object.fromEntries(states.map((name) => [`${name}_0`, found[`${name}_n`]]));
    }
    return found.y.data;
  };
}
const wanted = [...await runs.wasm(10)], times = {};
for (const [name, run] of Object.entries(runs)) {
  const found = await run(10);
  if (wanted.some((value, i) => !(Math.abs(value - found[i]) < 1e-4))) throw new Error(`${name} gives other numbers`);
  times[name] = [];
}
for (let k = 0; k <= repetitions; k++) {
  for (const [name, run] of Object.entries(runs)) {
    const begin = performance.now();
    await run(+steps);
    if (k) times[name].push(+(1e3 * (performance.now() - begin) / steps).toFixed(4));
  }
}
console.log(JSON.stringify(times));
"""


def measure_wasm(kind: str, hidden_size: int, repetitions: int, peer: Path | None) -> dict[str, Any]:
    """Return the point of one layer in Node."""
    layer = layer_of(kind, hidden_size)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        module, script, _ = layer.export(folder / "model.wasm")
        script.rename(folder / "model.mjs")
        layer.export(folder / "model.onnx", streaming=True)
        states = ["h", "c"] if kind == "LSTM" else ["h"]
        (folder / "job.json").write_text(json.dumps({"inputs": INPUT_SIZE, "hidden": hidden_size, "states": states}))
        (folder / "main.mjs").write_text(_NODE)
        given = [folder / "main.mjs", folder, peer.resolve() if peer else "-", repetitions, STEPS]
        done = subprocess.run(["node", *map(str, given)], check=True, capture_output=True, text=True)
        weights = 4 * sum(values.numel() for n, values in layer.state_dict().items() if n.startswith("weight"))
        size = {"bytes without weights": module.stat().st_size - weights}
        return point(kind, hidden_size, "wasm", json.loads(done.stdout), **size)


def main() -> None:
    """Measure and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=15, help=f"blocks of {STEPS} steps, 15 by default")
    parser.add_argument("--rtneural", type=Path, metavar="FOLDER", help="a clone of RTNeural with its submodules")
    parser.add_argument("--onnxruntime-web", type=Path, metavar="FOLDER", help="where it is in node_modules")
    options = parser.parse_args()
    points = [
        each
        for kind in KINDS
        for size in HIDDEN_SIZES
        for each in measure_c(kind, size, options.repetitions, options.rtneural)
    ]
    with tempfile.TemporaryDirectory() as name:
        found = keyword_bytes(Path(name))
    sys.stdout.write(f"keyword model on a Cortex-M4F: {found}\n")
    points.append({"what": "Cortex-M4F", "kind": "GRU", "size": [10, 154], "bytes": found})
    points += [measure_wasm(kind, WASM_SIZE, options.repetitions, options.onnxruntime_web) for kind in KINDS]
    write("exports", "python -m benchmarks.exports", points)


if __name__ == "__main__":
    main()

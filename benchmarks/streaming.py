"""`python -m benchmarks.streaming`: one sample at a time on one thread, NumPy in and out, with the state carried.

A stream of recurra.nn's LSTM and GRU against torch.nn's cell, called from Python, and against ONNX Runtime's operator
for one step, with the same weights. Blocks of steps are timed in turn, and single steps of ours by themselves.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

import recurra.nn
from benchmarks.alternate import in_turn, write

INPUT_SIZE = 32
HIDDEN_SIZES = (16, 64, 128, 256)
STEPS = 200
"""Steps of a block."""

SINGLE = 20_000
"""Single steps, each timed by itself."""

STATES = {"LSTM": ("h", "c"), "GRU": ("h",)}
ORDERS = {"LSTM": (0, 3, 1, 2), "GRU": (1, 0, 2)}
"""Where ONNX's gates stand among torch's: iofc among ifgo, and zrh among rzn."""

Step = Callable[[np.ndarray], np.ndarray]


def torch_step(layer: Any, kind: str) -> Step:
    """Return a step of torch.nn's cell, for inference mode, with the layer's weights: x (1, features) to h (1, H)."""
    cell = getattr(torch.nn, f"{kind}Cell")(layer.input_size, layer.hidden_size)
    cell.load_state_dict({name.removesuffix("_l0"): value for name, value in layer.state_dict().items()})
    state = None

    def lstm(x: np.ndarray) -> np.ndarray:
        nonlocal state
        state = cell(torch.from_numpy(x), state)
        return state[0].numpy()

    def gru(x: np.ndarray) -> np.ndarray:
        nonlocal state
        state = cell(torch.from_numpy(x), state)
        return state.numpy()

    return {"LSTM": lstm, "GRU": gru}[kind]


def onnx_step(layer: Any, kind: str) -> Step:
    """Return a step of ONNX Runtime's operator with the layer's weights: x (1, features) to h (1, 1, H)."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        onnx_model(layer, kind).SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    h = c = np.zeros((1, 1, layer.hidden_size), np.float32)

    def lstm(x: np.ndarray) -> np.ndarray:
        nonlocal h, c
        h, c = session.run(None, {"x": x[None], "h": h, "c": c})
        return h

    def gru(x: np.ndarray) -> np.ndarray:
        nonlocal h
        (h,) = session.run(None, {"x": x[None], "h": h})
        return h

    return {"LSTM": lstm, "GRU": gru}[kind]


def onnx_model(layer: Any, kind: str, *, steps: int | None = None) -> onnx.ModelProto:
    """Return a model of one step, whose outputs are the new states; or of so many, from zeros, with all outputs too."""
    state = (1, 1, layer.hidden_size)
    given = {} if steps else dict.fromkeys(STATES[kind], state)
    found = {f"{name}_new": state for name in STATES[kind]}
    outputs = {"y": (steps, *state)} if steps else {}
    weights = {
        "W": in_onnx_order(layer.weight_ih_l0, kind),
        "R": in_onnx_order(layer.weight_hh_l0, kind),
        "B": np.concatenate([in_onnx_order(bias, kind) for bias in (layer.bias_ih_l0, layer.bias_hh_l0)], 1),
    }
    node = helper.make_node(
        kind, ["x", "W", "R", "B", "", *given], [*(outputs or [""]), *found], hidden_size=layer.hidden_size,
        **({"linear_before_reset": 1} if kind == "GRU" else {}),
    )  # fmt: skip

    def values(shapes: Mapping[str, tuple[int | None, ...]]) -> list[onnx.ValueInfoProto]:
        return [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in shapes.items()]

    graph = helper.make_graph(
        [node],
        kind,
        values({"x": (steps or 1, 1, layer.input_size), **given}),
        values(outputs | found),
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def in_onnx_order(parameter: torch.Tensor, kind: str) -> np.ndarray:
    """Return a parameter of torch's layout in ONNX's, with its axis of directions."""
    parts = parameter.detach().numpy().reshape(len(ORDERS[kind]), -1, *parameter.shape[1:])
    return np.concatenate(parts[[*ORDERS[kind]]])[None]


PEERS: dict[str, tuple[Callable[[Any, str], Step], str]] = {
    "torch.nn's cell": (torch_step, torch.__version__),
    "onnxruntime": (onnx_step, onnxruntime.__version__),
}


@torch.inference_mode()
def check(layer: Any, kind: str, samples: np.ndarray) -> None:
    """Raise AssertionError unless ours and the peers give the same numbers, step by step."""
    ours, peers = layer.stream().step, {name: make(layer, kind) for name, (make, _) in PEERS.items()}
    for x in samples:
        expected = ours(x)
        for name, peer in peers.items():
            got = peer(x).reshape(expected.shape)
            np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5, err_msg=f"{kind}, {name}")


def block(step: Step, samples: np.ndarray) -> Callable[[], object]:
    """Return a run over all samples, in inference mode, which is entered once for all of them."""

    @torch.inference_mode()
    def run() -> None:
        for x in samples:
            step(x)

    return run


def single_steps(step: Step, samples: np.ndarray) -> dict[str, float]:
    """Return quantiles of the microseconds of single steps."""
    taken = np.empty(SINGLE, np.int64)
    for number in range(SINGLE):
        x = samples[number % len(samples)]
        start = time.perf_counter_ns()
        step(x)
        taken[number] = time.perf_counter_ns() - start
    return {f"p{share}": float(np.percentile(taken, share)) / 1e3 for share in (50, 99)}


def measure(kind: str, hidden_size: int, repetitions: int) -> list[dict[str, Any]]:
    """Return the points of one layer against both peers."""
    layer = getattr(recurra.nn, kind)(INPUT_SIZE, hidden_size)
    samples = np.random.default_rng(0).standard_normal((STEPS, 1, INPUT_SIZE)).astype(np.float32)
    check(layer, kind, samples)
    ours = layer.stream().step
    single, points = single_steps(ours, samples), []
    for name, (make, version) in PEERS.items():
        point: dict[str, Any] = {"kind": kind, "against": name, "version": version, "size": [INPUT_SIZE, hidden_size]}
        point |= in_turn(block(ours, samples), block(make(layer, kind), samples), repetitions=repetitions)
        point["us a step"] = {who: seconds / STEPS * 1e6 for who, seconds in point["medians"].items()}
        point["single steps, us"] = single
        taken = ", ".join(f"{who} {us:.2f} us" for who, us in point["us a step"].items())
        sys.stdout.write(
            f"{kind} {point['size']} against {name}: {taken}, ratio {point['ratio']:.2f}, single {single}\n"
        )
        points.append(point)
    return points


def main() -> None:
    """Measure and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=25, help=f"blocks of {STEPS} steps, 25 by default")
    options = parser.parse_args()
    torch.set_num_threads(1)
    points = [p for kind in STATES for size in HIDDEN_SIZES for p in measure(kind, size, options.repetitions)]
    write("streaming", "python -m benchmarks.streaming", points)


if __name__ == "__main__":
    main()

"""`python -m benchmarks.quantised`: one sequence with weights in int8 and bfloat16, as a stream and 256 steps at once.

LSTM and GRU of recurra.nn, `layer.quantised(weights)`, in turn with the same layer in float32, and with what
`torch.ao.quantization.quantize_dynamic` makes of torch.nn's layer (int8 weights, and states rounded to int8 at each
step). A stream of torch's is a call of the layer a step. Beside the times stands how far the outputs are from those of
the layer in float32: root mean square over that of the outputs. One thread.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

import recurra.nn
from benchmarks.alternate import in_turn, means, write
from benchmarks.grids import forward

LAYERS = ("LSTM", "GRU")
INPUT_SIZE, STEPS = 32, 256
HIDDEN_SIZES = (64, 256, 512, 1024)
WEIGHTS = ("int8", "bfloat16")
FLOAT32, DYNAMIC = "float32", "torch's quantize_dynamic"

Step = Callable[[np.ndarray], object]


def dynamically_quantised(layer: Any) -> torch.nn.Module:
    """Return what torch makes of its own layer with these parameters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it is deprecated, and has no successor for recurrent layers
        model = torch.nn.Sequential(layer.torch_layer().eval())
        return torch.ao.quantization.quantize_dynamic(model, {type(model[0])}, dtype=torch.qint8)[0]


def steps_of(layer: Any) -> Step:
    """Return a step of a layer of torch, for inference mode: x (1, features) to h (1, 1, H)."""
    state = None

    def step(x: np.ndarray) -> np.ndarray:
        nonlocal state
        output, state = layer(torch.from_numpy(x[None]), state)
        return output.numpy()

    return step


def block(step: Step, samples: np.ndarray) -> Callable[[], object]:
    """Return a run of the steps of a sequence, in inference mode, which is entered once for all of them."""

    @torch.inference_mode()
    def run() -> None:
        for x in samples:
            step(x)

    return run


@torch.inference_mode()
def error(layer: Any, exact: Any, x: torch.Tensor) -> float:
    """Return how far a layer's outputs are from another's."""
    found, expected = layer(x)[0], exact(x)[0]
    return float((found - expected).square().mean().sqrt() / expected.square().mean().sqrt())


def measure(kind: str, hidden_size: int, weights: str, repetitions: int) -> list[dict[str, Any]]:
    """Return the points of one layer with its weights so, against its peers."""
    torch.manual_seed(0)
    layer = getattr(recurra.nn, kind)(INPUT_SIZE, hidden_size).eval()
    small, x = layer.quantised(weights), torch.randn(STEPS, 1, INPUT_SIZE)
    samples = x.numpy()
    ours: dict[str, Callable[[], object]] = {
        "stream": block(small.stream().step, samples), "sequence": forward(small, x),
    }  # fmt: skip
    peers: dict[str, tuple[Any, Callable[[], object], Callable[[], object]]] = {
        FLOAT32: (layer, block(layer.stream().step, samples), forward(layer, x))
    }
    if weights == "int8":
        theirs = dynamically_quantised(layer)
        peers[DYNAMIC] = theirs, block(steps_of(theirs), samples), forward(theirs, x)
    points = []
    for against, (peer, stream, sequence) in peers.items():
        point: dict[str, Any] = {
            "kind": kind,
            "weights": weights,
            "against": against,
            "size": [INPUT_SIZE, hidden_size],
        }
        point |= {"threads": 1, "steps": STEPS, "error": error(small, layer, x), "peer's error": error(peer, layer, x)}
        for what, run in (("stream", stream), ("sequence", sequence)):
            point[what] = in_turn(ours[what], run, repetitions=repetitions)
            taken = ", ".join(f"{who} {1e6 * s / STEPS:.2f} us" for who, s in point[what]["medians"].items())
            sys.stdout.write(
                f"{kind} {point['size']} in {weights} against {against}: {what}, a step {taken}, "
                f"ratio {point[what]['ratio']:.2f}, error {point['error']:.4f}\n"
            )
        points.append(point)
    return points


def main() -> None:
    """Measure and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repetitions", type=int, default=15, help=f"blocks of {STEPS} steps, 15 by default")
    options = parser.parse_args()
    torch.set_num_threads(1)
    points = [
        point
        for kind in LAYERS
        for size in HIDDEN_SIZES
        for weights in WEIGHTS
        for point in measure(kind, size, weights, options.repetitions)
    ]
    for weights, against in dict.fromkeys((point["weights"], point["against"]) for point in points):
        asked = [p for p in points if (p["weights"], p["against"]) == (weights, against) and p["size"][1] >= 256]
        means(f"{weights} against {against}, H >= 256", asked, ("stream", "sequence"))
    write("quantised", "python -m benchmarks.quantised", points)


if __name__ == "__main__":
    main()

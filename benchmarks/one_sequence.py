"""`python -m benchmarks.one_sequence`: inference of one sequence of 256 steps, LSTM and GRU, against ONNX Runtime.

ONNX Runtime's operator has the same weights, and is checked to give the same outputs and states before it is timed. It
runs as a process of its own (`benchmarks.peers`), by this Python or by that of an environment which has it:

    python -m venv peer && peer/bin/pip install onnxruntime
    python -m benchmarks.one_sequence --python peer/bin/python
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import numpy as np
import torch

import recurra.nn
from benchmarks.against_jax import check
from benchmarks.alternate import in_turn, report, write
from benchmarks.grids import forward
from benchmarks.peers import Arrays, Peer
from benchmarks.streaming import HIDDEN_SIZES, INPUT_SIZE, STATES, onnx_model

STEPS = 256


def measure(kind: str, hidden_size: int, peer: Peer, repetitions: int) -> dict[str, Any]:
    """Return the point of one layer."""
    layer, x = getattr(recurra.nn, kind)(INPUT_SIZE, hidden_size), torch.randn(STEPS, 1, INPUT_SIZE)
    model = onnx_model(layer, kind, steps=STEPS).SerializeToString()
    given = {"model": np.frombuffer(model, np.uint8), "x": x.numpy()}
    loaded = peer.load({"threads": peer.threads}, given)
    size = [1, STEPS, INPUT_SIZE, hidden_size]
    difference = check(f"{kind} {size}", in_onnx(layer, kind, x), loaded.results)
    point: dict[str, Any] = {"kind": kind, "against": "onnxruntime", "threads": peer.threads, "size": size}
    point |= {"version": loaded.version, "forward": in_turn(forward(layer, x), loaded, repetitions=repetitions)}
    point["forward"] |= {"first call": loaded.first_call, "largest difference": difference}
    return point


@torch.inference_mode()
def in_onnx(layer: Any, kind: str, x: torch.Tensor) -> Arrays:
    """Return our outputs and states, with the names and axes that ONNX gives them."""
    output, states = layer(x)
    states = states if isinstance(states, tuple) else (states,)
    named = {f"{name}_new": state.numpy() for name, state in zip(STATES[kind], states, strict=True)}
    return {"y": output[:, None].numpy(), **named}


def main() -> None:
    """Measure and write the raw numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=sys.executable, help="of the environment that has onnxruntime")
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--repetitions", type=int, default=25)
    options = parser.parse_args()
    found = []
    for threads in options.threads:
        torch.set_num_threads(threads)
        with Peer(options.python, "peer_onnxruntime", threads=threads) as peer:
            for kind in STATES:
                points = [measure(kind, hidden, peer, options.repetitions) for hidden in HIDDEN_SIZES]
                report(f"{kind} against onnxruntime, {threads} threads", points, ("forward",))
                found += points
    write("one_sequence", "python -m benchmarks.one_sequence", found)


if __name__ == "__main__":
    main()

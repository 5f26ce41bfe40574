"""Ours against JAX: cells as a `jax.jit` of `lax.scan`, with the same weights, in turn.

JAX stands in an environment of its own, whose Python is given to the benchmarks that have it as a peer:

    python -m venv jax-environment && jax-environment/bin/pip install jax
    python -m benchmarks.layers --jax-python jax-environment/bin/python

It runs there as a process of its own, kept to as many processors as ours has threads (`benchmarks.peers`), and is
checked to give our outputs, states and gradients before it is timed. `benchmarks/peer_jax.py` has the cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.alternate import JAX, in_turn, report
from benchmarks.grids import PASSES, SIZES, both, forward
from benchmarks.peers import Arrays, Peer

__all__ = ["measure", "server"]

TOLERANCE = 3e-4
"""Of the largest difference, over the largest value of an array if that is above 1: sums over thousands of steps."""

GATES = {"W_x": "W_xi W_xf W_xc W_xo", "W_h": "W_hi W_hf W_hc W_ho", "b": "b_i b_f b_c b_o"}
LAYOUTS: dict[str, dict[str, str]] = {
    "PeepholeLSTM": {**GATES, "w_i": "w_ci", "w_f": "w_cf", "w_o": "w_co"},
    "CoupledLSTM": {"W_x": "W_xi W_xo W_xc", "W_h": "W_hi W_ho W_hc", "b": "b_i b_o b_c"},
    "layer_norm(LSTM)": {
        **GATES, "gain_x": "gain_W_xi gain_W_xf gain_W_xc gain_W_xo",
        "gain_h": "gain_W_hi gain_W_hf gain_W_hc gain_W_ho", "gain_c": "gain_c", "bias_c": "bias_c",
    },
    "MinGRU": {"W_x": "W_xz W_xh", "b": "b_z b_h"},
    "GLA": {"W": "W_q W_k W_v", "W_a": "W_a", "b_a": "b_a"},
    "DeltaNet": {"W": "W_q W_k W_v", "W_b": "W_b"},
    "mLSTM": {"W": "W_q W_k W_v W_o", "b_o": "b_o", "W_g": "W_i W_f", "b_g": "b_i b_f"},
    "S6": {name: name for name in ("W_u", "R", "W_dt", "b_dt", "W_B", "W_C", "A", "D")},
}  # fmt: skip
"""Cell -> parameter in JAX -> ours that stand side by side in it. Those of torch's layers are in `in_jax`."""


def server(python: str, threads: int) -> Peer:
    """Start JAX with so many threads."""
    environment = {"JAX_PLATFORMS": "cpu"}
    if threads == 1:
        environment["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
    return Peer(python, "peer_jax", threads=threads, environment=environment)


def measure(
    cells: Mapping[str, Callable[[int, int], nn.Module]],
    *,
    python: str,
    threads: int,
    repetitions: int,
    sizes: Iterable[tuple[int, int, int, int]] = SIZES,
) -> list[dict[str, Any]]:
    """Return the points of cells, each with what makes our layer from its input_size and hidden_size."""
    torch.set_num_threads(threads)
    found = []
    with server(python, threads) as peer:
        for kind, make in cells.items():
            points = [_point(peer, kind, make(*size[2:]), size, repetitions) for size in sizes]
            report(f"{kind} against {JAX}, {threads} threads", points, PASSES)
            found += points
    return found


def _point(
    peer: Peer, kind: str, layer: nn.Module, size: tuple[int, int, int, int], repetitions: int
) -> dict[str, Any]:
    batch, time, input_size, _ = size
    x = torch.randn(time, batch, input_size, requires_grad=True)
    _as_one_bias(kind, layer)
    weights = {**in_jax(kind, dict(layer.named_parameters())), "x": x.detach().numpy()}
    runs = dict(zip(PASSES, (forward(layer, x.detach()), both(layer, x)), strict=True))
    point: dict[str, Any] = {"kind": kind, "against": JAX, "threads": peer.threads, "size": [*size]}
    for name, run in runs.items():
        loaded = peer.load({"kind": kind, "pass": name}, weights)
        difference = check(f"{kind} {size} {name}", ours(kind, layer, x, name), loaded.results)
        point["version"] = loaded.version
        point[name] = in_turn(run, loaded, repetitions=repetitions)
        point[name] |= {"first call": loaded.first_call, "largest difference": difference}
        point[name]["processors"] = round(loaded.processors, 2)
    return point


def _as_one_bias(kind: str, layer: nn.Module) -> None:
    """Set the bias beside the state to 0 where torch's layers have two that are one: JAX's cells have that one."""
    if kind not in LAYOUTS:
        bias = layer.get_parameter("bias_hh_l0")
        with torch.no_grad():
            bias[: len(bias) * 2 // 3 if kind == "GRU" else None] = 0


def in_jax(kind: str, named: Mapping[str, Tensor]) -> dict[str, np.ndarray]:
    """Return parameters of our layer, or their gradients, as the cell in JAX has them."""
    if kind in LAYOUTS:
        found = {
            target: torch.cat([named[f"{name}_l0"] for name in names.split()], -1)
            for target, names in LAYOUTS[kind].items()
        }
    else:
        found = {"W_x": named["weight_ih_l0"].T, "W_h": named["weight_hh_l0"].T, "b": named["bias_ih_l0"]}
        if kind == "GRU":
            found["b_n"] = named["bias_hh_l0"].chunk(3)[2]
    return {name: value.detach().numpy() for name, value in found.items()}


def ours(kind: str, layer: nn.Module, x: Tensor, what: str) -> Arrays:
    """Return what our layer gives in a pass: outputs and states, or all gradients."""
    if what == "forward":
        with torch.inference_mode():
            output, states = layer(x)
        states = states if isinstance(states, tuple) else (states,)
        named = {f"state {number}": state[0] for number, state in enumerate(states)}
        return {name: value.numpy() for name, value in {"output": output, **named}.items()}
    both(layer, x)()
    found = {name: parameter.grad for name, parameter in layer.named_parameters() if parameter.grad is not None}
    assert x.grad is not None
    return {**in_jax(kind, found), "x": x.grad.numpy()}


def check(what: str, expected: Arrays, found: Arrays) -> float:
    """Return the largest difference; raise ValueError if it is above 1e-4, or if there are other arrays or shapes."""
    shapes = ({name: array.shape for name, array in each.items()} for each in (expected, found))
    if (ours := next(shapes)) != (theirs := next(shapes)):
        raise ValueError(f"{what}: ours gives {ours}, the peer {theirs}")
    differences = {
        name: float(np.abs(found[name] - value).max() / max(1.0, np.abs(value).max()))
        for name, value in expected.items()
    }
    wrong = {name: difference for name, difference in differences.items() if not difference <= TOLERANCE}
    if wrong:
        raise ValueError(f"{what}: the peer differs from ours by {wrong}; expected at most {TOLERANCE}")
    return max(differences.values())

"""The peer of `benchmarks.against_jax`: cells in JAX, run by the Python of an environment of its own.

Each is a `jax.jit` of `lax.scan`, as JAX's documentation teaches: the products of the input are one for all steps
before the scan, gates stand side by side, a step returns what is carried and the output. Gradients are those of
`jax.value_and_grad`, of all parameters and of the input. It answers requests as `benchmarks.peers` describes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jax
from jax import lax, nn
from jax import numpy as jnp

from benchmarks.peers import Arrays, Job, serve

Array = Any
Parameters = Mapping[str, Array]
States = tuple[Array, ...]
Step = Callable[[States, Array], tuple[States, Array]]


def initial(x: Array, width: int, count: int) -> States:
    """Return states of zeros for x (time, batch, features)."""
    return (jnp.zeros((x.shape[1], width), x.dtype),) * count


def rnn(p: Parameters, x: Array) -> tuple[States, Array]:
    def step(states: States, on_input: Array) -> tuple[States, Array]:
        h = jnp.tanh(on_input + states[0] @ p["W_h"])
        return (h,), h

    return lax.scan(step, initial(x, p["W_h"].shape[0], 1), x @ p["W_x"] + p["b"])


def lstm(p: Parameters, x: Array) -> tuple[States, Array]:
    def step(states: States, on_input: Array) -> tuple[States, Array]:
        h, c = states
        i, f, g, o = jnp.split(on_input + h @ p["W_h"], 4, axis=-1)
        c = nn.sigmoid(f) * c + nn.sigmoid(i) * jnp.tanh(g)
        h = nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    return lax.scan(step, initial(x, p["W_h"].shape[0], 2), x @ p["W_x"] + p["b"])


def gru(p: Parameters, x: Array) -> tuple[States, Array]:
    def step(states: States, on_input: Array) -> tuple[States, Array]:
        (h,) = states
        x_r, x_z, x_n = jnp.split(on_input, 3, axis=-1)
        h_r, h_z, h_n = jnp.split(h @ p["W_h"], 3, axis=-1)
        r, z = nn.sigmoid(x_r + h_r), nn.sigmoid(x_z + h_z)
        n = jnp.tanh(x_n + r * (h_n + p["b_n"]))
        h = (1 - z) * n + z * h
        return (h,), h

    return lax.scan(step, initial(x, p["W_h"].shape[0], 1), x @ p["W_x"] + p["b"])


def peephole_lstm(p: Parameters, x: Array) -> tuple[States, Array]:
    def step(states: States, on_input: Array) -> tuple[States, Array]:
        h, c = states
        i, f, g, o = jnp.split(on_input + h @ p["W_h"], 4, axis=-1)
        i, f = nn.sigmoid(i + p["w_i"] * c), nn.sigmoid(f + p["w_f"] * c)
        c = f * c + i * jnp.tanh(g)
        h = nn.sigmoid(o + p["w_o"] * c) * jnp.tanh(c)
        return (h, c), h

    return lax.scan(step, initial(x, p["W_h"].shape[0], 2), x @ p["W_x"] + p["b"])


def coupled_lstm(p: Parameters, x: Array) -> tuple[States, Array]:
    def step(states: States, on_input: Array) -> tuple[States, Array]:
        h, c = states
        i, o, g = jnp.split(on_input + h @ p["W_h"], 3, axis=-1)
        i = nn.sigmoid(i)
        c = (1 - i) * c + i * jnp.tanh(g)
        h = nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    return lax.scan(step, initial(x, p["W_h"].shape[0], 2), x @ p["W_x"] + p["b"])


def normalised(value: Array) -> Array:
    """Return a value with mean 0 and variance 1 over its features."""
    centred = value - value.mean(-1, keepdims=True)
    return centred / jnp.sqrt((centred * centred).mean(-1, keepdims=True) + 1e-5)


def layer_norm_lstm(p: Parameters, x: Array) -> tuple[States, Array]:
    def step(states: States, on_input: Array) -> tuple[States, Array]:
        h, c = states
        i, f, g, o = jnp.split(on_input + normalised(h @ p["W_h"]) * p["gain_h"], 4, axis=-1)
        c = nn.sigmoid(f) * c + nn.sigmoid(i) * jnp.tanh(g)
        h = nn.sigmoid(o) * jnp.tanh(normalised(c) * p["gain_c"] + p["bias_c"])
        return (h, c), h

    on_input = normalised(x @ p["W_x"]) * p["gain_x"] + p["b"]
    return lax.scan(step, initial(x, p["W_h"].shape[0], 2), on_input)


def min_gru(p: Parameters, x: Array) -> tuple[States, Array]:
    def step(states: States, on_input: tuple[Array, Array]) -> tuple[States, Array]:
        z, candidate = on_input
        h = (1 - z) * states[0] + z * candidate
        return (h,), h

    z, candidate = jnp.split(x @ p["W_x"] + p["b"], 2, axis=-1)
    return lax.scan(step, initial(x, candidate.shape[-1], 1), (nn.sigmoid(z), candidate))


CELLS: dict[str, Callable[[Parameters, Array], tuple[States, Array]]] = {
    "RNN": rnn, "LSTM": lstm, "GRU": gru, "PeepholeLSTM": peephole_lstm, "CoupledLSTM": coupled_lstm,
    "layer_norm(LSTM)": layer_norm_lstm, "MinGRU": min_gru,
}  # fmt: skip


def prepare(job: Job, arrays: Arrays) -> tuple[Callable[[], Any], Callable[[Any], Arrays]]:
    """Return a jitted pass of a cell over `x`; all other arrays are its parameters."""
    cell = CELLS[job["kind"]]
    parameters = {name: jnp.asarray(array) for name, array in arrays.items()}
    x = parameters.pop("x")
    if job["pass"] == "forward":
        jitted = jax.jit(cell)
    else:
        jitted = jax.jit(jax.value_and_grad(lambda p, x: cell(p, x)[1].sum(), argnums=(0, 1)))
    return lambda: jax.block_until_ready(jitted(parameters, x)), outputs if job["pass"] == "forward" else gradients


def outputs(value: tuple[States, Array]) -> Arrays:
    states, output = value
    return {"output": output, **{f"state {number}": state for number, state in enumerate(states)}}


def gradients(value: tuple[Array, tuple[Parameters, Array]]) -> Arrays:
    _, (parameters, x) = value
    return {**parameters, "x": x}


if __name__ == "__main__":
    serve(prepare, version=jax.__version__)

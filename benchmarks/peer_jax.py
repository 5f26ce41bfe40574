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


HEADS = 4
"""Of the cells with a matrix for each head, as `benchmarks.matrix_cells` has them."""


def heads(value: Array) -> Array:
    """Return features (..., width) as (..., heads, width of a head)."""
    return value.reshape(*value.shape[:-1], HEADS, -1)


def matrices(x: Array, value: Array) -> Array:
    """Return a matrix of zeros for each sequence and head, as wide and as high as a head of a value."""
    width = value.shape[-1] // HEADS
    return jnp.zeros((x.shape[1], HEADS, width, width), x.dtype)


def flat(values: tuple[States, Array]) -> tuple[States, Array]:
    """Return states and outputs (time, batch, heads, width) with the axes of a row as one."""
    states, output = values
    return tuple(s.reshape(s.shape[0], -1) for s in states), output.reshape(*output.shape[:2], -1)


def read(q: Array, S: Array) -> Array:
    return jnp.einsum("bhi,bhij->bhj", q, S)


def gla(p: Parameters, x: Array) -> tuple[States, Array]:
    def step(states: States, on_input: tuple[Array, ...]) -> tuple[States, Array]:
        q, k, v, a = on_input
        S = a[..., None] * states[0] + k[..., None] * v[..., None, :]
        return (S,), read(q, S)

    q, k, v = jnp.split(x @ p["W"], 3, axis=-1)
    a = jnp.exp(-nn.softplus(-(x @ p["W_a"] + p["b_a"])) / 16)
    q = heads(q) / jnp.sqrt(k.shape[-1] / HEADS)
    return flat(lax.scan(step, (matrices(x, k),), (q, heads(k), heads(v), heads(a))))


def of_length_one(value: Array) -> Array:
    return value / jnp.sqrt((value * value).sum(-1, keepdims=True) + 1e-6)


def delta_net(p: Parameters, x: Array) -> tuple[States, Array]:
    def step(states: States, on_input: tuple[Array, ...]) -> tuple[States, Array]:
        q, k, v, beta = on_input
        S = states[0] + k[..., None] * (beta[..., None] * (v - read(k, states[0])))[..., None, :]
        return (S,), read(q, S)

    q, k, v = jnp.split(x @ p["W"], 3, axis=-1)
    q, k = of_length_one(heads(nn.silu(q))), of_length_one(heads(nn.silu(k)))
    return flat(lax.scan(step, (matrices(x, v),), (q, k, heads(v), nn.sigmoid(x @ p["W_b"]))))


def mlstm(p: Parameters, x: Array) -> tuple[States, Array]:
    def step(states: States, on_input: tuple[Array, ...]) -> tuple[States, Array]:
        C, n, m = states
        q, k, v, i, f = on_input
        new = jnp.maximum(f + m, i)
        i, f = jnp.exp(i - new)[..., None], jnp.exp(f + m - new)[..., None]
        C = f[..., None] * C + (i * k)[..., None] * v[..., None, :]
        n = f * n + i * k
        y = read(q, C) / jnp.maximum(jnp.abs((q * n).sum(-1, keepdims=True)), jnp.exp(-new)[..., None])
        return (C, n, new), y

    q, k, v, o = jnp.split(x @ p["W"], 4, axis=-1)
    i, f = jnp.split(x @ p["W_g"] + p["b_g"], 2, axis=-1)
    k = heads(k) / jnp.sqrt(k.shape[-1] / HEADS)
    zeros = matrices(x, v)
    states = (zeros, zeros[..., 0], zeros[..., 0, 0])
    states, y = flat(lax.scan(step, states, (heads(q), k, heads(v), i, -nn.softplus(-f))))
    return states, nn.sigmoid(o + p["b_o"]) * y


def s6(p: Parameters, x: Array) -> tuple[States, Array]:
    def step(states: States, on_input: tuple[Array, ...]) -> tuple[States, Array]:
        dt, u, B, C = on_input
        h = jnp.exp(dt[..., None] * A) * states[0] + (dt * u)[..., None] * B[:, None]
        return (h,), (h * C[:, None]).sum(-1)

    A, u = -jnp.exp(p["A"]), x @ p["W_u"]
    dt = nn.softplus(u @ p["R"] @ p["W_dt"] + p["b_dt"])
    states = (jnp.zeros((x.shape[1], *A.shape), x.dtype),)
    states, y = flat(lax.scan(step, states, (dt, u, u @ p["W_B"], u @ p["W_C"])))
    return states, y + p["D"] * u


CELLS: dict[str, Callable[[Parameters, Array], tuple[States, Array]]] = {
    "RNN": rnn, "LSTM": lstm, "GRU": gru, "PeepholeLSTM": peephole_lstm, "CoupledLSTM": coupled_lstm,
    "layer_norm(LSTM)": layer_norm_lstm, "MinGRU": min_gru, "GLA": gla, "DeltaNet": delta_net, "mLSTM": mlstm, "S6": s6,
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

"""Gated cells with fewer gates than a GRU, or with other ones."""

from recurra.spec import cell, relu, sigmoid, tanh

__all__ = [
    "ATR", "CFN", "JANET", "MGU", "MUT1", "MUT2", "MUT3", "RAN", "SGRN", "STAR", "UGRNN", "LiGRU", "LightRU",
    "MinimalRNN",
]  # fmt: skip


@cell
def MGU(p, x, h):
    """Minimal gated unit: one gate both forgets and resets. Zhou et al. (2016), arXiv:1603.09420."""
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
    candidate = tanh(x @ p.W_xh + (f * h) @ p.W_hh + p.b_h)
    h = (1 - f) * h + f * candidate
    return h


@cell
def UGRNN(p, x, h):
    """Update gate recurrent network: a gate between the state and an Elman step.

    Collins, Sohl-Dickstein & Sussillo (2017), arXiv:1611.09913.
    """
    g = sigmoid(x @ p.W_xg + h @ p.W_hg + p.b_g)
    c = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    h = g * h + (1 - g) * c
    return h


@cell
def MinimalRNN(p, x, h):
    """The state moves in the space of the embedded input. Chen (2017), arXiv:1711.06788."""
    z = tanh(x @ p.W_x + p.b_x)
    u = sigmoid(h @ p.U_h + z @ p.U_z + p.b_u)
    h = u * h + (1 - u) * z
    return h


@cell
def LiGRU(p, x, h):
    """Light GRU: no reset gate, and ReLU. Ravanelli et al. (2018), arXiv:1803.10225.

    Theirs normalises the products with x over the batch, which is left out here.
    """
    z = sigmoid(x @ p.W_xz + h @ p.W_hz + p.b_z)
    candidate = relu(x @ p.W_xh + h @ p.W_hh + p.b_h)
    h = z * h + (1 - z) * candidate
    return h


@cell
def LightRU(p, x, h):
    """Light recurrent unit: the candidate does not read the state. Ye et al. (2024), Electronics 13(16), 3204."""
    candidate = tanh(x @ p.W_xh + p.b_h)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
    h = (1 - f) * h + f * candidate
    return h


@cell
def MUT1(p, x, h):
    """The first of three cells that a search found. Jozefowicz, Zaremba & Sutskever (2015), ICML.

    Their x is as wide as h, and the candidate adds tanh(x) itself; here a matrix brings x to that width.
    """
    z = sigmoid(x @ p.W_xz + p.b_z)
    r = sigmoid(x @ p.W_xr + h @ p.W_hr + p.b_r)
    candidate = tanh((r * h) @ p.W_hh + tanh(x @ p.W_xh) + p.b_h)
    h = candidate * z + h * (1 - z)
    return h


@cell
def MUT2(p, x, h):
    """The second of three cells that a search found. Jozefowicz, Zaremba & Sutskever (2015), ICML.

    Their x is as wide as h, and r adds x itself; here a matrix brings x to that width.
    """
    z = sigmoid(x @ p.W_xz + h @ p.W_hz + p.b_z)
    r = sigmoid(x @ p.W_xr + h @ p.W_hr + p.b_r)
    candidate = tanh((r * h) @ p.W_hh + x @ p.W_xh + p.b_h)
    h = candidate * z + h * (1 - z)
    return h


@cell
def MUT3(p, x, h):
    """The third of three cells that a search found: z reads tanh(h). Jozefowicz, Zaremba & Sutskever (2015), ICML."""
    z = sigmoid(x @ p.W_xz + tanh(h) @ p.W_hz + p.b_z)
    r = sigmoid(x @ p.W_xr + h @ p.W_hr + p.b_r)
    candidate = tanh((r * h) @ p.W_hh + x @ p.W_xh + p.b_h)
    h = candidate * z + h * (1 - z)
    return h


@cell
def CFN(p, x, h):
    """Chaos-free network: without input, the state decays. Laurent & von Brecht (2017), arXiv:1612.06212."""
    forget = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
    take = sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i)
    h = forget * tanh(h) + take * tanh(x @ p.W_x)
    return h


@cell
def JANET(p, x, h):
    """An LSTM with a forget gate alone. Van der Westhuizen & Lasenby (2018), arXiv:1804.04849, with beta = 1."""
    s = x @ p.W_xf + h @ p.W_hf + p.b_f
    candidate = tanh(x @ p.W_xc + h @ p.W_hc + p.b_c)
    h = sigmoid(s) * h + (1 - sigmoid(s - 1)) * candidate
    return h


@cell
def STAR(p, x, h):
    """Stackable recurrent cell. Turkoglu et al. (2021), arXiv:1911.11033."""
    z = tanh(x @ p.W_xz + p.b_z)
    k = sigmoid(x @ p.W_xk + h @ p.W_hk + p.b_k)
    h = tanh((1 - k) * h + k * z)
    return h


@cell
def RAN(p, x, h, c):
    """Recurrent additive network: the state is a gated sum of the inputs. Lee et al. (2017), arXiv:1705.07393."""
    i = sigmoid(x @ p.W_xi + h @ p.W_hi + p.b_i)
    f = sigmoid(x @ p.W_xf + h @ p.W_hf + p.b_f)
    c = i * (x @ p.W_xc) + f * c
    h = tanh(c)
    return h, c


@cell
def ATR(p, x, h):
    """Addition-subtraction twin gates. Zhang et al. (2018), arXiv:1810.12546."""
    u, v = x @ p.W_x, h @ p.W_h
    h = sigmoid(u + v) * u + sigmoid(u - v) * h
    return h


@cell
def SGRN(p, x, h):
    """Simple gated recurrent network: gate and candidate share the product with the input.

    Zu & Wei (2021), IET Generation, Transmission & Distribution, doi:10.1049/gtd2.12056.
    """
    u = x @ p.W_x
    f = sigmoid(u + h @ p.W_h + p.b)
    h = tanh((1 - f) * u + f * h)
    return h

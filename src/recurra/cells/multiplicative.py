"""Cells that multiply what comes from the input with what comes from the state, where others add the two."""

from recurra.spec import cell, sigmoid, tanh

__all__ = ["MIGRU", "MILSTM", "MIRNN", "DeltaRNN", "MultiplicativeRNN"]


@cell(sizes={"W_xf": ("input_size", "factor_size")})
def MultiplicativeRNN(p, x, h):
    """Simple network whose state matrix depends on the input, in factors. Sutskever, Martens & Hinton (2011), ICML."""
    f = (x @ p.W_xf) * (h @ p.W_hf)
    h = tanh(x @ p.W_xh + f @ p.W_fh + p.b)
    return h


def _integrated(p, gate, x, h):
    """Return the multiplicative integration of the two products of a gate."""
    a, u = x @ getattr(p, f"W_{gate}"), h @ getattr(p, f"U_{gate}")
    alpha, beta_1, beta_2 = (getattr(p, f"{name}_{gate}") for name in ("alpha", "beta1", "beta2"))
    return alpha * a * u + beta_1 * u + beta_2 * a + getattr(p, f"b_{gate}")


def _starts(gates):
    """Return where the coefficients start: in the paper's language models alpha at 2, the betas at 0.5."""
    return {
        f"{name}_{gate}": start for gate in gates for name, start in (("alpha", 2.0), ("beta1", 0.5), ("beta2", 0.5))
    }


@cell(init=_starts("n"))
def MIRNN(p, x, h):
    """Simple network with multiplicative integration. Wu et al. (2016), arXiv:1606.06630."""
    h = tanh(_integrated(p, "n", x, h))
    return h


@cell(init=_starts("rzn"))
def MIGRU(p, x, h):
    """GRU with multiplicative integration, reset before the product. Wu et al. (2016), arXiv:1606.06630."""
    r = sigmoid(_integrated(p, "r", x, h))
    z = sigmoid(_integrated(p, "z", x, h))
    n = tanh(_integrated(p, "n", x, r * h))
    h = (1 - z) * n + z * h
    return h


@cell(init=_starts("ifog") | {"b_f": 1.0})
def MILSTM(p, x, h, c):
    """LSTM with multiplicative integration. Wu et al. (2016), arXiv:1606.06630."""
    i = sigmoid(_integrated(p, "i", x, h))
    f = sigmoid(_integrated(p, "f", x, h))
    o = sigmoid(_integrated(p, "o", x, h))
    g = tanh(_integrated(p, "g", x, h))
    c = f * c + i * g
    h = o * tanh(c)
    return h, c


@cell(init={"alpha": 2.0, "beta1": 0.5, "beta2": 0.5})
def DeltaRNN(p, x, h):
    """Differential state network: a gate between the last state and a candidate that also multiplies its two products.

    Ororbia, Mikolov & Reitter (2017), arXiv:1703.08864, late integration, with tanh inside and outside.
    """
    a, u = x @ p.W, h @ p.V
    z = tanh(p.alpha * a * u + p.beta1 * u + p.beta2 * a + p.b_z)
    r = sigmoid(a + p.b_r)
    h = tanh((1 - r) * z + r * h)
    return h

"""Simple gated units: the input modulates the state by a product, and one gate updates it."""

from recurra.spec import cell, maximum, minimum, sigmoid, softplus, tanh

__all__ = ["DSGU", "SGU"]


def _hard_sigmoid(a):
    """Return a sigmoid of three straight lines, as torch.nn.Hardsigmoid: 0 up to -3, 1 from 3 on."""
    return minimum(maximum(a / 6 + 0.5, 0.0), 1.0)


@cell
def SGU(p, x, h):
    """Simple gated unit. Gao & Glowacka (2016), arXiv:1604.02910.

    The gate z is a hard sigmoid, of slope 1/6 as in torch.nn.Hardsigmoid.
    """
    x_g = x @ p.W_xg + p.b_g
    z_g = tanh((x_g * h) @ p.W_hg)
    z_out = softplus(z_g * h)
    z = _hard_sigmoid(x @ p.W_xz + h @ p.W_hz + p.b_z)
    h = (1 - z) * h + z * z_out
    return h


@cell
def DSGU(p, x, h):
    """Deep simple gated unit: one more product on the way to the candidate. Gao & Glowacka (2016), arXiv:1604.02910.

    The gate z is a hard sigmoid, of slope 1/6 as in torch.nn.Hardsigmoid.
    """
    x_g = x @ p.W_xg + p.b_g
    z_g = tanh((x_g * h) @ p.W_hg)
    z_out = sigmoid((z_g * h) @ p.W_ho)
    z = _hard_sigmoid(x @ p.W_xz + h @ p.W_hz + p.b_z)
    h = (1 - z) * h + z * z_out
    return h

"""A cell that also gates what goes up to the next layer."""

from recurra.spec import cell, relu, sigmoid, tanh

__all__ = ["IntersectionRNN"]


@cell
def IntersectionRNN(p, x, h):
    """Intersection RNN (+RNN): one gate over time, one over depth. Collins et al. (2017), arXiv:1611.09913.

    The output is a gated mixture with the input, and so as wide as it.
    """
    y_in = relu(x @ p.W_xy + h @ p.W_hy + p.b_y)
    h_in = tanh(x @ p.W_xh + h @ p.W_hh + p.b_h)
    g_y = sigmoid(x @ p.W_xgy + h @ p.W_hgy + p.b_gy)
    g_h = sigmoid(x @ p.W_xgh + h @ p.W_hgh + p.b_gh)
    y = g_y * x + (1 - g_y) * y_in
    h = g_h * h + (1 - g_h) * h_in
    return (h,), y

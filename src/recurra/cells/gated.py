"""Gated cells beside LSTM and GRU: with fewer gates, with other ones, or found by a search."""

from recurra.spec import cell, maximum, minimum, relu, sigmoid, softplus, tanh

__all__ = [
    "ATR", "CARU", "CFN", "DSGU", "JANET", "LRN", "MGU", "MUT1", "MUT2", "MUT3", "NAS", "RAN", "SGRN", "SGU", "STAR",
    "UGRNN", "EleAttGRU", "IntersectionRNN", "LiGRU", "LightRU", "MinimalRNN",
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


@cell
def NAS(p, x, h, c):
    """The cell that neural architecture search found for Penn Treebank. Zoph & Le (2017), arXiv:1611.01578.

    One leaf multiplies what comes from the input with what comes from the state; the others add them.
    """
    u = tanh(sigmoid(x @ p.W_x0 + h @ p.W_h0) * relu(x @ p.W_x1 + h @ p.W_h1))
    v = tanh(sigmoid(x @ p.W_x2 + h @ p.W_h2) + relu((x @ p.W_x3) * (h @ p.W_h3)))
    w = tanh(tanh(x @ p.W_x4 + h @ p.W_h4) * sigmoid(x @ p.W_x5 + h @ p.W_h5))
    s = sigmoid(tanh(x @ p.W_x6 + h @ p.W_h6) + sigmoid(x @ p.W_x7 + h @ p.W_h7))
    c = tanh(u + c) * v
    h = tanh(c * tanh(w + s))
    return h, c


@cell
def LRN(p, x, h):
    """Lightweight recurrent network: gates from the input's keys, plus and minus the state; no product with the state.

    Zhang & Sennrich (2019), arXiv:1905.13324, with tanh.
    """
    i = sigmoid(x @ p.W_k + h)
    f = sigmoid(x @ p.W_q - h)
    h = tanh(i * (x @ p.W_v) + f * h)
    return h


@cell
def CARU(p, x, h):
    """Content-adaptive recurrent unit: the update gate is scaled by the input's own content.

    Chan, Ke & Im (2020), ICONIP, CARU: a content-adaptive recurrent unit for the transition of hidden state in NLP.
    """
    v = x @ p.W_vn + p.b_v
    n = tanh(h @ p.W_hn + p.b_h + v)
    z = sigmoid(x @ p.W_vz + h @ p.W_hz + p.b_z)
    l = sigmoid(v) * z
    h = (1 - l) * h + l * n
    return h


@cell(init=dict.fromkeys(("W_xr", "W_xz", "W_xn"), "xavier"))
def EleAttGRU(p, x, h):
    """GRU that weighs each feature of its input by the input and its state. Zhang et al. (2018), arXiv:1807.04445."""
    x = sigmoid(x @ p.W_xa + h @ p.W_ha + p.b_a) * x
    r = sigmoid(x @ p.W_xr + h @ p.W_hr + p.b_r)
    z = sigmoid(x @ p.W_xz + h @ p.W_hz + p.b_z)
    n = tanh(x @ p.W_xn + (r * h) @ p.W_hn + p.b_n)
    h = z * h + (1 - z) * n
    return h

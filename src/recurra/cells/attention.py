"""Attention as recurrence: weighted means of all values so far, whose exponential weights stay in range.

A numerator, a denominator, and the largest exponent so far, by which both are scaled. While the denominator is empty
the exponent is the new one, whatever that state holds.
"""

from recurra.spec import cell, exp, maximum, sigmoid, sum, where

__all__ = ["RWKV4", "AFTSimple", "Aaren"]


def _scales(den, m, new):
    """Return the larger of an exponent so far and a new one, and by what both the kept and the new are scaled."""
    kept = where(den > 0, m, new)
    largest = maximum(kept, new)
    return largest, exp(kept - largest), exp(new - largest)


@cell(sizes={"m": "hidden_size"})
def AFTSimple(p, x, num, den, m):
    """Attention-free transformer, simple and causal: each feature weighs the values of all steps so far by its keys.

    Zhai et al. (2021), arXiv:2105.14103, AFT-simple, where the query is a gate.
    """
    k = x @ p.W_k
    m, kept, new = _scales(den, m, k)
    num = kept * num + new * (x @ p.W_v)
    den = kept * den + new
    y = sigmoid(x @ p.W_q) * num / den
    return (num, den, m), y


@cell(sizes={"den": 1, "m": 1, "q": "key_size"})
def Aaren(p, x, num, den, m):
    """Attention as a recurrent network: a learnt query attends to all steps so far.

    Feng et al. (2024), arXiv:2405.13956, for one head; the scores are not scaled, as there.
    """
    s = sum(p.q * (x @ p.W_k))
    m, kept, new = _scales(den, m, s)
    num = kept * num + new * (x @ p.W_v)
    den = kept * den + new
    y = num / den
    return (num, den, m), y


@cell(
    sizes={"last": "input_size", "W_o": ("hidden_size", "hidden_size")},
    init=dict.fromkeys(("m_r", "m_k", "m_v"), 0.5),
)
def RWKV4(p, x, num, den, m, last):
    """RWKV-4's time mix: a mean of all values so far, which decays by feature, and weighs the newest by a bonus.

    Peng et al. (2023), arXiv:2305.13048, with the numbers in range as in their appendix. The last input is a state, as
    wide as the input. The decay is exp(-exp(w)), and b_u is the bonus.
    """
    r = (p.m_r * x + (1 - p.m_r) * last) @ p.W_r
    k = (p.m_k * x + (1 - p.m_k) * last) @ p.W_k
    v = (p.m_v * x + (1 - p.m_v) * last) @ p.W_v
    _, kept, new = _scales(den, m, k + p.b_u)
    wkv = (kept * num + new * v) / (kept * den + new)
    m, kept, new = _scales(den, m - exp(p.w), k)
    num = kept * num + new * v
    den = kept * den + new
    y = (sigmoid(r) * wkv) @ p.W_o
    return (num, den, m, x), y

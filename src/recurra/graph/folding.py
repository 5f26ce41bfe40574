"""Operations on numbers alone, as IEEE 754 has them: what constants of a graph become."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["FOLDABLE", "folded"]

FOLDABLE: Mapping[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "neg": operator.neg,
    "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "pow": math.pow, "maximum": max, "minimum": min,
}  # fmt: skip
"""Operation -> how Python computes it."""


def folded(op: str, values: list[float]) -> float:
    """Return an operation on numbers as IEEE 754 has it: nothing raises an error."""
    if any(math.isnan(value) for value in values) and op != "pow":
        return math.nan
    first, last = values[0], values[-1]
    is_odd = op == "pow" and last % 2 == 1
    try:
        return FOLDABLE[op](*values)
    except OverflowError:  # of exp and pow
        return -math.inf if is_odd and first < 0 else math.inf
    except ZeroDivisionError:
        return math.nan if first == 0 else math.copysign(math.inf, first) * math.copysign(1.0, last)
    except ValueError:  # of sqrt, log and pow
        if first != 0:
            return math.nan
        return -math.inf if op == "log" else math.copysign(math.inf, first if is_odd else 1.0)

"""Random cells with a matrix for each head, vectors that heads split, and numbers for each head.

`test_triton_nests.py` runs some. As a script it prints cells: `python tests/random_matrix_cells.py SEED ...`
"""

from __future__ import annotations

import random
import re
import sys

from random_cells import RandomCell, made_from

__all__ = ["random_matrix_cell"]

KINDS = {
    "V": ("hidden_size",),
    "K": ("heads", "hidden_size/heads"),
    "M": ("heads", "hidden_size/heads", "hidden_size/heads"),
    "H": ("heads",),
}
"""A vector, one for each head, a matrix for each head, a number for each head."""

EQUATIONS = {
    "V": ("{f}({V})", "{V} * tanh({V})", "flatten({K}) + {V}", "{V} / sqrt(sum({V} * {V}) + 1)", "softmax({V})",
          "x @ {PV}"),
    "K": ("{f}({K})", "split({V}, 'heads')", "tanh(vecmat({K}, {M}))", "tanh(matvec({M}, {K}))", "{K} * column({H})",
          "{K} / (1 + sum({K} * {K}))", "{K} - {K}", "softmax({K})", "vecmat({K}, {PM})"),
    "M": ("outer({K}, {K})", "column({K}) * {M}", "row({K}) * tanh({M})", "column(column(sigmoid({H}))) * {M}",
          "{M} + 0.5 * {M}", "{M} * {PM}", "maximum({M}, {M})", "{M} - outer({K}, vecmat({K}, {M}))"),
    "H": ("{f}({H})", "flatten(sum({K} * {K}))", "{H} * {H}", "flatten(sum(sum(tanh({M})), -2))",
          "maximum({H}, {H})"),
}  # fmt: skip
PRODUCT = "{V} + {V} @ {PU}"
"""A product that the loop has where it is of a state."""

FUNCTIONS = ("tanh", "sigmoid", "sin", "softplus")
STATES = {"S": "M", "h": "V", "n": "K", "m": "H"}
NEXT = {"S": "tanh(0.7 * S + {M})", "h": "tanh({V} + h)", "n": "tanh({K} + 0.5 * n)", "m": "tanh({H} - m)"}


class _Writer:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.states = ["S", *(name for name in ("h", "n", "m") if chance.random() < 0.5)]
        self.sizes: dict[str, tuple[str, ...]] = {name: KINDS[STATES[name]] for name in self.states}
        self.pool = {kind: [name for name in self.states if STATES[name] == kind] for kind in KINDS}
        self.lines: list[str] = []

    def let(self, kind: str, equation: str) -> None:
        name = f"{kind.lower()}{len(self.lines)}"
        self.lines.append(f"{name} = {self.filled(equation)}")
        self.pool[kind].append(name)

    def filled(self, equation: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: self._word(found[1]), equation)

    def _word(self, kind: str) -> str:
        if kind == "f":
            return self.chance.choice(FUNCTIONS)
        if kind in KINDS:
            return self.chance.choice(self.pool[kind][-4:])
        shape = KINDS.get(kind[1], ("hidden_size",))
        name = f"W{len(self.sizes)}"
        self.sizes[name] = shape if kind == "PM" else ("hidden_size" if kind == "PU" else "input_size", *shape)
        return f"p.{name}"


def random_matrix_cell(chance: random.Random) -> RandomCell:
    """Return a cell of some equations; `chance` decides everything."""
    writer = _Writer(chance)
    for kind, equation in (("V", "x @ {PV}"), ("K", "split(x @ {PV}, 'heads')"), ("H", "x @ {PH}")):
        writer.let(kind, equation)
    has_products = chance.random() < 0.25
    for _ in range(chance.randint(5, 12)):
        kind = chance.choice("VVKKKMMMH")
        writer.let(kind, chance.choice((*EQUATIONS[kind], *([PRODUCT] if has_products and kind == "V" else []))))
    nexts = [writer.filled(NEXT[name]) for name in writer.states]
    output = writer.filled(chance.choice(("{V}", "flatten({K})", "flatten(vecmat({K}, S))")))
    last = f"return ({', '.join(nexts)},), {output} + x @ p.W_y"
    body = [last]
    for line in reversed(writer.lines):  # what nothing reads would be an error
        if re.search(rf"\b{line.split()[0]}\b", "\n".join(body)):
            body.insert(0, line)
    text = "\n".join(f"    {line}" for line in body)
    used = {*writer.states, *re.findall(r"p\.(\w+)", text)}
    sizes = {name: shape for name, shape in writer.sizes.items() if name in used}
    sizes["W_y"] = ("input_size", "hidden_size")
    return made_from(f"@cell(sizes={sizes!r})\ndef Random(p, {', '.join(['x', *writer.states])}):\n{text}\n")


if __name__ == "__main__":
    for seed in map(int, sys.argv[1:]):
        print(random_matrix_cell(random.Random(seed)).source)

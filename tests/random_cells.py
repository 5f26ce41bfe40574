"""Random cells, and how one is compared with autograd through its own function in every form that a kernel has.

`test_random_cells.py` runs some of them in each run of the tests; as a script it runs as many as are asked for:

    python tests/random_cells.py --cells 20000 --seed 0 [--triton]

Each failure is printed as the source of the cell and the case that fails: that is a regression test.
"""

from __future__ import annotations

import argparse
import contextlib
import linecache
import os
import random
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch

import recurra
from recurra import Cell
from recurra.backends.kernel import Kernel
from recurra.backends.llvm import compiler, program
from recurra.backends.llvm.kernel import LLVMKernel
from recurra.backends.llvm.module import CODE
from recurra.backends.parameters import Parameters, as_they_are
from recurra.derive.plan import EVALUATION, Plans
from recurra.nn import Recurrent
from recurra.testing.cases import Case, draw_case
from recurra.testing.runs import RunResult, run_eagerly, run_inference, run_plans, run_reference
from recurra.testing.tolerances import error_of, tolerance
from triton_cases import compile_for

__all__ = [
    "Form", "RandomCell", "check_form", "compiled_at_low_cost", "made_from", "random_cell", "random_form",
    "random_triton_form",
]  # fmt: skip

FUNCTIONS = (
    "cell", "bernoulli", "column", "cos", "cumsum", "erf", "exp", "flatten", "heaviside", "log", "max", "maximum",
    "mean", "min", "matvec", "minimum", "normal", "outer", "relu", "row", "sigmoid", "sign", "sin", "softmax",
    "softplus", "split", "sqrt", "stop_gradient", "sum", "surrogate", "tanh", "uniform", "vecmat", "where",
)  # fmt: skip
WIDTHS = ("hidden_size", "other_size", "input_size")


@dataclass(frozen=True)
class RandomCell:
    """A cell and the text that it was made from."""

    source: str
    cell: Cell = field(compare=False)

    def __repr__(self) -> str:
        return f"\n{self.source}"


def made_from(source: str) -> RandomCell:
    """Return the cell `Random` that a text defines with the names of `recurra`."""
    name = f"<random cell {abs(hash(source)):x}>"
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    names: dict[str, Any] = {each: getattr(recurra, each) for each in FUNCTIONS}
    exec(compile(source, name, "exec"), names)
    return RandomCell(source, names["Random"])


class _Writer:
    """Writes the equations of one cell; `chance` decides everything."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.sizes: dict[str, Any] = {}
        self.scalars: list[str] = []
        self.values: dict[str, str] = {"x": "input_size"}
        self.outside: dict[str, str] = {"x": "input_size"}
        self.lines: list[str] = []
        self.count = 0

    def one_of(self, choices: Sequence[Any]) -> Any:
        return choices[self.chance.randrange(len(choices))]

    def new(self, letter: str, shape: Any) -> str:
        """Return a new parameter."""
        self.count += 1
        name = f"{letter}{self.count}"
        if shape == ():
            self.scalars.append(name)
        else:
            self.sizes[name] = shape
        return f"p.{name}"

    def product(self, width: str, known: dict[str, str]) -> str:
        value = self.one_of(list(known))
        of = known[value]
        if self.chance.randrange(4) == 0:
            small = self.leaf(of, known)
            value = f"tanh({small})" if self.chance.randrange(2) else f"({small} * {value})"
        return f"{value} @ {self.new('W', (of, width))}"

    def leaf(self, width: str, known: dict[str, str]) -> str:
        """Return something small of a width."""
        same = [name for name, size in known.items() if size == width]
        kind = self.chance.randrange(6)
        if same and kind < 3:
            value = self.one_of(same)
            return value if kind else f"{value} * {self.new('d', (width,))}"
        if kind == 5 and same:
            return f"{self.one_of(same)} * {self.new('s', ())}"
        return f"({self.product(width, known)})"

    def affine(self, width: str, known: dict[str, str]) -> str:
        terms = [self.product(width, known) for _ in range(1 + self.chance.randrange(2))]
        if self.chance.randrange(2):
            terms.append(self.leaf(width, known))
        if self.chance.randrange(2):
            terms.append(self.new("b", (width,)))
        return f"({' + '.join(terms)})"

    def value(self, width: str, known: dict[str, str], depth: int) -> str:
        """Return an expression of a width; it stays of the order of one."""
        if depth == 0:
            return self.leaf(width, known)

        def inner() -> str:
            return self.value(width, known, depth - 1)

        def apart() -> str:  # two values that are compared are equal nowhere
            return f"({inner()} + {self.new('b', (width,))})"

        wide = self.one_of(list(known.values()))
        like = next((n for n, size in known.items() if size == width and n in "xhac"), None)
        kinds: list[Callable[[], str]] = [
            lambda: self.affine(width, known),
            lambda: self.affine(width, known),
            lambda: f"tanh({self.affine(width, known)})",
            lambda: f"sigmoid({self.affine(width, known)})",
            lambda: f"relu({self.affine(width, known)})",
            lambda: f"softmax({inner()})",
            lambda: f"softplus({inner()})",
            lambda: f"exp(-softplus({inner()}))",
            lambda: f"sqrt(softplus({inner()}) + 0.1)",
            lambda: f"log(softplus({inner()}) + 0.5)",
            lambda: f"(1 - {inner()})",
            lambda: f"({inner()} * tanh({inner()}))",
            lambda: f"({inner()} + {inner()})",
            lambda: f"({inner()} - {inner()})",
            lambda: f"({inner()} / (1 + softplus({inner()})))",
            lambda: f"maximum({inner()}, {apart()})",
            lambda: f"minimum({inner()}, {apart()})",
            lambda: f"where({inner()} {self.one_of(['<', '<=', '>', '>='])} {apart()}, {inner()}, {inner()})",
            lambda: f"({inner()} * tanh(sum({self.value(wide, known, depth - 1)})))",
            lambda: f"(tanh({inner()}) + mean({self.leaf(wide, known)} * {self.leaf(wide, known)}))",
            lambda: f"({inner()} * exp({self.new('d', (width,))}))",
            lambda: f"({self.one_of(['sin', 'cos', 'erf'])}({inner()}) + abs({apart()}))",
            lambda: f"((0.5 + abs(tanh({inner()}))) ** {self.one_of(['-0.7', '1.5', f'tanh({inner()})'])})",
            lambda: f"cumsum(softmax({inner()}){self.one_of(['', ', reverse=True'])})",
            lambda: f"({inner()} - {self.one_of(['max', 'min'])}({self.value(wide, known, depth - 1)}))",
            lambda: f"heaviside({apart()}, derivative=lambda v: 1 / (1 + abs(v)) ** 2)",
            lambda: f"(surrogate(sign({apart()}), tanh({inner()})) * stop_gradient({inner()}))",
            lambda: f"({inner()} + 0.3 * {self.one_of(['normal', 'uniform'])}(like={like}))",
            lambda: f"({inner()} * bernoulli(0.7, like={like}, per='{self.one_of(['step', 'sequence'])}'))",
        ]
        return self.one_of(kinds if like else kinds[:-2])()

    def following(self, state: str, width: str) -> str:
        """Return the next value of a state: bounded, so that a few steps stay of the order of one."""
        known, depth = self.values, 1 + self.chance.randrange(2)
        same = [name for name, size in self.values.items() if size == width]
        kind = self.chance.randrange(9)
        if kind == 0:  # known before the loop
            return f"tanh({self.value(width, self.outside, depth)})"
        if kind == 1 and width == "input_size":  # the input of the step before
            return "x"
        if kind == 2:
            return f"sigmoid({self.affine(width, self.outside)}) * tanh({self.affine(width, self.outside)})"
        if kind == 3:
            return self.one_of(same)
        if kind == 4:
            self.count += 1
            gate = f"z{self.count}"
            self.lines.append(f"{gate} = sigmoid({self.affine(width, known)})")
            return f"{gate} * {state} + (1 - {gate}) * tanh({self.value(width, known, depth)})"
        if kind == 5:
            decay = f"sigmoid({self.new('d', (width,))})"
            return f"{decay} * {state} + tanh({self.value(width, self.outside, 1)})"
        return f"tanh({self.value(width, known, depth)})"


def random_cell(chance: random.Random) -> RandomCell:
    """Return a cell whose equations are drawn from `chance`."""
    w = _Writer(chance)
    states = {name: w.one_of(WIDTHS[: 2 + chance.randrange(2)]) for name in "hac"[: 1 + chance.randrange(3)]}
    w.sizes |= {name: size for name, size in states.items() if size != "hidden_size"}
    delays, further, once = {}, {}, []
    if chance.randrange(4) == 0:
        delays["late"] = (w.one_of(list(states)), 1 + chance.randrange(3))
    if chance.randrange(3) == 0:
        further["u"] = w.one_of(["hidden_size", "other_size", 1])
        if chance.randrange(2):
            once.append("u")
    w.sizes |= further
    w.values |= states | {name: states[of] for name, (of, _) in delays.items()} | further
    w.outside |= further
    for k in range(chance.randrange(3)):
        known, width = (w.outside if chance.randrange(4) == 0 else w.values), w.one_of(WIDTHS[:2])
        w.lines.append(f"v{k} = {w.value(width, known, 1)}")
        for each in {id(known): known, id(w.values): w.values}.values():
            each[f"v{k}"] = width
    following = [w.following(name, width) for name, width in states.items()]
    result = ", ".join(following)
    if chance.randrange(3) == 0:
        known = w.outside if chance.randrange(4) == 0 else w.values
        result = f"({result},), {w.value(w.one_of(WIDTHS[:2]), known, 1 + chance.randrange(2))}"
    text = f"return {result}"
    for line in reversed(w.lines):  # what nothing reads would be refused, and so would its parameters
        if re.search(rf"\b{line.partition(' ')[0]}\b", text):
            text = f"{line}\n{text}"
    named = [name for name in (*further, *delays) if re.search(rf"(?<!like=)\b{name}\b", text)]
    delays, once = {name: delay for name, delay in delays.items() if name in named}, [n for n in once if n in named]
    arguments = ", ".join(["p", "x", *states, *(["*"] if named else []), *named])
    w.values = {name: size for name, size in w.values.items() if name not in further or name in named}
    sizes = {name: size for name, size in w.sizes.items() if name in w.values or re.search(rf"p\.{name}\b", text)}
    scalars = tuple(name for name in w.scalars if re.search(rf"p\.{name}\b", text))
    options = f"sizes={sizes!r}, scalars={scalars!r}, per_sequence={tuple(once)!r}, delays={delays!r}"
    body = "".join(f"    {line}\n" for line in text.splitlines())
    return made_from(f"@cell({options})\ndef Random({arguments}):\n{body}")


# how a cell is run ---------------------------------------------------------------------------------------------------

BATCHES = [(1,), (3,), (1, 1, 1, 1), (3,) * 6, (4, 3, 3, 1, 1), (13, 13, 13), (29, 14, 2), (2, 2)]


@dataclass(frozen=True)
class Form:
    """A shape, and what decides in which form a kernel runs it.

    Attributes
    ----------
    kind : ``"inference"``, ``"training"`` (with tape, and the backward pass), ``"stream"`` or ``"layer"``
    is_joint : bool
        Whether several threads share each step.
    has_noise : bool
        Whether noise is drawn; otherwise it is its mean.
    backend : ``"llvm"`` or ``"triton"``, which has no streams
    only : str
        The form of Triton's time loops: ``"step-wise"``, or ``""`` for the one that is chosen.
    """

    kind: str
    batch_sizes: tuple[int, ...]
    sizes: tuple[int, int, int]
    threads: int = 1
    is_joint: bool = False
    reverse: bool = False
    has_noise: bool = False
    seed: int = 0
    backend: str = "llvm"
    only: str = ""


def random_form(chance: random.Random, kind: str = "") -> Form:
    """Return how a cell is run."""
    kind = kind or ("inference", "training", "training", "stream", "layer")[chance.randrange(5)]
    batches = [each for each in BATCHES if kind not in ("stream", "layer") or each[0] == each[-1]]
    threads = 1 + chance.randrange(2)
    return Form(
        kind, batches[chance.randrange(len(batches))],
        tuple((1, 2, 3, 5, 8, 9, 17)[chance.randrange(7)] for _ in range(3)),
        threads, threads > 1 and chance.randrange(2) == 0, kind != "stream" and chance.randrange(3) == 0,
        kind in ("training", "inference") and chance.randrange(2) == 0, chance.randrange(100),
    )  # fmt: skip


INTERPRETED = [(1,), (3,), (1, 1, 1), (2, 2), (3, 2, 1), (17, 1)]
"""Triton's interpreter takes a second for a few steps; a tile has 16 rows."""


def random_triton_form(chance: random.Random, kinds: Sequence[str] = ("inference", "training", "layer")) -> Form:
    """Return how a cell is run by Triton's kernels."""
    kind = ("inference", "training", "training", "layer")[chance.randrange(4)]
    kind = kind if kind in kinds else kinds[-1]
    batches = [each for each in INTERPRETED if kind != "layer" or each[0] == each[-1]]
    return Form(
        kind, batches[chance.randrange(len(batches))],
        tuple((1, 2, 3, 5, 17, 33)[chance.randrange(6)] for _ in range(3)),
        reverse=chance.randrange(3) == 0, has_noise=kind != "layer" and chance.randrange(2) == 0,
        seed=chance.randrange(100), backend="triton", only=("", "step-wise")[kind != "layer" and chance.randrange(2)],
    )  # fmt: skip


def check_form(random_cell: RandomCell, how: Form, *, compile: Callable[[Plans], Kernel] | None = None) -> None:
    """Raise AssertionError where a kernel and autograd through the cell's function disagree.

    `compile` makes the kernel of plans; Triton's runs in the interpreter unless this says otherwise.
    """
    cell = random_cell.cell
    compile = compile or (LLVMKernel if how.backend == "llvm" else compile_for(torch.device("cpu"), only=how.only))
    numbers = dict(zip(("input_size", "hidden_size", "other_size"), how.sizes, strict=True))
    sizes = {name: numbers[name] for name in cell.sizes}
    case = draw_case(cell, sizes, how.batch_sizes, reverse=how.reverse, seed=how.seed)
    noise = how.has_noise and cell.random
    expected = run_eagerly(case, training=True) if noise else run_reference(case)
    with _threads(how.threads, is_joint=how.is_joint):
        if how.kind == "inference":
            found = run_inference(case, compile, training=noise)
        elif how.kind == "stream":
            found, expected = run_stream(case), replace(expected, gradients=())
        elif how.kind == "layer":
            found = run_layer(case, backend=how.backend)
        else:
            found = run_plans(case, compile, training=noise)
    _compare(found, replace(expected, gradients=expected.gradients if found.gradients else ()))


def _compare(found: RunResult, expected: RunResult) -> None:
    allowed = tolerance("float64")
    for which, bound in (("values", allowed.output), ("gradients", allowed.gradient)):
        pairs = zip(getattr(found, which), getattr(expected, which), strict=True)
        worst = max((error_of(value, reference) for value, reference in pairs), default=0.0)
        assert worst <= 10 * bound, f"{which} differ by {worst:.1e}"


def run_stream(case: Case) -> RunResult:
    """Run a case step by step, in the form in which a step is one call."""
    call, plans = case.call, case.cell.plans(EVALUATION)
    own = [torch.tensor(value, dtype=torch.float64) for value in call.parameters]
    known = dict(zip(case.cell.step.parameters, own, strict=True))
    if own:
        from recurra.backends.torch import prelude

        known = prelude(plans.forward.prelude, known, call.sizes)
    tensors = [known[leaf] for leaf in plans.forward.step.parameters]
    batch = call.batch_sizes[0]
    parts = as_they_are(len(tensors))
    stepper = LLVMKernel(plans).stepper(call.sizes, parts, batch=batch, dtype=torch.float64)
    stepper.refresh(Parameters(tensors, parts))
    run_step, outputs = stepper.followed_by([]), []
    for into, state in zip(stepper.states, call.states, strict=True):
        into.copy_(torch.tensor(state))
    for t in range(len(call.batch_sizes)):
        for leaf, into, value in zip(plans.forward.step.inputs, stepper.inputs, call.inputs, strict=True):
            once = leaf.name in case.cell.step.per_sequence
            into.copy_(torch.tensor(value if once else value[t * batch : (t + 1) * batch]))
        run_step()
        outputs.append(stepper.output.numpy().copy())
    return RunResult(np.concatenate(outputs), tuple(state.numpy().copy() for state in stepper.states), ())


def run_layer(case: Case, *, backend: str = "llvm") -> RunResult:
    """Run a case by a layer, which gives its kernel shifted states as inputs; backwards by turning the steps round."""
    call, cell = case.call, case.cell
    others = {name: number for name, number in call.sizes.items() if name not in ("input_size", "hidden_size")}
    layer = Recurrent(
        cell, call.sizes.get("input_size", 1), call.sizes.get("hidden_size", 1), sizes=others, backend=backend
    )
    layer = layer.double().eval()
    steps, batch = len(call.batch_sizes), call.batch_sizes[0]

    def turned(value: torch.Tensor) -> torch.Tensor:
        return value.flip(0) if call.reverse else value

    own = [getattr(layer, f"{leaf.name}_l0") for leaf in cell.step.parameters]
    with torch.no_grad():
        for tensor, value in zip(own, call.parameters, strict=True):
            tensor.copy_(torch.tensor(value))
    inputs = [torch.tensor(value, requires_grad=True) for value in call.inputs]
    states = [torch.tensor(value, requires_grad=True) for value in call.states]
    given = {
        leaf.name: value if leaf.name in cell.step.per_sequence else turned(value.reshape(steps, batch, -1))
        for leaf, value in zip(cell.step.inputs, inputs, strict=True)
    }
    hx = tuple(state[None] for state in states)
    x = given.pop("x")
    output, last = layer(x, hx if len(hx) > 1 else hx[0], inputs=given or None)
    last = last if isinstance(last, tuple) else (last,)
    output, last = turned(output).reshape(steps * batch, -1), [state[0] for state in last]
    weights = (case.output_gradient, *case.state_gradients)
    loss = torch.stack([(v * torch.tensor(w)).sum() for v, w in zip((output, *last), weights, strict=True)]).sum()
    found = torch.autograd.grad(loss, [*own, *inputs, *states], allow_unused=True, materialize_grads=True)
    arrays = [each.detach().numpy() for each in (output, *last, *found)]
    return RunResult(arrays[0], tuple(arrays[1 : 1 + len(last)]), tuple(arrays[1 + len(last) :]))


@contextlib.contextmanager
def _threads(count: int, *, is_joint: bool) -> Iterator[None]:
    """Let torch have so many threads, which share each step if the work is to be joint."""
    before, bounds = torch.get_num_threads(), (program._CACHE, program._WORTH_WAITING, program._WORTH_A_TEAM)
    torch.set_num_threads(count)
    program._WORTH_A_TEAM = -1  # however small a cell is
    if is_joint:
        program._CACHE = program._WORTH_WAITING = -1
    try:
        yield
    finally:
        torch.set_num_threads(before)
        program._CACHE, program._WORTH_WAITING, program._WORTH_A_TEAM = bounds


@contextlib.contextmanager
def compiled_at_low_cost(level: int = 0) -> Iterator[None]:
    """Compile without LLVM's passes, and keep nothing on disk: most of a small cell's time is theirs."""
    before, kept = compiler.SPEED_LEVEL, os.environ.get("RECURRA_CACHE_DIR")
    compiler.SPEED_LEVEL, os.environ["RECURRA_CACHE_DIR"] = level, ""
    try:
        yield
    finally:
        compiler.SPEED_LEVEL = before
        CODE.clear()
        if kept is None:
            del os.environ["RECURRA_CACHE_DIR"]
        else:
            os.environ["RECURRA_CACHE_DIR"] = kept


# a campaign ----------------------------------------------------------------------------------------------------------


def campaign(cells: int, seed: int, *, minutes: float, forms: int, drawn_form: Callable[[random.Random], Form]) -> int:
    """Check random cells one after the other; print those that fail, and return their number."""
    failures, end, done = 0, time.monotonic() + 60 * minutes, 0
    for number in range(seed, seed + cells):
        if time.monotonic() > end:
            break
        chance = random.Random(number)
        drawn = random_cell(chance)
        for _ in range(forms):
            how = drawn_form(chance)
            try:
                check_form(drawn, how)
            except Exception:
                failures += 1
                print(f"cell {number}, {how}{drawn!r}{traceback.format_exc(limit=-3)}", flush=True)
        done += 1
        if done % 100 == 0:
            CODE.clear()
            print(f"{done} cells, {failures} failures", flush=True)
    print(f"{done} cells from {seed} on, {forms} forms each: {failures} failures", flush=True)
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0, help="the number of the first cell")
    parser.add_argument("--forms", type=int, default=3, help="in which each cell is run")
    parser.add_argument("--minutes", type=float, default=1e9)
    parser.add_argument("--level", type=int, default=0, help="of LLVM's optimisation, 0 to 3")
    parser.add_argument("--triton", action="store_true", help="run Triton's kernels, in its interpreter")
    options = parser.parse_args()
    if options.triton:
        os.environ["TRITON_INTERPRET"] = "1"  # read when triton is imported, which the first kernel does
    form = random_triton_form if options.triton else random_form
    with compiled_at_low_cost(options.level):
        found = campaign(
            options.cells, options.seed, minutes=options.minutes, forms=options.forms, drawn_form=form
        )  # fmt: skip
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())

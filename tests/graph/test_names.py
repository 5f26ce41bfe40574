"""Names and sources: a cell works the same in a module, a function, a notebook, the REPL and `exec`."""

from __future__ import annotations

import linecache
import subprocess
import sys
from pathlib import Path

import pytest

from recurra import Cell, cell, sigmoid, tanh
from recurra.errors import CellError

SOURCE = """
from recurra import cell, sigmoid, tanh
@cell
def Gate(p, x, h):
    z = sigmoid(x @ p.W + h @ p.U)
    return z * h + (1 - z) * tanh(x @ p.V)
print(Gate.equations())
"""
EQUATIONS = "z[t] = σ(x[t] W + h[t-1] U)\nh[t] = z[t] ⊙ h[t-1] + (1 - z[t]) ⊙ tanh(x[t] V)\n"
WRONG = """
from recurra import cell
@cell
def Wrong(p, x, h):
    u = h * x
    return u
"""


def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], input=given, capture_output=True, text=True, check=False)


def test_in_a_script(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SOURCE)
    assert run(str(tmp_path / "script.py")).stdout == EQUATIONS


@pytest.mark.parametrize("arguments", [("-",), ("-c", SOURCE)], ids=["stdin", "-c"])
def test_without_a_file(arguments: tuple[str, ...]) -> None:
    assert run(*arguments, given=SOURCE).stdout == EQUATIONS


def test_in_the_repl() -> None:
    """Typed in, with the prompts of an interactive session."""
    typed = SOURCE.replace("print(", "\nprint(")
    assert EQUATIONS in run("-i", "-q", given=typed).stdout


def test_an_error_in_a_script_quotes_the_line(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(WRONG)
    done = run(str(tmp_path / "script.py"))
    assert done.returncode == 1
    assert "recurra.errors.CellError: Wrong, line 3: `u = h * x`" in done.stderr


def test_an_error_without_a_source_quotes_what_was_traced() -> None:
    """Python keeps no source of `exec`: the expression itself is written out."""
    with pytest.raises(CellError, match=r"Wrong, line 3\n  the sizes do not fit: `h \* x`: hidden_size beside"):
        exec(WRONG, {})


def test_an_error_about_a_whole_line_without_a_source_writes_the_line_out() -> None:
    with pytest.raises(
        CellError, match=r"Wrong, line 3: `x \+ \(x @ p\.W\)`\n  the next value of h has the wrong size"
    ):
        exec(WRONG.replace("h * x", "x + x @ p.W"), {})


def test_a_notebook_keeps_its_source() -> None:
    """As IPython does: the cell of a notebook is registered with linecache."""
    name = "<ipython-input-1>"
    linecache.cache[name] = (len(WRONG), None, WRONG.splitlines(keepends=True), name)
    with pytest.raises(CellError, match=r"Wrong, line 3: `u = h \* x`"):
        exec(compile(WRONG, name, "exec"), {})


def test_a_value_has_the_first_name_that_it_was_given() -> None:
    @cell
    def C(p, x, h):
        gate = sigmoid(x @ p.W + h @ p.U)
        alias = gate
        candidate = tanh(x @ p.V)
        return alias * candidate

    assert [line.split(" = ") for line in C.equations().splitlines()] == [
        ["gate[t]     ", "σ(x[t] W + h[t-1] U)"],
        ["candidate[t]", "tanh(x[t] V)"],
        ["h[t]        ", "gate[t] ⊙ candidate[t]"],
    ]


def test_a_name_used_twice_is_the_last_for_the_state_and_told_apart_before() -> None:
    @cell
    def C(p, x, h):
        h = tanh(x @ p.W + h @ p.U)
        return h + x @ p.V

    assert C.equations() == "h'[t] = tanh(x[t] W + h[t-1] U)\nh[t]  = h'[t] + x[t] V"


def test_values_made_by_a_function_of_ones_own() -> None:
    """A cell may call functions: their equations are part of it."""

    def gate(p, x, h, name: str):
        return sigmoid(x @ getattr(p, f"W_{name}") + h @ getattr(p, f"U_{name}"))

    @cell
    def C(p, x, h):
        z, r = (gate(p, x, h, name) for name in "zr")
        return z * h + r * tanh(x @ p.V)

    assert [parameter.name for parameter in C.parameters] == ["W_z", "U_z", "W_r", "U_r", "V"]
    assert C.equations().startswith("z[t] = σ(x[t] W_z + h[t-1] U_z)\nr[t] = σ(x[t] W_r + h[t-1] U_r)\n")


def test_a_long_step() -> None:
    """A step may unfold an inner loop of its own; nothing grows faster than its length, and nothing recurses on it."""

    @cell
    def C(p, x, h):
        for _ in range(1500):
            h = h + 0.01 * tanh(h * h)
        return h

    assert len(C.step.names) == 1500
    assert len(C.plans().forward.saved) == 1499  # the first tanh is computed again
    assert C.equations().count("\n") == 1499
    assert Cell.from_json(C.to_json()).to_json() == C.to_json()


def test_a_debugger_that_traces_is_left_as_it_was() -> None:
    """Tracing sets a trace function for a moment; one that was there is there again."""
    seen = []

    def tracer(frame: object, event: str, argument: object) -> None:
        seen.append(event)

    before = sys.gettrace()
    sys.settrace(tracer)
    try:

        @cell
        def C(p, x, h):
            return tanh(x @ p.W)

        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)
    assert C.equations() == "h[t] = tanh(x[t] W)"

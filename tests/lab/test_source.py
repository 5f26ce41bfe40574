"""Texts of cells that anybody may have written: what is read, and what is refused before anything runs."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from fresh_python import output_of
from recurra import cell, tanh
from recurra.cells import GRU, LSTM
from recurra.errors import CellError, InputError
from recurra.graph.compound import number_of
from recurra.lab.description import described, described_text
from recurra.lab.pyodide import _program, pyodide_parts
from recurra.lab.source import cell_of, line_of

OWN = '''
from recurra import cell, sigmoid, tanh

@cell(init={"b_f": 1.0, "U": "identity"}, delays={"older": ("h", 2)})
def Own(p, x, h, *, older):
    """Own."""
    f = sigmoid(x @ p.W_f + h @ (p.U_f - p.U_f.T) + p.b_f)  # how much is kept
    a, b = x @ p.W, 0.5 * older ** 2
    a += h @ p.U
    return f * h + (1 - f) * tanh(a + b)
'''

HEAD = "def Own(p, x, h):\n    "
REFUSED = {
    "import os\ndef Own(p, x, h):\n    return h": (1, "one function"),
    "def Own(p, x, h=open('a')):\n    return h": (1, "without defaults"),
    "@cell(init={'a': __import__('os')})\ndef Own(p, x, h):\n    return h": (1, "as they stand"),
    "@open('a')\ndef Own(p, x, h):\n    return h": (1, "@cell"),
    f"{HEAD}return open('/etc/passwd')": (2, "open is unknown"),
    f"{HEAD}return p.__class__": (2, ".__class__"),
    f"{HEAD}return tanh.__globals__": (2, ".__globals__"),
    f"{HEAD}return p.W.shape": (2, ".shape"),
    f"{HEAD}p = h\n    return p.tracing": (2, "are the parameters"),
    f"{HEAD}tanh = h\n    return h": (2, "is taken"),
    f"{HEAD}return (lambda: h)()": (2, "calls recurra's functions"),
    f"{HEAD}return [h for _ in ()][0]": (2, "no indexing"),
    f"{HEAD}while h: pass": (2, "assignments"),
    f"{HEAD}return h * 9**9**9": (2, "a power"),
    f"{HEAD}return h * (9**9)**9": (2, "a power of a computed number"),
    f"{HEAD}return h * 'a'": (2, "arithmetic"),
    f"{HEAD}return h << 9": (2, "operators"),
    f"{HEAD}return (a := h)": (2, "arithmetic"),
    f"{HEAD}return tanh(x @ p.W +": (2, "no Python"),
    f"{HEAD}return tanh(x @ p.W + h @ p.W)": (2, "the sizes do not fit"),
    f"{HEAD}return tanh(x @ p.W + q)": (2, "q"),
    "x = 3": (1, "one function"),
    "": (None, "no function"),
    f"{HEAD}return {'-' * 3000}h": (None, ""),
    f"{HEAD}return {'(' * 300}h{')' * 300}": (None, ""),
    f"{HEAD}return {' + '.join('h' for _ in range(3000))}": (None, ""),
}


def test_a_text_is_the_cell_that_python_makes_of_it() -> None:
    made: dict[str, object] = {}
    exec(OWN, made)
    assert cell_of(OWN).to_json() == made["Own"].to_json()  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("text", REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_cell_is_refused_with_its_line(text: str) -> None:
    line, message = REFUSED[text]
    with pytest.raises(CellError) as raised:
        cell_of(text)
    assert message in str(raised.value)
    assert line is None or line_of(raised.value, text) == line


def test_nothing_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """What a text prints at import, in a decorator, a default or a body is never printed."""
    for text in ("print(1)", "@cell(init=print(1))\ndef A(p, x, h=print(1)):\n    return print(1)"):
        assert "error" in described_text(text)
    assert capsys.readouterr().out == ""


def test_numbers_that_a_cell_closes_over_stand_in_its_text() -> None:
    def leaky(rate: float) -> object:
        @cell
        def Leaky(p, x, h):
            return (1 - rate) * h + rate * tanh(x @ p.W + h @ p.U)

        return Leaky

    given = leaky(0.125)
    text = described(given)["text"]  # pyright: ignore[reportArgumentType]
    assert "(1 - 0.125) * h + 0.125 * tanh" in text
    assert cell_of(text).equations() == given.equations()  # pyright: ignore[reportAttributeAccessIssue]


def test_operations_are_counted_for_all_sizes() -> None:
    for each in (LSTM, GRU):
        sizes = {"input_size": 3, "hidden_size": 8}
        count = sum(number * number_of(size, sizes) for number, size in described(each)["flops"])
        assert count == each.flops(**sizes)


def test_what_the_page_has_inside_needs_no_other_package(tmp_path: Path) -> None:
    """A process that finds nothing but the standard library and the page's archive derives a cell, and its kernel."""
    zipfile.ZipFile(BytesIO(_program())).extractall(tmp_path)
    text = "def Own(p, x, h):\n    return sigmoid(p.a) * h + tanh(x @ p.W + (2 ** 0.5) * h @ p.U)"
    script = f"""
import sys
sys.path = [{str(tmp_path)!r}, *(each for each in sys.path if "site-packages" not in each and "src" not in each)]
for name in [name for name in sys.modules if name.split(".")[0] in ("recurra", "numpy", "torch")]:
    del sys.modules[name]
class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name in ("numpy", "torch", "llvmlite"):
            raise ImportError(name)
sys.meta_path.insert(0, Refusing())
from recurra.lab.description import described_text, run_text
found = {{**described_text({text!r}), **run_text({text!r})}}
assert "W" in found["kernel"] and "<svg" in found["diagram"], found
import recurra
assert recurra.__file__.startswith({str(tmp_path)!r})
"""
    output_of(script)


def test_pyodide_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"pyodide\.asm\.wasm.*not found; expected the npm package"):
        pyodide_parts(tmp_path)

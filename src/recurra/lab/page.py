"""The lab's page: one file of HTML with everything inside, which works offline."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from recurra.cells import all_cells
from recurra.errors import CellError, ExportError
from recurra.export.js_functions import FUNCTIONS
from recurra.export.js_runtime import BATCH_FUNCTIONS
from recurra.lab.description import described, written
from recurra.lab.kernel import lacking
from recurra.lab.model import shown_model
from recurra.lab.pyodide import pyodide_parts
from recurra.lab.source import cell_of
from recurra.spec import Cell

if TYPE_CHECKING:
    from recurra.diagnose import Diagnosis

__all__ = ["lab_page", "module_source", "offered_cells", "runtime_source", "served_page"]

Engine = Literal["none", "server", "pyodide"]
"""What derives a cell that a person writes: nothing, a server, or Python inside the page."""

_FIRST = ("LSTM", "GRU", "Elman")
"""Cells that a page has at hand when it opens; the others are packed."""
_MODULES = (
    "runtime", "vectors", "kernel", "random", "network", "problems", "training", "flow", "draw", "messages", "editor",
    "controls", "pyodide", "cells", "steps", "model", "main",
)  # fmt: skip


def lab_page(*, pyodide: str | Path | None = None, model: Diagnosis | None = None) -> str:
    """Return the lab as one file of HTML, which needs nothing else and works offline.

    Parameters
    ----------
    pyodide
        The package `pyodide` of npm, unpacked: its core goes into the page, 8 MB of it, so that equations can be edited
        there. Without it the page has the cells of the catalogue, to be read, looked into and trained.
    model
        What was measured of a trained model, which the page then shows: what `diagnose` of a task's model returns, or
        `recurra.diagnose.diagnose`.

    Raises
    ------
    InputError
        If it is not such a folder.

    Examples
    --------
    >>> from recurra.lab import lab_page
    >>> lab_page()[:15]
    '<!doctype html>'
    """
    if pyodide is None:
        return _page("none", model=model)
    parts = pyodide_parts(Path(pyodide))
    inside = [f'<script type="text/plain" id="pyodide-{name}">{text}</script>' for name, text in parts.items()]
    return _page("pyodide", model=model).replace("<!-- pyodide -->", "\n".join(inside))


def served_page(token: str, *, model: Diagnosis | None = None) -> str:
    """Return the page that asks its server to derive cells, with the token that it shows."""
    return _page("server", token, model=model)


def _page(engine: Engine, token: str = "", *, model: Diagnosis | None) -> str:
    data = {**_catalogue(), "engine": engine, "token": token, "model": model and shown_model(model, offered_cells())}
    parts = {
        "styles": f"<style>\n{_katex_styles()}\n{_read('lab.css')}</style>",
        "data": f'<script type="application/json" id="lab">{_in_html(json.dumps(data, ensure_ascii=False))}</script>',
        "scripts": _scripts(),
    }
    html = _read("index.html")
    for name, text in parts.items():
        html = html.replace(f"<!-- {name} -->", text)
    return html


@cache
def offered_cells() -> Mapping[str, Mapping[str, Any]]:
    """Return what the page shows of the cells that it can run, by name.

    `isOwn` says of each whether its text says all of it: others call functions that the page does not read.
    """
    found = {}
    for name, each in all_cells.items():
        text = written(each)
        with contextlib.suppress(ExportError):
            found[name] = {**described(each, text), "isOwn": _says_all(text, each)}
    return found


def _says_all(text: str, cell: Cell) -> bool:
    try:
        return cell_of(text).equations() == cell.equations()
    except CellError:
        return False


def _catalogue() -> dict[str, Any]:
    cells = offered_cells()
    others = {name: each for name, each in cells.items() if name not in _FIRST}
    packed = gzip.compress(json.dumps(others).encode(), 9, mtime=0)
    return {
        "messages": json.loads(_read("messages.json")),
        "data": json.loads(_read("data.json")),
        "leftOut": [(name, lacking(each)) for name, each in all_cells.items() if name not in cells],
        "names": [(name, each["about"]) for name, each in cells.items()],
        "first": {name: cells[name] for name in _FIRST},
        "others": base64.b64encode(packed).decode(),
    }


def runtime_source() -> str:
    """Return the module of the functions that kernels call: those that exported code has."""
    of_numbers = {name: text for name, text in FUNCTIONS.items() if "Math" in text or "return" in text}
    names = ["r_sigmoid", "r_tanh", "r_softplus", "r_relu", "r_heaviside", "r_mod", "r_pow", "r_erf"]
    exported = ", ".join([*names, "r_start", "r_panels", "r_rows", "r_outer"])
    return "\n".join([*(of_numbers[name] for name in names), BATCH_FUNCTIONS, f"export {{ {exported} }};\n"])


def module_source(name: str) -> str:
    """Return one of the page's modules."""
    return runtime_source() if name == "runtime" else _read(f"{name}.js")


def _scripts() -> str:
    """Return the scripts: KaTeX, and the modules as an import map."""
    # A page that is opened from a file may not load modules beside it, but those that are in its addresses it may.
    sources = {name: re.sub(r'from "\./(\w+)\.js"', r'from "lab/\1"', module_source(name)) for name in _MODULES}
    imports = {
        f"lab/{name}": _address("text/javascript", f"{text}\n//# sourceURL=lab/{name}.js\n".encode())
        for name, text in sources.items()
    }
    katex = _read("vendor/katex/katex.min.js")
    return (
        f'<script type="importmap">{json.dumps({"imports": imports})}</script>\n<script>{_in_html(katex)}</script>\n'
        '<script type="module">import "lab/main";</script>'
    )


def _katex_styles() -> str:
    """Return KaTeX's styles with the fonts that equations need inside, and without those that none uses."""
    styles = _read("vendor/katex/katex.min.css")
    fonts = {each.name for each in files("recurra.lab").joinpath("web/vendor/katex").iterdir()}

    def face(found: re.Match[str]) -> str:
        name = re.findall(r"fonts/(KaTeX_[\w-]+\.woff2)", found[0])[0]
        if name not in fonts:
            return ""
        content = files("recurra.lab").joinpath("web/vendor/katex", name).read_bytes()
        return re.sub(r"src:[^}]*", f'src:url({_address("font/woff2", content)}) format("woff2")', found[0])

    return re.sub(r"@font-face\{[^}]*\}", face, styles)


def _address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _in_html(text: str) -> str:
    """Return a text that may stand in a script element."""
    return text.replace("</", "<\\/")


def _read(name: str) -> str:
    return files("recurra.lab").joinpath("web", name).read_text(encoding="utf-8")

"""What is reachable after `import recurra`, what `dir()` shows, and how values show themselves in a notebook."""

from __future__ import annotations

import copy
import importlib
import json
import pickle
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import recurra
from fresh_python import output_of
from recurra import Cell, cell, tanh
from recurra.cells import GRU, LSTM, all_cells
from recurra.notebook import Equations, page, table
from recurra.testing import check_cell

MODULES = sorted(name for name in dir(recurra) if not callable(getattr(recurra, name)) and name[0] != "_")


def test_everything_is_reachable_after_the_import() -> None:
    """In a new process, without importing a module by name; and the import itself stays light."""
    script = (
        "import sys, recurra\n"
        "assert not {'torch', 'numpy'} & set(sys.modules), 'heavy'\n"
        "for name in dir(recurra): getattr(recurra, name)\n"
        "recurra.plan.predict, recurra.nn.LSTM, recurra.tasks.Forecaster, recurra.tune.tune\n"
    )
    output_of(script)


def test_every_package_is_listed() -> None:
    """All but what a person does not import: the command, and what stands behind a cell."""
    root = Path(recurra.__file__).parent
    packages = {path.parent.name for path in root.glob("*/__init__.py")}
    assert packages - {"backends", "cli", "derive", "diagram", "graph"} <= set(dir(recurra))


@pytest.mark.parametrize("name", MODULES)
def test_dir_shows_what_is_public(name: str) -> None:
    """No import of a module's own is shown, and all that is shown is there."""
    module = importlib.import_module(f"recurra.{name}")
    shown = dir(module)
    assert shown
    assert not {"annotations", "Any", "Mapping", "TYPE_CHECKING"} & set(shown)
    assert all(hasattr(module, each) for each in shown)
    if hasattr(module, "__all__"):
        assert shown == sorted(module.__all__)


def test_what_is_not_there_is_an_attribute_error() -> None:
    for name, said in (("nothing", ""), ("Dropout", ": torch.nn has it")):
        with pytest.raises(AttributeError, match=f"^module 'recurra.nn' has no attribute '{name}'{said}$"):
            getattr(recurra.nn, name)
    assert not hasattr(recurra, "_private")


@pytest.mark.parametrize(
    "package", ["cells", "data", "nn", "plan", "report", "serve", "tasks", "testing", "training", "transforms", "tune"]
)
def test_docs_and_examples_name_no_file(package: str) -> None:
    """What a package exports is imported from it; in which file it is, nobody is told."""
    root = Path(__file__).resolve().parent.parent
    documents = {*root.glob("docs/*.md")} - {root / "docs" / "architecture.md"}  # which is about the files
    pages = [root / "README.md", *documents, *root.glob("examples/*.py")]
    files = {path.stem for path in (Path(recurra.__file__).parent / package).glob("*.py")}
    named = [
        (page.name, f"recurra.{package}.{name}")
        for page in pages
        for name in re.findall(rf"recurra\.{package}\.(\w+)", page.read_text(encoding="utf-8"))
        if name in files - set(dir(getattr(recurra, package)))
    ]
    assert not named


def test_the_package_is_typed() -> None:
    assert (Path(recurra.__file__).parent / "py.typed").is_file()


def test_equations_are_strings_that_a_notebook_typesets() -> None:
    found = LSTM.equations()
    assert isinstance(found, Equations)
    assert found._repr_latex_() == f"$$\n{LSTM.equations(latex=True)}\n$$"
    assert json.loads(json.dumps(found)) == str(found) == found
    assert pickle.loads(pickle.dumps(found)) == found
    assert copy.deepcopy(found) == found
    back = GRU.backward_equations()
    assert isinstance(back, Equations)
    assert back.latex == GRU.backward_equations(latex=True)
    assert type(GRU.equations(latex=True)) is str


@pytest.mark.parametrize("made", all_cells.values(), ids=lambda c: c.name)
def test_a_cell_in_a_notebook(made: Cell) -> None:
    """Its name, its equations, its diagram and its parameters, as sound HTML."""
    html = made._repr_html_()
    root = ElementTree.fromstring(html)
    assert (root.findtext("h4") or "").startswith(f"{made.name}: states ")
    assert made.equations(latex=True) in "".join(root.itertext())
    assert root.find("{http://www.w3.org/2000/svg}svg") is not None
    rows = [[cell.text for cell in row] for row in root.iter("tr")]
    assert [row[0] for row in rows[1:]] == [parameter.name for parameter in made.parameters]


def test_texts_of_a_person_are_escaped() -> None:
    @cell
    def Own(p, x, h):
        """<script>alert(1)</script> & more."""
        return tanh(x @ p.W + h @ p.U)

    assert "<script" not in Own._repr_html_()
    assert "&lt;script&gt;" in Own._repr_html_()
    assert table(("<a>",), [("<b>",)]) == (
        "<table><thead><tr><th>&lt;a&gt;</th></tr></thead><tbody><tr><td>&lt;b&gt;</td></tr></tbody></table>"
    )
    assert page("<t>", "") == "<div><h4>&lt;t&gt;</h4></div>"


def test_a_check_in_a_notebook() -> None:
    report = check_cell(GRU)
    root = ElementTree.fromstring(report._repr_html_())
    assert root.findtext("h4") == f"GRU: {len(report.rows)} checks passed"
    assert len(list(root.iter("tr"))) == len(report.rows) + 1

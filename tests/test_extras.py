"""What is installed without extras runs layers, cells, streams and checks; the rest says the line that installs it."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import packages_distributions, requires

import pytest

from recurra.public import EXTRAS

BLOCKED = """
import sys
for name in {modules!r}: sys.modules[name] = None
"""


def brought_by(extra: str) -> set[str]:
    """Return the distributions that an extra brings, in small letters."""
    found = {line for line in requires("recurra") or () if f'extra == "{extra}"' in line.replace("'", '"')}
    return {re.split(r"[ \[;<>=!~]", line)[0].lower() for line in found} - {"recurra"}


def modules_of(distributions: set[str]) -> list[str]:
    """Return the modules of distributions, but for those that torch needs itself."""
    needed = [line for line in requires("torch") or () if "extra ==" not in line]
    torch = {re.split(r"[ \[;<>=!~]", line)[0].lower() for line in needed}
    found = packages_distributions().items()
    return [name for name, given in found if {each.lower() for each in given} & (distributions - torch)]


def run(script: str, *, without: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run a script in a process that has not what the extras bring."""
    kept = set() if "tasks" in without else brought_by("tasks")
    blocked = modules_of(set().union(*map(brought_by, without)) - kept)
    assert blocked
    code = BLOCKED.format(modules=blocked) + script
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_layers_need_no_extra() -> None:
    done = run(
        "import torch, recurra\n"
        "from recurra import cell, tanh\n"
        "from recurra.cells import GRU, all_cells\n"
        "layer = recurra.nn.LSTM(3, 4)\n"
        "layer(torch.randn(5, 2, 3))[0].sum().backward()\n"
        "recurra.nn.Stream(layer.eval()).step(torch.randn(3))\n"
        "recurra.nn.Recurrent(recurra.transforms.layer_norm(GRU), 3, 4)(torch.randn(5, 2, 3))\n"
        "print(recurra.testing.check_cell(all_cells['Elman']).cell, GRU.equations())\n"
        "workload = recurra.plan.Workload(cell=GRU, input_size=3, hidden_size=4, lengths=(5,))\n"
        "print(recurra.plan.flops_of(workload))\n"
        "recurra.nn.LinearChainCRF(3), recurra.nn.Pooling('mean', 4), recurra.diagnose.gradient_flow\n",
        without=("tasks", "tune"),
    )
    assert done.returncode == 0, done.stderr


def test_the_modules_of_the_extras_are_known() -> None:
    """Those that pyproject.toml names, by the names that they are imported under, beside what torch needs itself."""
    named = {extra: brought_by(extra) - {"tzdata"} for extra in EXTRAS}
    named["tune"] -= named["tasks"]
    found = {extra: {name for name in modules_of(given) if not name.startswith("_")} for extra, given in named.items()}
    assert set(EXTRAS["tasks"]) - {"jinja2"} == found["tasks"] - {"mpl_toolkits", "pylab"}
    assert set(EXTRAS["tune"]) == found["tune"]


def test_a_module_of_somebody_else_is_not_explained() -> None:
    """Such as one that a person's own file of a cell imports."""
    done = run(
        "import recurra.cli.main\n"
        "def command(): import nowhere_to_be_found\n"
        "recurra.cli.main.main = command\n"
        "from recurra.__main__ import main\nmain()\n",
        without=("tune",),
    )
    assert done.returncode == 1
    assert "No module named 'nowhere_to_be_found'" in done.stderr
    assert "pip install" not in done.stderr


@pytest.mark.parametrize(
    ("use", "without", "line"),
    [
        ("recurra.tasks.Forecaster", ("tasks", "tune"), r"tasks\.Forecaster needs .*: pip install 'recurra\[tasks\]'"),
        ("recurra.tune.tune", ("tune",), r"recurra\.tune\.tune needs optuna, .*: pip install 'recurra\[tune\]'"),
    ],
)  # fmt: skip
def test_what_needs_an_extra_says_which(use: str, without: tuple[str, ...], line: str) -> None:
    done = run(f"import recurra\n{use}\n", without=without)
    assert done.returncode == 1
    assert re.search(line, done.stderr)


@pytest.mark.parametrize(
    ("arguments", "without", "line"),
    [
        (["--help"], ("tasks", "tune"), r"recurra: the command needs typer, .*: pip install 'recurra\[tasks\]'"),
        (["tune", "forecast", "x.csv"], ("tune",), r"needs optuna, .*: pip install 'recurra\[tune\]'"),
    ],
)
def test_the_command_says_what_installs_it(arguments: list[str], without: tuple[str, ...], line: str) -> None:
    done = run(f"sys.argv[1:] = {arguments}\nfrom recurra.__main__ import main\nmain()\n", without=without)
    assert done.returncode in (1, 2)
    assert re.search(line, done.stderr)
    assert "Traceback" not in done.stderr


def test_the_server_says_what_installs_it() -> None:
    """The client's requests need nothing that it brings."""
    code = BLOCKED.format(modules=EXTRAS["serve"]) + (
        "from recurra.serve import Client, ServeOptions\n"
        "sys.argv[1:] = ['serve', 'model']\n"
        "from recurra.__main__ import main\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.search(r"needs uvicorn, .*: pip install 'recurra\[serve\]'", done.stderr), done.stderr

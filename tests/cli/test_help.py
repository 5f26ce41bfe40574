"""Help is complete, has examples, and comes without the heavy imports."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import recurra
from fresh_python import output_of
from recurra.cli.main import app
from recurra.tasks.forecast.options import ForecastOptions

HELPS = (
    [],
    ["fit"],
    ["fit", "forecast"],
    ["predict"],
    ["evaluate"],
    ["diagnose"],
    ["tune"],
    ["tune", "forecast"],
    ["cells"],
)
HEAVY = ("torch", "polars", "numpy", "safetensors", "yaml")
SCRIPT = """
import sys
from recurra.cli.main import main
sys.argv = ["recurra", *{arguments!r}]
try:
    main()
except SystemExit as end:
    code = end.code
heavy = [name for name in {heavy!r} if name in sys.modules]
sys.exit(f"imported: {{heavy}}" if heavy else code)
"""


def output(*arguments: str) -> str:
    result = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1"}).invoke(app, [*arguments])
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("arguments", [[*names, "--help"] for names in HELPS] + [["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    script = SCRIPT.format(arguments=arguments, heavy=HEAVY)
    output_of(script)


@pytest.mark.parametrize("names", HELPS)
def test_every_help_has_an_example(names: list[str]) -> None:
    assert f"Example: recurra {' '.join(names)}" in output(*names, "--help")


def test_every_option_of_a_forecast_is_an_option_of_the_command() -> None:
    text = " ".join(output("fit", "forecast", "--help").split())
    for field in dataclasses.fields(ForecastOptions):
        assert f"--{field.name.replace('_', '-')} " in text
        if field.default is not None:
            shown = {"True": field.name, "False": f"no-{field.name}"}.get(str(field.default), field.default)
            assert f"[default: {shown}]" in text


def test_exit_codes_are_documented() -> None:
    assert "Exit codes: 0 done; 2 bad input; 3" in output("--help")


def test_version() -> None:
    assert output("--version") == f"recurra {recurra.__version__}\n"


def test_cells_are_listed_with_their_parameters() -> None:
    lines = output("cells", "--input-size", "3", "--hidden-size", "5").splitlines()
    elman = next(line.split() for line in lines if line.split()[:1] == ["Elman"])
    assert elman[1] == "1990"
    assert elman[-2:] == [str(5 * (3 + 5 + 1)), str(2 * 5 * (3 + 5) + (2 + 5) * 5)]


def test_the_list_is_sorted_and_filtered() -> None:
    lines = output("cells", "--linear", "--sort", "name").splitlines()
    names = [line.split()[0] for line in lines if " yes " in line]
    assert names == sorted(names, key=str.lower)
    assert {"MinGRU", "GLA"} <= {*names}
    assert not any(line.split()[:1] == ["LSTM"] for line in lines)


def test_the_list_fits_100_columns() -> None:
    result = CliRunner(env={"COLUMNS": "100", "NO_COLOR": "1"}).invoke(app, ["cells"])
    assert max(map(len, result.output.splitlines())) <= 100
    assert "…" not in result.output


def test_the_list_as_json() -> None:
    content = json.loads(output("cells", "--json", "--input-size", "3", "--hidden-size", "5"))
    assert (content["input_size"], content["hidden_size"]) == (3, 5)
    mgu = next(found for found in content["cells"] if found["name"] == "MGU")
    assert mgu["source"] == {"authors": "Zhou et al.", "year": 2016, "where": "arXiv:1603.09420"}
    assert (mgu["parameters"], mgu["states"], mgu["linear_in_state"]) == (2 * 5 * (3 + 5 + 1), ["h"], False)
    assert json.loads(output("cells", "mgu", "--json", "--input-size", "3", "--hidden-size", "5"))["cells"] == [mgu]


def test_a_cell_is_printed_with_its_equations_and_their_derivatives() -> None:
    text = output("cells", "elman", "--input-size", "3", "--hidden-size", "5")
    assert "h[t] = tanh(x[t] W_x + h[t-1] W_h + b)" in text
    assert "Δh[t-1]  = δa_h[t] W_hᵀ" in text
    assert "x[t] ───▶│ tanh(x W_x        │" in text
    assert f"{5 * (3 + 5 + 1)} parameters: W_x, W_h, b." in text


def test_a_cell_is_printed_as_latex() -> None:
    text = output("cells", "Elman", "--latex")
    assert text.count(r"\begin{aligned}") == text.count(r"\end{aligned}") == 2
    assert r"h_{t} &= \tanh(x_{t} \, W_{x} + h_{t-1} \, W_{h} + b)" in text


def test_the_plans_of_a_cell_of_ones_own_are_printed(tmp_path: Path) -> None:
    source = tmp_path / "mine.py"
    source.write_text(
        "from recurra import cell, tanh\n\n@cell\ndef Mine(p, x, h):\n    return tanh(x @ p.A + h @ p.B)\n"
    )
    text = output("cells", f"{source}:Mine", "--plans")
    assert text.startswith("forward plan\n  before the loop, for all steps at once\n")
    assert "backward plan" in text


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "recurra", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"recurra {recurra.__version__}\n"


def test_the_stages_of_the_compiler_can_be_printed() -> None:
    assert "loop over hidden_size" in output("cells", "GRU", "--stage", "loops", "--pass", "backward")
    assert 'define void @"loop"' in output("cells", "GRU", "--stage", "ir")

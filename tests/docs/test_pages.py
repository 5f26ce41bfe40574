"""What the pages list is what the code has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from recurra import __version__
from recurra.backends.kernel import KERNELS
from recurra.graph.ops import OPS
from recurra.spec import SCHEMES
from recurra.tasks import ForecastOptions
from recurra.training.option_fields import option_fields

DOCS = Path(__file__).resolve().parents[2] / "docs"
OF_NO_NOTATION = {"broadcast", "sum_rows", "outer", "batch_mean"}  # of plans and transforms


def table(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading."""
    section = (DOCS / page).read_text(encoding="utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_operations_are_all_listed() -> None:
    listed = {name: contract for _, name, contract in table("cell-language.md", "The operations")}
    assert listed == {name: op.contract for name, op in OPS.items() if name not in OF_NO_NOTATION}


def test_schemes_are_all_listed() -> None:
    assert [scheme.strip('`"') for scheme, _ in table("cell-language.md", "Initialisation")] == list(SCHEMES)


def test_options_are_all_listed_with_their_defaults() -> None:
    listed = {name.strip("`"): default for name, default, _ in table("forecast.md", "Options")}
    fields = option_fields(ForecastOptions)
    expected = {f"--{field.name.replace('_', '-')}": field.default for field in fields}
    assert listed == {name: "" if default is None else f"{default}" for name, default in expected.items()}


def test_ci_runs_the_command_of_the_readme() -> None:
    script = (DOCS.parent / ".ci" / "run").read_text(encoding="utf-8")
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    command = re.search(r"^pip install -c constraints\.txt '\.\[test\]' && pytest -n 2$", readme, re.MULTILINE)
    assert command is not None
    assert command[0] in script.splitlines()


def test_the_pipeline_shows_every_backend() -> None:
    drawn = (DOCS / "pipeline.svg").read_text(encoding="utf-8")
    assert all(name in drawn for name in (*KERNELS, "torch"))


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_files_that_a_page_names_are_there(page: Path) -> None:
    """A path in a code span is one of the project or of `src/recurra`; links are looked at with the code blocks."""
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)`", page.read_text(encoding="utf-8"))
    root = DOCS.parent
    assert not [name for name in named if not ((root / name).exists() or (root / "src" / "recurra" / name).exists())]


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_readme_says_of_speed_what_the_results_say(readme: str) -> None:
    """Means over all sizes, and the worst of the small and the other ones."""
    known: dict[tuple[str, str], tuple[str, str]] = {}
    for line in (DOCS / "results.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 10 and ", forward" in cells[0]:
            known[cells[0], cells[1].split()[0]] = cells[8], f"{min(float(cells[3]), float(cells[6])):.2f}"
    shown = re.findall(
        r"^\| (\S.*?) \| (\S.*?) \| (.*?) ?\| (.*?) ?\| ([\d.]+) \| ([\d.]+) \|$",
        (DOCS.parent / readme).read_text("utf-8"),
        re.MULTILINE,
    )
    names = ["LSTM", "GRU", "RNN", "LSTM packed", "these seven", "PeepholeLSTM"]
    peers = ["torch.nn", "torch.nn", "torch.nn", "torch.nn", "JAX", "a"]
    assert len(shown) == len(names)
    for name, peer, (_, _, *forward, mean, worst) in zip(names, peers, shown, strict=True):
        assert (mean, worst) == known[f"{name}, forward+backward", peer], name
        assert not forward[0] or tuple(forward) == known[f"{name}, forward", peer], name


def test_the_citation_is_of_this_version() -> None:
    citation = (DOCS.parent / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {__version__}\n" in citation

"""Every block of code in README and docs is run, and what they print is compared.

`python` blocks run in order in one namespace a page, `pycon` blocks are doctests in the same namespace, and of
`console` blocks the `recurra` commands are run in a folder of their own: they succeed, and print what the page
shows, word by word, its figures within a bound: 20 %, or what a comment before the block states, as in
`<!-- figures within 50 % -->`, because the last digits of a training depend on the machine. Seconds may be any.
The commands of `sh` blocks are run too, unless `<!-- not run -->` stands before a block, because it needs data that
are not here or hours. Commands train, so only the README's are run by default and the other pages' are slow; all are
parsed, so that there are such commands, options and values. `text` is not run.

`--renew-golden` writes the figures that are printed now into the pages; a page whose words differ still fails.
"""

from __future__ import annotations

import doctest
import importlib
import linecache
import pkgutil
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

import recurra
from commands_forked import run_forked
from recurra.cli.main import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), ROOT / "examples" / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = ["recurra", *(found.name for found in pkgutil.walk_packages(recurra.__path__, "recurra."))]
LANGUAGES = {"python", "pycon", "console", "text", "sh", "math"}
FENCED = re.compile(r"^```(\S*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
README = ROOT / "README.md"
BOUND = 0.2
FIGURE = r"-?\d+(?:,\d{3})*(?:\.\d+)?(?: (?:s|ms|min)\b)?"
UsageError: Any = typer.BadParameter.__base__  # click has it, or typer, which may bring its own click


@dataclass(frozen=True)
class Block:
    """One fenced block: what its fence says, its text, and the line before its text."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    for found in FENCED.finditer(text):
        yield Block(found[1], found[2], text[: found.start(2)].count("\n"))


def pages_with(*languages: str) -> list[Path]:
    return [page for page in PAGES if any(block.language in languages for block in blocks(page))]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def doctest_of(block: Block, names: dict[str, Any], page: str) -> doctest.DocTest:
    """Return a `pycon` block as a doctest; empty lines in what it shows need not be written as <BLANKLINE>."""
    text = re.sub(r"^$(?=\n(?!>>>).)", "<BLANKLINE>", block.text, flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(text, names, page, page, block.line)
    test.globs = names  # the parser copies them
    return test


def doctest_failures(tests: list[doctest.DocTest], *, keep: bool) -> str:
    """Run doctests; return what is printed of those that fail."""
    printed: list[str] = []
    runner = doctest.DocTestRunner(optionflags=FLAGS, verbose=False)
    for test in tests:
        runner.run(test, out=printed.append, clear_globs=not keep)
    return "".join(printed) if runner.failures else ""


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_fences_say_what_they_hold(page: Path) -> None:
    for block in blocks(page):
        assert block.language in LANGUAGES, f"{name_of(page)}, line {block.line}: {block.language!r}"


@pytest.mark.parametrize(
    "page",
    [  # the code of Chinese pages is that of the English ones: `test_course.py`, and below
        pytest.param(page, marks=pytest.mark.slow if "zh" in page.parts or ".zh" in page.suffixes else ())
        for page in pages_with("python", "pycon")
    ],
    ids=name_of,
)
def test_python_blocks(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    linecache.checkcache()
    names: dict[str, Any] = {"__name__": "__page__"}
    for block in blocks(page):
        if block.language == "python":
            exec(compile("\n" * block.line + block.text, str(page), "exec"), names)
        elif block.language == "pycon":
            test = doctest_of(block, names, name_of(page))
            failures = doctest_failures([test], keep=True)
            assert not failures, failures


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(name), name)
    failures = doctest_failures([test for test in found if test.examples], keep=False)
    assert not failures, failures


@pytest.mark.parametrize("page", pages_with("console", "sh"), ids=name_of)
def test_commands_parse(page: Path) -> None:
    """Those that are not run here: on other pages than the README, and where a page says so."""
    for block in blocks(page):
        if page != README or line_before(page, block) == "<!-- not run -->":
            for command, _ in commands(block) if block.language in ("console", "sh") else ():
                if not is_of_the_tests(command):
                    check_parses(command, where=f"{name_of(page)}, line {block.line}: {command}")


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=() if page == README else pytest.mark.slow) for page in pages_with("console", "sh")],
    ids=name_of,
)
def test_commands(page: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    text, renew_golden = page.read_text(encoding="utf-8"), bool(request.config.getoption("--renew-golden"))
    for block in blocks(page):
        for command, shown in commands(block) if block.language in ("console", "sh") else ():
            where = f"{name_of(page)}, line {block.line}: {command}"
            if line_before(page, block) == "<!-- not run -->":
                continue
            printed = run_command(command, tmp_path, where=where)
            if block.language == "console":
                renewed = compared(shown, printed, bound=bound_of(page, block), where=where, renew=renew_golden)
                text = text.replace(shown, renewed, 1)
    if renew_golden:
        page.write_text(text, encoding="utf-8")


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """Yield each command of a block, without pip, and what is shown of its output."""
    if block.language == "console":
        for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            command, _, shown = part.replace("\\\n", " ").partition("\n")
            if not command.startswith("pip "):
                yield command, shown
    elif block.language == "sh":
        for line in block.text.replace("\\\n", " ").splitlines():
            shown = (each.strip() for each in line.partition(" #")[0].split(" && "))
            yield from ((each, "") for each in shown if each.split()[0] in ("recurra", "python", "pytest"))


def test_the_readme_shows_no_command_that_is_not_run() -> None:
    """All but the one of the tests themselves, which CI runs, is a command of recurra."""
    shown = [command for block in blocks(README) for command, _ in commands(block)]
    assert [command for command in shown if not command.startswith("recurra ")] == ["pytest -n 2"]
    verbs = {command.split()[1] for command in shown if command.startswith("recurra ")}
    assert verbs >= {"fit", "predict", "generate", "diagnose", "plan", "tune"}


def test_the_chinese_readme_has_the_code_of_the_english_one() -> None:
    english, chinese = (
        [(block.language, re.sub(" +# .*", "", block.text)) for block in blocks(page)]
        for page in (README, README.with_suffix(".zh.md"))
    )
    assert chinese == english


def is_of_the_tests(command: str) -> bool:
    """Return whether a command runs these tests, or makes what they run in."""
    first, *arguments = shlex.split(command)
    return first == "pytest" or arguments[:2] == ["-m", "venv"]


def run_command(command: str, folder: Path, *, where: str) -> str:
    """Run a command of recurra in a folder, and return what it prints."""
    first, *arguments = shlex.split(command)
    if is_of_the_tests(command):
        return ""
    assert first == "recurra", f"{where} is run by no test; put it into a block for sh"
    done = run_forked(arguments, folder=folder, environment={"COLUMNS": "120"})
    assert done.returncode == 0, f"{where}\n{done.stderr}"
    return done.stdout


def check_parses(command: str, *, where: str) -> None:
    """Check that a command of recurra, or a script of the project, has the options and values that are shown."""
    first, *arguments = shlex.split(command)
    if first == "python":
        script, *rest = arguments
        shown = help_of(script)
        lacking = [each for each in rest if each.startswith("--") and f"{each} " not in shown]
        assert not lacking, f"{where}: {script} has no {lacking}"
        return
    assert first == "recurra", where
    parsed: Any = get_command(app)
    name, context = "recurra", None
    try:
        while arguments:
            context = parsed.make_context(name, arguments, parent=context)
            arguments = [*context._protected_args, *context.args]
            if arguments:
                name, parsed, arguments = parsed.resolve_command(context, arguments)
    except UsageError as error:
        pytest.fail(f"{where}: {error.format_message()}")
    except typer.Exit:
        pytest.fail(f"{where}: refused; see what it wrote on stderr")


@pytest.mark.parametrize(
    "command",
    [
        "recurra tune nothing a.csv", "recurra fit tag a.conll --hiden-size 3", "recurra plan --layers many",
        "recurra fit forecast a.csv --loss cubic", "python examples/adding.py --sell LSTM",
    ],
)  # fmt: skip
def test_what_does_not_parse_is_found(command: str) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        check_parses(command, where="")


@cache
def help_of(script: str) -> str:
    return subprocess.run(
        (sys.executable, script, "--help"), cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout  # fmt: skip


def line_before(page: Path, block: Block) -> str:
    """Return the line before a block's fence."""
    before = page.read_text(encoding="utf-8").splitlines()[: block.line - 1]
    return before[-1] if before else ""


def bound_of(page: Path, block: Block) -> float:
    """Return by what share figures may differ: what the comment before a block states."""
    stated = re.fullmatch(r"<!-- figures within (\d+) % -->", line_before(page, block))
    return int(stated[1]) / 100 if stated else BOUND


def compared(shown: str, printed: str, *, bound: float, where: str, renew: bool = False) -> str:
    """Compare what a page shows with what is printed; `...` stands for any text. Return the page's text, renewed."""
    found = re.fullmatch(pattern(shown), printed, re.DOTALL)
    assert found, f"{where}: other words are printed:\n{printed}"
    pairs = zip(re.finditer(FIGURE, shown), found.groups(), strict=True)
    if renew:
        given = iter(found.groups())
        return re.sub(FIGURE, lambda _: next(given), shown)
    far = [(one[0], other) for one, other in pairs if not agree(one[0], other, bound=bound)]
    assert not far, f"{where}: figures differ by more than {bound:.0%}, shown and printed: {far}"
    return shown


def pattern(shown: str) -> str:
    """Return the expression of what may be printed: any spaces, any length of a rule, figures as groups."""
    pieces = re.split(rf"(\.\.\.|\s+|─+|{FIGURE})", shown.strip())
    made = {"...": ".*", "─": "─+"}
    return r"\s*" + "".join(
        r"\s*" if not piece.strip() and piece else made.get(piece[:1] if piece[:1] == "─" else piece)
        or (f"({FIGURE})" if re.fullmatch(FIGURE, piece) else re.escape(piece))
        for piece in pieces
    ) + r"\s*"  # fmt: skip


def agree(shown: str, printed: str, *, bound: float) -> bool:
    """Return whether two figures are within the bound, or a unit of the last digit that is shown; times always are."""
    if re.search(r" (s|ms|min)$", shown):
        return True
    one, other = (float(each.replace(",", "")) for each in (shown, printed))
    digit = 10.0 ** -len(shown.partition(".")[2])
    return abs(one - other) <= max(bound * max(abs(one), abs(other)), 1.001 * digit)


@pytest.mark.parametrize(
    ("printed", "agrees"),
    [
        ("MAE 0.25, 1,234 rows, 3.1 s", True),
        ("MAE  0.29,\n1,100 rows, 99 s", True),
        ("MAE 0.40, 1,234 rows, 3.1 s", False),
        ("MAE 0.25, 234 rows, 3.1 s", False),
        ("MSE 0.25, 1,234 rows, 3.1 s", False),
        ("MAE 0.25, 1,234 rows, 3.1 s, and more", False),
    ],
)
def test_words_and_figures_are_compared(printed: str, agrees: bool) -> None:
    with nullcontext() if agrees else pytest.raises(AssertionError):
        compared("MAE 0.25, 1,234 rows, 3.1 s", printed, bound=0.2, where="")


def test_figures_are_renewed() -> None:
    shown, printed = "a 1.5 ...\n ── x 20\n", "a 3.25 and more\n ───── x 7\n"
    assert compared(shown, printed, bound=0.0, where="", renew=True) == "a 3.25 ...\n ── x 7\n"


def test_seasonal_naive_of_the_readme_is_exact(tmp_path: Path) -> None:
    """The baseline has no chance in it: the README shows exactly its errors, and better ones of the model."""
    shown = {line.split("  ")[1].strip(): line.split() for line in (ROOT / "README.md").read_text("utf-8").splitlines()
             if re.match(r"  (GRU|seasonal naive),", line)}  # fmt: skip
    (model, naive) = (tuple(map(float, words[-3:])) for words in shown.values())
    from recurra.tasks import Forecaster, ForecastOptions

    options = ForecastOptions(time="year", target="sunspots", horizon=11, season_length=11, epochs=1)
    scores = Forecaster(options).fit(ROOT / "examples" / "sunspots.csv").metrics_["test"]["seasonal_naive"]
    assert naive == (round(scores["mae"], 2), round(scores["rmse"], 2), round(scores["mase"], 3))
    assert all(ours < theirs for ours, theirs in zip(model, naive, strict=True))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """Code has no links: what looks like one there, as sum[-2](a) in equations, is text."""
    prose = re.sub("`[^`\n]*`", "", FENCED.sub("", page.read_text(encoding="utf-8")))
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", prose):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), f"{name_of(page)}: {target}"

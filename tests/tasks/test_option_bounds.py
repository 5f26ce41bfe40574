"""Every number that an option takes has a bound, and what is beyond it is refused before anything is made of it."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
import yaml
from typer.testing import CliRunner

import recurra
from recurra.cli.main import app
from recurra.errors import InputError
from recurra.tasks.cost import check_fits_memory
from recurra.tasks.registry import TASKS
from recurra.training.model_folder import config
from recurra.training.option_fields import OptionField, option_fields


def _options_classes() -> Iterator[type]:
    """Yield every class of the package whose fields say what they are."""
    for package in ("training", "tasks", "tune", "cli"):
        folder = [str(Path(recurra.__path__[0]) / package)]
        for found in pkgutil.walk_packages(folder, f"recurra.{package}."):
            if found.name.endswith(("options", "cli.plan")):
                module = importlib.import_module(found.name)
                for each in vars(module).values():
                    if dataclasses.is_dataclass(each) and getattr(each, "__module__", "") == module.__name__:
                        assert isinstance(each, type)
                        if not each.__name__.startswith("_"):
                            yield each


CLASSES = [*_options_classes()]


def _numbers(options_class: type) -> Iterator[OptionField]:
    """Yield the options that take a number."""
    for field in option_fields(options_class):
        if {int, float} & {field.type, *get_args(field.type)}:
            yield field


def _beyond(field: OptionField) -> tuple[int | float, str]:
    """Return a number just beyond the bound of an option, and the bound as a message says it."""
    says = field.described
    if says.maximum is None:
        assert says.below is not None, f"{field.name} is a number without a largest value"
        return float(says.below), f", below {says.below}"
    is_whole = int in (field.type, *get_args(field.type))
    beyond = int(says.maximum) + 1 if is_whole else 2.0 * says.maximum
    plain = is_whole or says.maximum < 1e12
    bound = f"{int(says.maximum):,}" if plain else f"{says.maximum:g}".replace("e+", "e")
    return beyond, f" to {bound}" if says.minimum is not None else f", {bound} at most"


def test_the_classes_are_those_of_the_tasks_and_of_what_is_beside_them() -> None:
    names = {each.__name__ for each in CLASSES}
    assert {each.options_class().__name__ for each in TASKS.values()} < names
    assert {"TrainingOptions", "GenerateOptions", "TuneOptions", "PlanOptions"} < names


@pytest.mark.parametrize("options_class", CLASSES, ids=lambda each: each.__name__)
def test_a_number_beyond_its_bound_is_refused_with_the_bound(options_class: type) -> None:
    for field in _numbers(options_class):
        beyond, bound = _beyond(field)
        with pytest.raises(InputError, match=rf"{field.name} = .*: expected .*{re.escape(bound)}"):
            options_class(**{field.name: beyond})


@pytest.mark.parametrize("task", TASKS)
def test_a_huge_number_is_refused_from_a_config_and_from_the_command_line(task: str, tmp_path: Path) -> None:
    kind = TASKS[task].options_class()
    data, path, runner = tmp_path / "none.csv", tmp_path / "config.yaml", CliRunner(env={"COLUMNS": "200"})
    known = yaml.safe_load(config(task, kind(), data={"training": str(data)}))
    for field in _numbers(kind):
        beyond, bound = _beyond(field)
        path.write_text(yaml.safe_dump({**known, "options": {**known["options"], field.name: beyond}}))
        option = "--" + field.name.replace("_", "-")
        for arguments in (["--config", str(path)], [task, str(data), option, str(beyond)]):
            outcome = runner.invoke(app, ["fit", *arguments])
            assert isinstance(outcome.exception, SystemExit)
            assert outcome.exit_code != 0
            assert bound in outcome.stderr, (arguments, outcome.stderr)


def test_a_number_of_more_digits_than_python_writes_is_refused() -> None:
    with pytest.raises(
        InputError, match="hidden_size = a number with thousands of digits: expected a whole number from 1 to"
    ):
        TASKS["forecast"].options_class()(hidden_size=10**5000)


def test_a_network_that_no_memory_holds_is_refused_before_it_is_made() -> None:
    def build() -> torch.nn.Module:
        return torch.nn.Linear(10**9, 10**9)

    with pytest.raises(InputError, match=r"1,000,000,001,000,000,000 parameters; .* this machine has [0-9.,]+ GB"):
        check_fits_memory(build)
    before = torch.get_rng_state()
    check_fits_memory(lambda: torch.nn.Linear(3, 4))
    assert torch.equal(torch.get_rng_state(), before)


_WITHIN_THEIR_BOUNDS = """
import sys
from peak_memory import most_memory
from small_models import SMALL, write_data
from pathlib import Path
from recurra.errors import InputError
from recurra.tasks.registry import TASKS

for name, task in TASKS.items():
    data = write_data(Path(sys.argv[1]), name)
    task.estimator_class()(task.options_class()(**SMALL[name])).fit(data)  # what is imported is no part of it
    options = task.options_class()(**SMALL[name] | {"hidden_size": 65_536, "layers": 8})
    before = most_memory(since_now=True)
    try:
        task.estimator_class()(options).fit(data)
    except InputError as error:
        grown = (most_memory() - before) / 1024
        print(name, "this machine has" in str(error), grown < 200)
"""


def test_sizes_that_are_large_together_are_refused_by_every_task(tmp_path: Path) -> None:
    """Each within its bound; in a process of its own, as the memory of one that has run tests says nothing."""
    campaigns = Path(__file__).parents[1] / "campaigns"
    outcome = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(campaigns)!r})\n{_WITHIN_THEIR_BOUNDS}",
         str(tmp_path)],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert outcome.stdout.splitlines() == [f"{name} True True" for name in TASKS], outcome.stderr


def test_an_option_that_there_is_none_is_named_wherever_options_are_read(tmp_path: Path) -> None:
    known: dict[str, Any] = yaml.safe_load(
        config("forecast", TASKS["forecast"].options_class()(), data={"training": "x"})
    )
    known["options"]["hidden_sise"] = 8
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(known))
    for arguments in (
        ["fit"],
        ["fit", "forecast", "x.csv"],
        ["tune", "forecast", "x.csv"],
        ["plan", "forecast", "x.csv"],
    ):
        outcome = CliRunner().invoke(app, [*arguments, "--config", str(tmp_path / "config.yaml")])
        assert outcome.exit_code != 0
        assert "has the option 'hidden_sise', which is none; did you mean 'hidden_size'?" in " ".join(
            outcome.stderr.split()
        )

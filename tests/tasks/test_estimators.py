"""scikit-learn's habits of every task: parameters that are got and set, fitted attributes, errors before fitting."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from recurra.cells import GRU
from recurra.errors import InputError, ModelFolderError
from recurra.tasks.estimator import Estimator
from recurra.tasks.registry import TASKS
from recurra.training.option_fields import option_fields
from recurra.training.options import TrainingOptions

TYPES = [pytest.param(task.estimator_class(), id=name) for name, task in TASKS.items()]


@pytest.mark.parametrize("kind", TYPES)
def test_parameters_are_those_of_the_constructor(kind: type[Estimator[Any, Any]]) -> None:
    """As `sklearn.base.clone` needs them: what is got makes the same estimator anew."""
    options = kind.options_class(seed=3, hidden_size=5)
    estimator = kind(options, cell=GRU)
    names = set(inspect.signature(kind).parameters)
    shallow = estimator.get_params(deep=False)
    assert set(shallow) == names == {"options", "cell"}
    again = kind(**shallow)
    assert again.get_params() == estimator.get_params()
    assert again.options is options
    assert again.cell is GRU


@pytest.mark.parametrize("kind", TYPES)
def test_deep_parameters_are_every_option(kind: type[Estimator[Any, Any]]) -> None:
    deep = set(kind().get_params()) - {"options", "cell"}
    assert deep == {f"options__{field.name}" for field in option_fields(kind.options_class)}


@pytest.mark.parametrize("kind", TYPES)
def test_single_options_are_set_and_checked(kind: type[Estimator[Any, Any]]) -> None:
    estimator = kind()
    before = estimator.options
    assert estimator.set_params(options__hidden_size=7, options__epochs=2) is estimator
    assert estimator.options == dataclasses.replace(before, hidden_size=7, epochs=2)
    assert before == kind.options_class()
    with pytest.raises(InputError, match="hidden_size = 0"):
        estimator.set_params(options__hidden_size=0)
    assert estimator.options.hidden_size == 7


@pytest.mark.parametrize("kind", TYPES)
def test_all_parameters_may_be_set_at_once(kind: type[Estimator[Any, Any]]) -> None:
    estimator, options = kind(), kind.options_class(seed=9)
    estimator.set_params(**kind(options, cell=GRU).get_params())
    assert (estimator.options, estimator.cell) == (options, GRU)
    assert estimator.set_params().options == options


@pytest.mark.parametrize("kind", TYPES)
def test_unknown_parameters_are_named(kind: type[Estimator[Any, Any]]) -> None:
    with pytest.raises(InputError, match="got 'hidden_size'; expected options, cell or one of"):
        kind().set_params(hidden_size=7)


@pytest.mark.parametrize("kind", TYPES)
def test_nothing_is_fitted_before_fit(kind: type[Estimator[Any, Any]]) -> None:
    estimator = kind()
    assert not estimator.is_fitted
    fitted = [name for name in vars(estimator) if name.endswith("_") and not name.startswith("_")]
    assert fitted == []
    calls = [lambda: estimator.save("nowhere"), estimator.to_torch, lambda: estimator.fit("data", go_on=True)]
    calls += [lambda: estimator.listing("data"), lambda: estimator.evaluate("data")]
    for name in ("predict", "predict_proba"):
        if hasattr(estimator, name):
            calls.append(lambda name=name: getattr(estimator, name)(["data"]))
    for call in calls:
        with pytest.raises(InputError, match=rf"this {kind.__name__} has no weights yet"):
            call()


@pytest.mark.parametrize("kind", TYPES)
def test_what_was_learnt_is_not_there_before_fit(kind: type[Estimator[Any, Any]]) -> None:
    names = [name for name in dir(kind) if name.endswith("_") and not name.startswith("_")]
    assert {"options_", "cell_", "network_"} < set(names)
    for name in names:
        assert not hasattr(kind(), name)
        with pytest.raises(InputError, match=rf"this {kind.__name__} has no weights yet"):
            getattr(kind(), name)


@pytest.mark.parametrize("kind", TYPES)
def test_the_options_are_not_shared(kind: type[Estimator[Any, Any]]) -> None:
    first, second = kind(), kind()
    first.set_params(options__seed=4)
    assert second.options.seed == 0
    assert copy.deepcopy(first).get_params() == first.get_params()


@pytest.mark.parametrize("kind", TYPES)
def test_a_folder_that_is_not_there(kind: type[Estimator[Any, Any]]) -> None:
    with pytest.raises(ModelFolderError, match="there is no model folder"):
        kind.load("no-such-folder")


@pytest.mark.parametrize("task", ["tag", "translate"])
def test_the_options_are_listed_with_their_defaults(task: str, root: Path) -> None:
    text = (root / "docs" / f"{task}.md").read_text(encoding="utf-8").split("\n## Options\n")[1].split("\n## ")[0]
    listed = dict(re.findall(r"^\| `(--[a-z-]+)`[^|]*\| ([^|]*?) ?\|", text, re.MULTILINE))
    common = {field.name: field.default for field in option_fields(TrainingOptions)}
    expected = {
        f"--{field.name.replace('_', '-')}": "" if field.default is None else f"{field.default}"
        for field in option_fields(TASKS[task].options_class())
        if common.get(field.name, ...) != field.default
    }
    assert listed == expected

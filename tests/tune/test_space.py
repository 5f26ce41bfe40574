"""What is searched: what the options say of themselves, what a person says instead, and what nobody can mean."""

from __future__ import annotations

import dataclasses
from typing import Any

import optuna
import pytest

from recurra.errors import InputError
from recurra.tasks import ForecastOptions, LanguageOptions
from recurra.tasks.registry import TASKS
from recurra.training.option_fields import Among, Between
from recurra.tune.space import Dimension, search_space, smallest

SEARCHED = ("cell", "hidden_size", "layers", "dropout", "learning_rate")


def texts(*given: str, options: Any = None, fixed: tuple[str, ...] = ()) -> list[str]:
    return [str(each) for each in search_space(options or ForecastOptions(hidden_size=32), given=given, fixed=fixed)]


@pytest.mark.parametrize("name", TASKS)
def test_every_task_searches_its_network_and_its_rate(name: str) -> None:
    options = TASKS[name].options_class()()
    space = {each.name: each for each in search_space(options)}
    assert set(space) == set(SEARCHED)
    around = space["hidden_size"].space
    assert isinstance(around, Between)
    assert (around.low, around.high) == (options.hidden_size / 4, options.hidden_size * 4)
    assert space["hidden_size"].is_whole
    assert not space["learning_rate"].is_whole


def test_ranges_are_those_of_the_task_in_words() -> None:
    assert texts() == [
        "cell=GRU,LSTM,MGU,MinGRU", "hidden_size=8..128", "layers=1..3", "dropout=0..0.6", "learning_rate=0.002..0.05",
    ]  # fmt: skip


def test_what_is_fixed_is_not_searched() -> None:
    assert texts(fixed=("cell", "dropout", "layers")) == ["hidden_size=8..128", "learning_rate=0.002..0.05"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("hidden_size=2..16", "hidden_size=2..16"),
        ("hidden-size = 2 .. 16", "hidden_size=2..16"),
        ("hidden_size=8,16", "hidden_size=8,16"),
        ("cell=LSTM, Elman", "cell=LSTM,Elman"),
        ("weight_decay=0.001..0.1", "weight_decay=0.001..0.1"),
        ("strategy=direct,segment", "strategy=direct,segment"),
        ("window=none,10,20", "window=None,10,20"),
        ("conformal=true,false", "conformal=True,False"),
        ("learning_rate=auto,0.01", "learning_rate=auto,0.01"),
    ],
)
def test_a_person_says_where_to_look(given: str, expected: str) -> None:
    assert expected in texts(given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("hidden_size", "got 'hidden_size'; expected OPTION=LOW"),
        ("hidden_size=", "expected OPTION=LOW"),
        ("hiden_size=2..4", "there is no option 'hiden_size'; did you mean 'hidden_size'"),
        ("hidden_size=0..4", "search: hidden_size = 0"),
        ("hidden_size=4..2", "expected the lower end first"),
        ("hidden_size=2..many", "'many' is no number"),
        ("hidden_size=1.5..4", "'1.5' is no number that it can be"),
        ("dropout=0..1", "search: dropout = 1"),
        ("strategy=direct,none", "search: strategy = 'none'"),
    ],
)
def test_what_nobody_can_mean(given: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        texts(given)


def test_what_is_given_is_not_searched_too() -> None:
    with pytest.raises(InputError, match="search: hidden_size is given too"):
        texts("hidden_size=2..4", fixed=("hidden_size",))


def test_something_has_to_be_open() -> None:
    with pytest.raises(InputError, match="every option that is worth a search is given"):
        texts(fixed=SEARCHED)


def test_a_rate_that_is_found_has_nothing_around_it() -> None:
    assert not any(text.startswith("learning_rate") for text in texts(options=LanguageOptions(learning_rate="auto")))


def test_wide_ranges_count_octaves_alike() -> None:
    spaces = [Between(1, 10), Between(1, 9), Between(0, 100), Between(0.002, 0.05)]
    assert [space.is_logarithmic for space in spaces] == [True, False, False, True]


def test_corners_have_each_choice_and_the_least_numbers() -> None:
    space = search_space(ForecastOptions(), given=["cell=GRU,LSTM", "hidden_size=2..9"], fixed=("dropout",))
    corners = [*smallest(space)]
    assert [corner["cell"] for corner in corners] == ["GRU", "LSTM"]
    assert {corner["hidden_size"] for corner in corners} == {2}


def test_values_are_what_the_options_take() -> None:
    """Whole numbers as int, choices as they are: so the options accept them."""
    options, study = ForecastOptions(), optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    for _ in range(5):
        drawn = study.ask()
        values = {each.name: each.draw(drawn) for each in search_space(options, given=["window=none,5"])}
        assert dataclasses.replace(options, **values).window in (None, 5)


@pytest.mark.parametrize(
    ("dimension", "inside", "outside"),
    [
        (Dimension(name="x", space=Between(1, 3)), (1, 2.5, 3), (0, 4, "1", None)),
        (Dimension(name="x", space=Among(("a", None))), ("a", None), ("b", 1)),
    ],
)
def test_what_is_among_the_values(dimension: Dimension, inside: tuple[Any, ...], outside: tuple[Any, ...]) -> None:
    assert all(dimension.has(value) for value in inside)
    assert not any(dimension.has(value) for value in outside)

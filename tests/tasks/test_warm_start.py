"""A warm start keeps what shapes the network of an earlier model, as the options' fields say, and nothing else."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from recurra.errors import InputError
from recurra.tasks.options import warm_started
from recurra.tasks.registry import TASKS

KEPT = {
    "classify": "cell hidden_size layers bidirectional pooling embedding_size convolutions convolution_features "
    "convolution_size convolution_stride convolve_bands level words lowercase minimum_count maximum_size vectors scale "
    "longest ngram_size rate bands cepstra dynamic_range standardise scan side colour self_attention heads",
    "forecast": "cell hidden_size layers horizon strategy output season_length normalise calendar",
    "language": "cell hidden_size layers embedding_size tied adaptive_softmax level words lowercase minimum_count "
    "vocabulary_size vectors",
    "transcribe": "cell hidden_size layers bidirectional convolutions convolution_features convolution_size "
    "convolution_stride picture_convolutions picture_features height level lowercase rate bands cepstra "
    "dynamic_range standardise",
    "tag": "cell hidden_size layers dropout scheme word_size lowercase minimum_count unknown_rate vectors vector_words "
    "tune_vectors characters character_size character_features bidirectional dropout_of head self_attention heads",
    "translate": "cell hidden_size layers units source_units target_units vocabulary_size minimum_count joint "
    "lowercase decoder_cell embedding_size decoder_size decoder_layers attention heads feeding self_attention tied",
}


class _Other:
    """Stands for earlier options of which every one is another."""

    def __init__(self, defaults: Any) -> None:
        self._defaults = defaults

    def __getattr__(self, name: str) -> Any:
        return getattr(self._defaults, name), "another"


@pytest.mark.parametrize("task", TASKS)
def test_what_is_kept(task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = TASKS[task].options_class()()
    kept: dict[str, Any] = {}
    monkeypatch.setattr("recurra.tasks.options.replace", lambda options, **changes: kept.update(changes))
    warm_started(defaults, _Other(defaults))
    assert kept.keys() == set(KEPT[task].split())


@pytest.mark.parametrize("task", TASKS)
def test_what_a_task_has_another_default_for_is_kept_too(task: str) -> None:
    defaults = TASKS[task].options_class()()
    earlier = dataclasses.replace(defaults, hidden_size=defaults.hidden_size + 2)
    assert warm_started(dataclasses.replace(defaults, epochs=3), earlier) == dataclasses.replace(earlier, epochs=3)
    given = dataclasses.replace(defaults, hidden_size=defaults.hidden_size + 4)
    with pytest.raises(InputError, match=rf"hidden_size = {given.hidden_size}: the earlier model has .*; leave it out"):
        warm_started(given, earlier)

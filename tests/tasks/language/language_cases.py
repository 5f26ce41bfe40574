"""Small texts, networks and models that the tests of language models share."""

from __future__ import annotations

import numpy as np
import torch

from recurra.cells import LSTM
from recurra.spec import Cell
from recurra.tasks import LanguageOptions
from recurra.tasks.language.network import LanguageNetwork

RHYME = "row, row, row your boat\ngently down the stream\n" * 60
SMALL = LanguageOptions(
    hidden_size=12, layers=1, embedding_size=6, tied=False, batch_size=4, bptt=16, epochs=2, learning_rate=0.02
)


def network(cell: Cell = LSTM, *, tokens: int = 11, **options: object) -> LanguageNetwork:
    torch.manual_seed(0)
    chosen = {"hidden_size": 8, "layers": 2, "embedding_size": 5, "tied": False, **options}
    made = LanguageNetwork(cell, options=LanguageOptions(**chosen), tokens=tokens)  # pyright: ignore[reportArgumentType]
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.uniform_(-0.8, 0.8)
    return made.eval()


def numbers(count: int, *, tokens: int = 11) -> np.ndarray:
    return np.random.default_rng(0).integers(0, tokens, count)

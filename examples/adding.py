"""The adding problem: add the two marked numbers of a long sequence, Hochreiter & Schmidhuber (1997).

Usage: python examples/adding.py --cell LSTM --length 100 --steps 2000
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from recurra.data import ADDING_BASELINE, adding_problem
from recurra.nn import Recurrent
from training import layer_of, parser, train


class Adder(nn.Module):
    """A recurrent layer, and a number read off its last output."""

    def __init__(self, layer: Recurrent) -> None:
        super().__init__()
        self.layer, self.sum = layer, nn.Linear(layer.hidden_size, 1)

    def forward(self, sequences: Tensor) -> Tensor:
        """From (batch, time, 2) to (batch, 1)."""
        output, _ = self.layer(sequences)
        return self.sum(output[:, -1])


def main() -> None:
    """Train, and print the mean squared error on new sequences beside that of guessing."""
    known = parser(__doc__, steps=2000, hidden_size=64, every=50)
    known.add_argument("--length", type=int, default=100, help="steps of a sequence")
    options = known.parse_args()
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    model = Adder(layer_of(options, 2, span=options.length))
    print(f"{options.cell}, {options.length} steps long; guessing has an error of {ADDING_BASELINE:.3f}")

    def batch_of(count: int) -> tuple[Tensor, Tensor]:
        inputs, targets = adding_problem(count, options.length, random)
        return torch.from_numpy(inputs), torch.from_numpy(targets)

    def error(batch: tuple[Tensor, Tensor]) -> Tensor:
        inputs, targets = batch
        return nn.functional.mse_loss(model(inputs), targets)

    train(model, error, batch_of, options, name="error")


if __name__ == "__main__":
    main()

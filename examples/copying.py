"""Copy memory: repeat ten symbols after a long delay, Arjovsky, Shah & Bengio (2016), arXiv:1511.06464.

Usage: python examples/copying.py --cell LSTM --delay 50 --steps 4000
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from recurra.data import copy_memory, copy_memory_baseline
from recurra.nn import Recurrent
from training import layer_of, parser, train

BLANK, SIGN = 8, 9
"""What comes in beside the symbols 0 to 7, each as a vector with a single 1; what goes out is a symbol or blank."""


class Copier(nn.Module):
    """A recurrent layer, and a score for each symbol and blank read off each output."""

    def __init__(self, layer: Recurrent) -> None:
        super().__init__()
        self.layer, self.scores = layer, nn.Linear(layer.hidden_size, BLANK + 1)

    def forward(self, sequences: Tensor) -> Tensor:
        """From (batch, time) to (batch, time, BLANK + 1)."""
        output, _ = self.layer(nn.functional.one_hot(sequences, SIGN + 1).float())
        return self.scores(output)


def main() -> None:
    """Train, and print the cross-entropy on new sequences beside that of guessing."""
    known = parser(__doc__, steps=4000, hidden_size=128, every=100)
    known.add_argument("--delay", type=int, default=50, help="steps from the last symbol to the sign to repeat")
    options = known.parse_args()
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    model = Copier(layer_of(options, SIGN + 1, span=options.delay + 20))
    guessing = copy_memory_baseline(options.delay)
    print(f"{options.cell}, a delay of {options.delay}; guessing has a loss of {guessing:.3f}")

    def batch_of(count: int) -> tuple[Tensor, Tensor]:
        inputs, targets = copy_memory(count, options.delay, random)
        return torch.from_numpy(inputs), torch.from_numpy(targets)

    def entropy(batch: tuple[Tensor, Tensor]) -> Tensor:
        inputs, targets = batch
        return nn.functional.cross_entropy(model(inputs).flatten(0, 1), targets.flatten())

    train(model, entropy, batch_of, options, name="loss")


if __name__ == "__main__":
    main()

"""Copy memory: repeat ten symbols after a long delay, Arjovsky, Shah & Bengio (2016), arXiv:1511.06464.

Usage: python examples/copying.py --cell LSTM --delay 50 --steps 4000
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from recurra.cells import all_cells
from recurra.data.problems import copy_memory, copy_memory_baseline
from recurra.nn import Recurrent, chrono

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
    options = parsed()
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    gates = {"forget": options.forget, "input": options.input}
    init = chrono(options.delay + 20, **gates) if any(gates.values()) else None
    layer = Recurrent(all_cells[options.cell], SIGN + 1, options.hidden_size, batch_first=True, init=init)
    model = Copier(layer)
    optimiser = torch.optim.Adam(model.parameters(), lr=options.rate)
    guessing = copy_memory_baseline(options.delay)
    print(f"{options.cell}, a delay of {options.delay}; guessing has a loss of {guessing:.3f}")
    test = tensors(options, random, count=1000)
    curve = []
    for step in range(1, options.steps + 1):
        loss = entropy(model, tensors(options, random, count=options.batch))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if step % options.every == 0 or step == options.steps:
            with torch.no_grad():
                curve.append((step, entropy(model, test).item()))
            print(f"step {step:5}   loss {curve[-1][1]:.4f}", flush=True)
    if options.csv:
        options.csv.write_text("step,loss\n" + "".join(f"{step},{loss:.6g}\n" for step, loss in curve))


def entropy(model: Copier, batch: tuple[Tensor, Tensor]) -> Tensor:
    """Return the mean cross-entropy a step."""
    inputs, targets = batch
    return nn.functional.cross_entropy(model(inputs).flatten(0, 1), targets.flatten())


def tensors(options: argparse.Namespace, random: np.random.Generator, *, count: int) -> tuple[Tensor, Tensor]:
    """Return new sequences and what repeats them."""
    inputs, targets = copy_memory(count, options.delay, random)
    return torch.from_numpy(inputs), torch.from_numpy(targets)


def parsed() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cell", default="LSTM", choices=all_cells, metavar="CELL", help="one of `recurra cells`")
    parser.add_argument("--delay", type=int, default=50, help="steps from the last symbol to the sign to repeat")
    parser.add_argument("--steps", type=int, default=4000, help="steps of the training")
    parser.add_argument("--forget", help="chrono initialisation: the forget gate's bias, such as b_f")
    parser.add_argument("--input", help="chrono initialisation: the input gate's bias, such as b_i")
    parser.add_argument("--hidden-size", type=int, default=128)
    parser.add_argument("--batch", type=int, default=50, help="sequences in a step of the training")
    parser.add_argument("--rate", type=float, default=0.002, help="learning rate of Adam")
    parser.add_argument("--every", type=int, default=100, help="how often the loss is printed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--csv", type=Path, help="where to write the losses")
    return parser.parse_args()


if __name__ == "__main__":
    main()

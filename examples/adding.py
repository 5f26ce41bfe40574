"""The adding problem: add the two marked numbers of a long sequence, Hochreiter & Schmidhuber (1997).

Usage: python examples/adding.py --cell LSTM --length 100 --steps 2000
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from recurra.cells import all_cells
from recurra.data.problems import ADDING_BASELINE, adding_problem
from recurra.nn import Recurrent, chrono


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
    options = parsed()
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    gates = {"forget": options.forget, "input": options.input}
    init = chrono(options.length, **gates) if any(gates.values()) else None
    layer = Recurrent(all_cells[options.cell], 2, options.hidden_size, batch_first=True, init=init)
    model = Adder(layer)
    optimiser = torch.optim.Adam(model.parameters(), lr=options.rate)
    print(f"{options.cell}, {options.length} steps long; guessing has an error of {ADDING_BASELINE:.3f}")
    test = tensors(options, random, count=1000)
    curve = []
    for step in range(1, options.steps + 1):
        loss = error(model, tensors(options, random, count=options.batch))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if step % options.every == 0 or step == options.steps:
            with torch.no_grad():
                curve.append((step, error(model, test).item()))
            print(f"step {step:5}   error {curve[-1][1]:.4f}", flush=True)
    if options.csv:
        options.csv.write_text("step,loss\n" + "".join(f"{step},{loss:.6g}\n" for step, loss in curve))


def error(model: Adder, batch: tuple[Tensor, Tensor]) -> Tensor:
    """Return the mean squared error."""
    inputs, targets = batch
    return nn.functional.mse_loss(model(inputs), targets)


def tensors(options: argparse.Namespace, random: np.random.Generator, *, count: int) -> tuple[Tensor, Tensor]:
    """Return new sequences and their sums."""
    inputs, targets = adding_problem(count, options.length, random)
    return torch.from_numpy(inputs), torch.from_numpy(targets)


def parsed() -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cell", default="LSTM", choices=all_cells, metavar="CELL", help="one of `recurra cells`")
    parser.add_argument("--length", type=int, default=100, help="steps of a sequence")
    parser.add_argument("--steps", type=int, default=2000, help="steps of the training")
    parser.add_argument("--forget", help="chrono initialisation: the forget gate's bias, such as b_f")
    parser.add_argument("--input", help="chrono initialisation: the input gate's bias, such as b_i")
    parser.add_argument("--hidden-size", type=int, default=64)
    parser.add_argument("--batch", type=int, default=50, help="sequences in a step of the training")
    parser.add_argument("--rate", type=float, default=0.002, help="learning rate of Adam")
    parser.add_argument("--every", type=int, default=50, help="how often the error is printed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--csv", type=Path, help="where to write the errors")
    return parser.parse_args()


if __name__ == "__main__":
    main()

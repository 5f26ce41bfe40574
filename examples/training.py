"""What the examples share: the options of the command line, the recurrent layer, and the training."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

from recurra.cells import all_cells
from recurra.nn import Recurrent, chrono

__all__ = ["layer_of", "parser", "train"]


def parser(about: str | None, *, steps: int, hidden_size: int, every: int) -> argparse.ArgumentParser:
    """Return the options that every example has, with these defaults."""
    found = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument("--cell", default="LSTM", choices=all_cells, metavar="CELL", help="one of `recurra cells`")
    found.add_argument("--steps", type=int, default=steps, help="steps of the training")
    found.add_argument("--forget", help="chrono initialisation: the forget gate's bias, such as b_f")
    found.add_argument("--input", help="chrono initialisation: the input gate's bias, such as b_i")
    found.add_argument("--hidden-size", type=int, default=hidden_size)
    found.add_argument("--batch", type=int, default=50, help="sequences in a step of the training")
    found.add_argument("--rate", type=float, default=0.002, help="learning rate of Adam")
    found.add_argument("--every", type=int, default=every, help="how often the loss is printed")
    found.add_argument("--seed", type=int, default=0)
    found.add_argument("--csv", type=Path, help="where to write the losses")
    return found


def layer_of(options: argparse.Namespace, input_size: int, *, span: int) -> Recurrent:
    """Return the layer, with chrono initialisation for dependencies of `span` steps where a gate is named."""
    gates = {"forget": options.forget, "input": options.input}
    init = chrono(span, **gates) if any(gates.values()) else None
    return Recurrent(all_cells[options.cell], input_size, options.hidden_size, batch_first=True, init=init)


def train(
    model: nn.Module,
    loss_of: Callable[[tuple[Tensor, Tensor]], Tensor],
    batch_of: Callable[[int], tuple[Tensor, Tensor]],
    options: argparse.Namespace,
    *,
    name: str,
) -> None:
    """Train on new batches of so many sequences each; print, and write, the loss on a thousand others."""
    optimiser = torch.optim.Adam(model.parameters(), lr=options.rate)
    test, curve = batch_of(1000), []
    for step in range(1, options.steps + 1):
        loss = loss_of(batch_of(options.batch))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if step % options.every == 0 or step == options.steps:
            with torch.no_grad():
                curve.append((step, loss_of(test).item()))
            print(f"step {step:5}   {name} {curve[-1][1]:.4f}", flush=True)
    if options.csv:
        options.csv.write_text("step,loss\n" + "".join(f"{step},{loss:.6g}\n" for step, loss in curve))

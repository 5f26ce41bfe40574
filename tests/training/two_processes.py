"""A script that trains in two processes, each of which writes what it found.

FOLDER EPOCHS [resume|nan|interrupt|nodes]; with "nodes" each of them is alone on its machine.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parent))
from learners import CarryingLearner, Echo, Parts

from recurra.training.distributed import first_process, rank
from recurra.training.learner import Sum
from recurra.training.loop import Surroundings, train
from recurra.training.options import TrainingOptions


class Watching(CarryingLearner):
    """Notes which batches it sees; in the second process, the sixth may go wrong."""

    def __init__(self, trouble: str) -> None:
        super().__init__(Echo())
        self.seen: list[float] = []
        self.trouble = trouble if rank() == 1 else ""

    def loss(self, batch: tuple[Tensor, Tensor], /) -> Tensor:
        if self.training:
            self.seen.append(float(batch[0].sum()))
        found = super().loss(batch)
        if self.training and len(self.seen) == 6 and self.trouble == "interrupt":
            os.kill(os.getpid(), signal.SIGINT)
        return found * float("nan") if len(self.seen) == 6 and self.trouble == "nan" else found

    def measure(self, batch: tuple[Tensor, Tensor], /) -> Mapping[str, Sum]:
        return {**super().measure(batch), "batches": Sum(1.0, 1 / 5)}


def main(folder: Path, epochs: int, action: str) -> None:
    torch.set_num_threads(1)
    learner = Watching(action)
    devices = 1 if action == "nodes" else 2
    training = train(
        learner,
        training=Parts(),
        validation=Parts(26),
        options=TrainingOptions(epochs=epochs, devices=devices, learning_rate=0.01, batch_size=10),
        surroundings=Surroundings(checkpoints=folder / "checkpoints", resume=action == "resume"),
    )
    own = {"world": torch.distributed.get_world_size(), "first": first_process(), "seen": learner.seen}
    weights = [value.tolist() for value in learner.state_dict().values()]
    found = {**own, "weights": weights, "loss": training.history.steps[-1]["train_loss"], **training.summary()}
    (folder / f"{rank()}.json").write_text(json.dumps({**found, "pid": os.getpid()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:] or [""])

"""A script that trains in two processes, each of which writes what it found: FOLDER EPOCHS [resume]."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

sys.path.insert(0, str(Path(__file__).parent))
from learners import CarryingLearner, Echo, Parts

from recurra.training.module import Sum
from recurra.training.options import TrainingOptions
from recurra.training.processes import first_process, rank
from recurra.training.trainer import Surroundings, train


class Watching(CarryingLearner):
    """Notes which batches it sees."""

    def __init__(self) -> None:
        super().__init__(Echo())
        self.seen: list[float] = []

    def loss(self, batch: tuple[Tensor, Tensor], /) -> Tensor:
        if self.training:
            self.seen.append(float(batch[0].sum()))
        return super().loss(batch)

    def measure(self, batch: tuple[Tensor, Tensor], /) -> Mapping[str, Sum]:
        return {**super().measure(batch), "batches": Sum(1.0, 1 / 5)}


def main(folder: Path, epochs: int, *, resume: bool) -> None:
    torch.set_num_threads(1)
    learner = Watching()
    training = train(
        learner,
        training=Parts(),
        validation=Parts(26),
        options=TrainingOptions(epochs=epochs, devices=2, learning_rate=0.01, batch_size=10),
        surroundings=Surroundings(checkpoints=folder / "checkpoints", resume=resume),
    )
    own = {"world": torch.distributed.get_world_size(), "first": first_process(), "seen": learner.seen}
    weights = [value.tolist() for value in learner.state_dict().values()]
    found = {**own, "weights": weights, "loss": training.history.steps[-1]["train_loss"], **training.summary()}
    (folder / f"{rank()}.json").write_text(json.dumps({**found, "pid": os.getpid()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), resume="resume" in sys.argv)

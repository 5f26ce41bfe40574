"""A network, a loss and an optimiser as the module that Lightning trains."""

from __future__ import annotations

from collections.abc import Callable

import lightning.pytorch as lightning
import torch
from torch import Tensor

from recurra.training.options import TrainingOptions

__all__ = ["Loss", "TrainedModule"]

Loss = Callable[[Tensor, Tensor], Tensor]
"""(prediction, expected) -> a scalar."""


class TrainedModule(lightning.LightningModule):
    """Trains a network on batches (input, expected), both with the batch first."""

    def __init__(self, network: torch.nn.Module, /, *, loss: Loss, options: TrainingOptions) -> None:
        super().__init__()
        self.network = network
        self.loss = loss
        self.options = options

    def training_step(self, batch: tuple[Tensor, Tensor], batch_idx: int) -> Tensor:
        """Return the loss of one batch."""
        value = self._loss(batch)
        self.log("train_loss", value, on_step=False, on_epoch=True, batch_size=len(batch[0]))
        return value

    def validation_step(self, batch: tuple[Tensor, Tensor], batch_idx: int) -> None:
        """Log the loss of one batch of the validation part."""
        self.log("validation_loss", self._loss(batch), batch_size=len(batch[0]))

    def configure_optimizers(self) -> torch.optim.Optimizer:
        """Return AdamW over all parameters."""
        return torch.optim.AdamW(
            self.network.parameters(), lr=self.options.learning_rate, weight_decay=self.options.weight_decay
        )

    def _loss(self, batch: tuple[Tensor, Tensor]) -> Tensor:
        given, expected = batch
        return self.loss(self.network(given), expected)

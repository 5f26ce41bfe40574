"""Cells as Python loops on a GPU that `benchmarks.loops` has not, or draws on the CPU."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from benchmarks.loops import LSTMLoop, Run
from benchmarks.own_cells import Loop

__all__ = ["MGULoop", "ZoneoutLoop"]


class ZoneoutLoop(LSTMLoop):
    """`zoneout(LSTM, {"c": 0.5, "h": 0.05})`, in training, with the masks of all steps drawn at once."""

    def forward(self, x: Tensor) -> Run:
        h = c = x.new_zeros(x.shape[1], self.hidden_size)
        masks = torch.rand(2, *x.shape[:2], self.hidden_size, device=x.device)
        outputs = []
        for projected, h_stays, c_stays in zip(self.on_input(x), masks[0] < 0.05, masks[1] < 0.5, strict=True):
            new_h, new_c = self.step(torch.addmm(projected, h, self.on_state), c)
            h, c = torch.where(h_stays, h, new_h), torch.where(c_stays, c, new_c)
            outputs.append(h)
        return torch.stack(outputs), (h, c)


class MGULoop(Loop):
    """`recurra.cells.MGU`: its candidate reads f * h, so that a step has two products."""

    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__(input_size, hidden_size, 2, 0)
        self.width = hidden_size

    def forward(self, x: Tensor) -> Run:
        h = x.new_zeros(x.shape[1], self.width)
        on_gate, on_candidate = self.on_state.split(self.width, 1)
        outputs = []
        for projected in self.on_input(x):
            of_gate, of_candidate = projected.split(self.width, 1)
            f = torch.sigmoid(torch.addmm(of_gate, h, on_gate))
            h = (1 - f) * h + f * torch.tanh(torch.addmm(of_candidate, f * h, on_candidate))
            outputs.append(h)
        return torch.stack(outputs), (h, h)


def on_gpu(module: nn.Module, dtype: torch.dtype) -> nn.Module:
    """Return a module on the GPU."""
    return module.to("cuda", dtype)

"""`AttentionDecoder`: a recurrent layer whose state asks, at each step, what of a memory matters now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.nn.attention import Attention, AttentionKind, Memory
from recurra.nn.named import check_named
from recurra.nn.recurrent import Recurrent
from recurra.spec import Cell

__all__ = ["AttentionDecoder", "Decoded", "DecoderState", "Feeding", "state_sizes"]

Feeding = Literal["none", "output", "context"]


@dataclass(frozen=True)
class DecoderState:
    """What a decoder hands from one step to the next.

    Attributes
    ----------
    recurrent : tuple of tensors (num_layers, batch, size), one for each state of the cell
    fed : tensor (batch, hidden_size), the output before, for ``feeding="output"``; otherwise None
    """

    recurrent: tuple[Tensor, ...]
    fed: Tensor | None = None

    def selected(self, index: Tensor) -> DecoderState:
        """Return the state of some of the sequences, by their numbers; one that comes twice is a fork."""
        fed = None if self.fed is None else self.fed.index_select(0, index)
        return DecoderState(tuple(state.index_select(1, index) for state in self.recurrent), fed)


@dataclass(frozen=True)
class Decoded:
    """What a decoder gives.

    Attributes
    ----------
    outputs : tensor (batch, time, hidden_size), or (batch, hidden_size) of one step
    state : DecoderState, after the last step
    weights : tensor (batch, time, memory's time), or (batch, memory's time): where each step looked
    """

    outputs: Tensor
    state: DecoderState
    weights: Tensor


class AttentionDecoder(nn.Module):
    """A recurrent layer with attention over a memory: the attention LSTM, and the same of any other cell.

    With x_t the input, h_t the recurrent layer's output and the memory's states m, `feeding` says what the attention
    gives back to the recurrence:

    - ``"none"``: h_t = cell(x_t, h_{t-1}), c_t = attend(h_t, m), output o_t = tanh(W [c_t; h_t]). Luong, Pham & Manning
      (2015), arXiv:1508.04025, section 3.1 and equation 5. Nothing waits for the attention: the recurrence runs over
      all steps at once, and so does the attention.
    - ``"output"``: the same with [x_t; o_{t-1}] as the input: input feeding, section 3.3 of the same paper.
    - ``"context"``: c_t = attend(s_{t-1}, m) with the first state s of the last layer, h_t = cell([x_t; c_t], h_{t-1}),
      o_t = tanh(W [c_t; h_t]). Bahdanau, Cho & Bengio (2015), arXiv:1409.0473, appendix A.2.2, with Luong's output in
      place of the maxout layer.

    In Luong's experiments (table 1) attention gives more than feeding, which adds to it; ``"output"`` and ``"context"``
    go step by step and cost several times as much.

    Parameters
    ----------
    cell : Cell
        Any without further inputs. One with dropout inside draws it anew at each call, thus at each step with feeding.
    input_size, hidden_size : int
    memory_size : int
        The width of the memory's states.
    attention : str
        The kind; see `Attention`.
    heads : int, optional
        For ``"multihead"``.
    feeding : ``"none"``, ``"output"`` or ``"context"``
    num_layers : int
    dropout : float from 0 to 1
        Share of outputs dropped between layers in training.
    sizes : mapping
        The cell's further sizes; see `Recurrent`.
    device, dtype : as in torch.nn
    backend : as in `Recurrent`

    Raises
    ------
    InputError
        If an option, an input, a memory or a state does not fit.

    Examples
    --------
    >>> import torch
    >>> from recurra.cells import LSTM
    >>> from recurra.nn import AttentionDecoder
    >>> decoder = AttentionDecoder(LSTM, 3, 8, memory_size=16)
    >>> memory, lengths = torch.randn(2, 7, 16), torch.tensor([7, 4])
    >>> decoded = decoder(torch.randn(2, 5, 3), memory, lengths)
    >>> decoded.outputs.shape, decoded.weights.shape
    (torch.Size([2, 5, 8]), torch.Size([2, 5, 7]))
    """

    @checked(InputError)
    def __init__(
        self,
        cell: Cell,
        input_size: int,
        hidden_size: int,
        *,
        memory_size: int,
        attention: AttentionKind = "additive",
        heads: int | None = None,
        feeding: Feeding = "none",
        num_layers: int = 1,
        dropout: float = 0.0,
        sizes: Mapping[str, int] | None = None,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
        backend: str = "auto",
    ) -> None:
        super().__init__()
        check_named("feeding", feeding, known=get_args(Feeding))
        _check_cell(cell)
        self.hidden_size, self.memory_size, self.feeding = hidden_size, memory_size, feeding
        asking = cell.step.states[0].shape[0] if feeding == "context" else cell.output_size
        query_size = _width(cell, asking, hidden_size, sizes)
        self.attention = Attention(attention, query_size, memory_size, heads=heads, device=device, dtype=dtype)
        fed = {"none": 0, "output": hidden_size, "context": self.attention.context_size}[feeding]
        self.recurrent = Recurrent(
            cell, input_size + fed, hidden_size, num_layers=num_layers, dropout=dropout, sizes=sizes,
            device=device, dtype=dtype, backend=backend,
        )  # fmt: skip
        both = self.attention.context_size + self.recurrent.output_features
        self.combine = nn.Linear(both, hidden_size, bias=False, device=device, dtype=dtype)

    def forward(
        self,
        inputs: Tensor,
        memory: Tensor | PackedSequence | Memory,
        memory_lengths: Tensor | None = None,
        *,
        state: DecoderState | None = None,
    ) -> Decoded:
        """Run over known inputs, as in training.

        Parameters
        ----------
        inputs : tensor (batch, time, input_size)
            What stands behind the end of a sequence has no effect on what comes before; leave it out of the loss.
        memory : tensor (batch, time, memory_size), PackedSequence, or what `prepare` gave
        memory_lengths : tensor (batch,), optional
            Of a padded memory.
        state : DecoderState, optional
            Zeros by default.
        """
        prepared = memory if isinstance(memory, Memory) else self.prepare(memory, memory_lengths)
        self._check_inputs(inputs, prepared, axes=3)
        state = self.initial_state(len(inputs)) if state is None else state
        if self.feeding == "none":
            return self._all_at_once(inputs, prepared, state)
        steps: list[Decoded] = []
        for x in inputs.unbind(1):
            steps.append(self._one(x, prepared, state))
            state = steps[-1].state
        outputs, weights = (torch.stack(each, 1) for each in zip(*((s.outputs, s.weights) for s in steps), strict=True))
        return Decoded(outputs, state, weights)

    def prepare(self, memory: Tensor | PackedSequence, lengths: Tensor | None = None) -> Memory:
        """Return a memory for any number of calls; see `Attention.prepare`."""
        return self.attention.prepare(memory, lengths)

    def step(self, inputs: Tensor, memory: Memory, *, state: DecoderState | None = None) -> Decoded:
        """Run one step, inputs (batch, input_size), as in generating; `prepare` makes the memory."""
        self._check_inputs(inputs, memory, axes=2)
        return self._one(inputs, memory, self.initial_state(len(inputs)) if state is None else state)

    def initial_state(self, batch: int) -> DecoderState:
        """Return the state before the first step: zeros."""
        like = self.combine.weight
        recurrent = tuple(
            like.new_zeros(self.recurrent.num_layers, batch, width) for width in state_sizes(self.recurrent)
        )
        return DecoderState(recurrent, like.new_zeros(batch, self.hidden_size) if self.feeding == "output" else None)

    @property
    def input_size(self) -> int:
        """The width of an input, without what is fed to it."""
        fed = {"none": 0, "output": self.hidden_size, "context": self.attention.context_size}
        return self.recurrent.input_size - fed[self.feeding]

    def extra_repr(self) -> str:
        """Return what is fed."""
        return f"feeding={self.feeding!r}"

    def _all_at_once(self, inputs: Tensor, memory: Memory, state: DecoderState) -> Decoded:
        hidden, recurrent = self.recurrent(inputs.transpose(0, 1), state.recurrent)
        hidden = hidden.transpose(0, 1)
        context, weights = self.attention.attend(hidden, memory)
        return Decoded(self._combined(context, hidden), DecoderState(_tuple(recurrent)), weights)

    def _one(self, x: Tensor, memory: Memory, state: DecoderState) -> Decoded:
        if self.feeding == "context":
            context, weights = self.attention.attend(state.recurrent[0][-1], memory)
            hidden, recurrent = self._recur(torch.cat([x, context], 1), state)
            return Decoded(self._combined(context, hidden), DecoderState(recurrent), weights)
        if self.feeding == "output":
            if state.fed is None:
                raise InputError("state: got one without `fed`; feeding='output' needs the output before")
            x = torch.cat([x, state.fed], 1)
        hidden, recurrent = self._recur(x, state)
        context, weights = self.attention.attend(hidden, memory)
        output = self._combined(context, hidden)
        return Decoded(output, DecoderState(recurrent, output if self.feeding == "output" else None), weights)

    def _recur(self, x: Tensor, state: DecoderState) -> tuple[Tensor, tuple[Tensor, ...]]:
        hidden, recurrent = self.recurrent(x.unsqueeze(0), state.recurrent)
        return hidden.squeeze(0), _tuple(recurrent)

    def _combined(self, context: Tensor, hidden: Tensor) -> Tensor:
        return self.combine(torch.cat([context, hidden], -1)).tanh()

    def _check_inputs(self, inputs: object, memory: Memory, *, axes: int) -> None:
        expected = f"({'batch, time' if axes == 3 else 'batch'}, {self.input_size})"
        if not isinstance(inputs, Tensor) or inputs.dim() != axes or inputs.shape[-1] != self.input_size:
            got = tuple(inputs.shape) if isinstance(inputs, Tensor) else type(inputs).__name__
            raise InputError(f"inputs: got {got}, expected {expected}")
        if 0 in inputs.shape or len(inputs) != len(memory.values):
            raise InputError(
                f"inputs: got {tuple(inputs.shape)}, expected at least one step of {len(memory.values)} sequences, "
                "as the memory has"
            )


def _check_cell(cell: object) -> None:
    if not isinstance(cell, Cell):
        raise InputError(f"cell: got {cell!r}, expected a cell, such as recurra.cells.LSTM or what @recurra.cell makes")
    if cell.further_inputs:
        names = [leaf.name for leaf in cell.further_inputs]
        raise InputError(f"cell: {cell.name} has the further inputs {names}; a decoder gives it x alone")


def state_sizes(layer: Recurrent) -> tuple[int, ...]:
    """Return the width of each state of a layer's cell."""
    known = {"input_size": layer.input_size, "hidden_size": layer.hidden_size, **layer.sizes}
    widths = [leaf.shape[0] for leaf in layer.cell.step.states]
    return tuple(width if isinstance(width, int) else known[width] for width in widths)


def _tuple(states: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (states,) if isinstance(states, Tensor) else tuple(states)


def _width(cell: Cell, size: str | int, hidden_size: int, sizes: Mapping[str, int] | None) -> int:
    """Return the width of a query."""
    known = {"hidden_size": hidden_size, **(sizes or {})}
    if isinstance(size, str) and size not in known:
        raise InputError(
            f"cell: what {cell.name} would ask the memory with is as wide as {size}; a decoder cannot know"
        )
    return size if isinstance(size, int) else known[size]

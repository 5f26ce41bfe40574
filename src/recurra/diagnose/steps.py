"""Where each step of a batch lies in its sequence, for tensors in either layout and for packed sequences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

__all__ = ["Sequences", "Steps"]

Sequences = Tensor | PackedSequence


@dataclass(frozen=True)
class Steps:
    """The steps of a layer's input.

    Attributes
    ----------
    like : tensor or PackedSequence
        The input.
    axis : int
        The axis of time of a tensor.
    sequence : tensor (rows,)
        Of a packed sequence the sequence of each row, in the order of the rows; of a tensor, where all sequences have
        the same steps, zeros (steps,).
    before, after : tensor (rows,) or (steps,)
        How many steps of its sequence come before and after each.
    """

    like: Sequences
    axis: int
    sequence: Tensor
    before: Tensor
    after: Tensor

    @classmethod
    def of(cls, like: Sequences, /, *, batch_first: bool) -> Steps:
        """Return the steps of an input of a layer."""
        if isinstance(like, PackedSequence):
            sizes = like.batch_sizes
            before = torch.arange(len(sizes)).repeat_interleave(sizes)
            sequence = torch.cat([torch.arange(int(size)) for size in sizes])
            return cls(like, 0, sequence, before, torch.bincount(sequence)[sequence] - 1 - before)
        axis = 1 if batch_first and like.dim() == 3 else 0
        before = torch.arange(like.shape[axis])
        return cls(like, axis, torch.zeros_like(before), before, before.flip(0))

    def laid_out(self, values: Tensor, /) -> Sequences:
        """Return values of the steps for all sequences of the batch, laid out as the input."""
        if isinstance(self.like, PackedSequence):
            return self.like._replace(data=values.to(self.like.data.device))
        values = values.to(self.like.device)
        if self.like.dim() == 2:
            return values
        return values.expand(self.like.shape[:2]) if self.axis else values[:, None].expand(self.like.shape[:2])

    def chosen(self, given: Sequence[Sequences], best: Tensor, /) -> Sequences:
        """Return of each step the value in that one of several outputs whose number is `best` (rows,) or (steps,)."""
        data = [each.data if isinstance(each, PackedSequence) else each for each in given]
        stacked, places = torch.stack(data).movedim(self.axis + 1, 1), torch.arange(len(best))
        found = stacked[best, places].movedim(0, self.axis)
        first = given[0]
        return first._replace(data=found) if isinstance(first, PackedSequence) else found

    def chosen_states(self, given: Sequence[Tensor], best: Tensor, /, *, directions: int) -> Tensor:
        """Return the last states (layers * directions, ...) of the outputs that are best at the step run last."""
        return torch.stack(
            [self._states_at([each[row] for each in given], best, reverse=row % directions == 1)
             for row in range(len(given[0]))]
        )  # fmt: skip

    def _states_at(self, given: Sequence[Tensor], best: Tensor, *, reverse: bool) -> Tensor:
        ends = (self.before if reverse else self.after) == 0
        if not isinstance(self.like, PackedSequence):
            return given[int(best[ends])]
        run = torch.empty(int(self.sequence.max()) + 1, dtype=torch.long).index_copy(0, self.sequence[ends], best[ends])
        order = self.like.unsorted_indices
        run = run if order is None else run[order.cpu()]
        return torch.stack(list(given))[run, torch.arange(len(run))]

    def last_with(self, gradient: Tensor, /, *, reverse: bool) -> Tensor:
        """Return a mask that broadcasts against a gradient: for each sequence the last step that has any of it.

        Parameters
        ----------
        gradient
            Laid out as the data of the input.
        reverse
            Whether the last step is that which is run last by a direction that runs backwards: the first.
        """
        places = (self.after if reverse else self.before).to(gradient.device)
        has = gradient.detach().ne(0).any(-1)
        if isinstance(self.like, PackedSequence):
            sequence = self.sequence.to(gradient.device)
            seen = torch.where(has, places, -1)
            last = seen.new_full((int(sequence.max()) + 1,), -1).scatter_reduce(0, sequence, seen, "amax")
            return (has & (places == last[sequence]))[:, None]
        places = places if has.dim() == 1 or self.axis else places[:, None]
        seen = torch.where(has, places, -1)
        return (has & (seen == seen.amax(self.axis, keepdim=True)))[..., None]

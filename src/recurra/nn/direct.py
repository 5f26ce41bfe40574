"""Direct calls: which calls of a layer are those of a shape that came before, and run as `DirectStack` does.

A call has much Python around its arithmetic: checks, records, one operation of torch after the other, a millisecond of
a training step. What of it depends on shapes alone is kept after the second call. `DirectCalls` decides whether a call
is one of those; every other one goes the way of `recurra.nn.run`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra.locks import making
from recurra.nn.batch import Batch
from recurra.nn.direct_stack import DirectStack, Shapes
from recurra.nn.guards import is_plain, is_undisturbed, matching
from recurra.nn.stack import Stack

__all__ = ["DirectCalls", "Extras"]

_MOST = 256
"""Shapes for which a layer keeps its passes: as many as the lengths of sentences."""

_MOST_WAYS = 4
"""For each shape: what requires a gradient, and the modes of torch that are on."""


@dataclass(frozen=True)
class Extras:
    """What a call may be given beside sequences and states.

    Attributes
    ----------
    inputs : the cell's further inputs, in its order
    reset : where sequences begin anew, as a caller gave it
    return_states : bool
    """

    inputs: tuple[object, ...] = ()
    reset: object = None
    return_states: bool = False

    @functools.cached_property
    def key(self) -> Hashable:
        """What decides a call beside tensors."""
        return len(self.inputs), self.reset is not None, self.return_states

    def tensors(self, batch: Batch | None) -> tuple[Tensor, ...] | None:
        """Return what is given as tensors of the processor; None if something is something else."""
        found = []
        for each in self.inputs if self.reset is None else (*self.inputs, self.reset):
            if batch is not None:
                if type(each) is not PackedSequence or not batch.is_ordered_as(each):
                    return None
                if batch.batch_sizes != tuple(each.batch_sizes.tolist()):
                    return None
                each = each.data
            if type(each) is not Tensor or not each.is_cpu:
                return None
            found.append(each)
        return tuple(found)


_PLAIN = Extras()


class DirectCalls:
    """The direct calls of one module, which has them in its attribute ``_direct``, by what decides them."""

    def __init__(self) -> None:
        self._known: dict[Hashable, _Known] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return DirectCalls, ()  # machine code does not travel with a module that is copied or saved

    @staticmethod
    def run(
        module: nn.Module,
        key: Callable[[Tensor], Hashable],
        sequences: object,
        states: object,
        *,
        tensors: Sequence[Tensor] | None = None,
        extras: Extras = _PLAIN,
    ) -> tuple[Any, ...] | None:
        """Return the output and the last states, or None where no such call has been made twice before.

        Of a single step it is the states alone; with `return_states` of the extras, every state of each layer follows.

        Parameters
        ----------
        key : returns what decides a call beside the tensors, for the sequences
        sequences, states : as a caller gave them, right or wrong
        tensors : the parameters; by default those that the module has now
        """
        calls: DirectCalls | None = module.__dict__.get("_direct")
        if calls is None or not is_undisturbed():
            return None
        batch = None
        if type(sequences) is PackedSequence:
            batch = _packed_batch(sequences)
            sequences = sequences.data if batch else None
        given = _tensors_of(sequences, states)
        if given is None:
            return None
        if extras is not _PLAIN and (given := _with_extras(given, extras, batch)) is None:
            return None
        sizes = batch and batch.batch_sizes
        known = calls._known.get((key(given[0]), len(given), extras.key, sizes, torch.is_grad_enabled()))
        if known is None:
            return None
        now: Sequence[Any] = tensors or known.tensors(module)
        for way in known.ways:
            if way.fits(*now, *given):
                break
        else:
            return None
        direct = way.stack
        if direct is None:
            return None
        if torch._C._len_torch_function_stack():  # a default device, which says nothing here: every tensor has its own
            with torch._C.DisableTorchFunction():
                return _called(direct, batch, given, now)
        return _called(direct, batch, given, now)

    @staticmethod
    def keep(
        module: nn.Module,
        key: Callable[[Tensor], Hashable],
        sequences: object,
        states: object,
        *,
        names: Sequence[str],
        stack: Stack,
        shapes: Callable[[Any], Shapes],
        extras: Extras = _PLAIN,
    ) -> None:
        """Keep the passes of a call that has been made twice.

        Parameters
        ----------
        names : of the parameters, in the order of the stack
        stack : as it ran
        shapes : returns those of the call, for the sequences
        """
        is_packed = type(sequences) is PackedSequence
        given = _tensors_of(sequences.data if is_packed else sequences, states)
        if given is None or not is_undisturbed():
            return
        if extras is not _PLAIN:
            given = _with_extras(given, extras, _packed_batch(sequences) if is_packed else None)
            if given is None:
                return
        tensors = [tensor for layer in stack.layers for each in layer for tensor in each.parameters.tensors]
        if not tensors or not all(map(is_plain, (*tensors, *given))) or not all(map(Tensor.is_contiguous, tensors)):
            return
        like = next(iter(stack.layers[0][0].parameters.computed_with), given[0])
        # autocast lets a layer convert what it is given; truth values say where sequences begin anew
        if any(each.dtype not in (like.dtype, torch.bool) for each in given):
            return
        calls: DirectCalls = module.__dict__.setdefault("_direct", DirectCalls())
        with making:
            of_call = shapes(sequences)
            sizes, is_differentiated = of_call.batch_sizes if is_packed else None, torch.is_grad_enabled()
            kind = key(given[0]), len(given), extras.key, sizes, is_differentiated
            way = calls._noted(kind, tuple(names), tensors, given)
            if way is not None and not way.is_made:
                is_taped = is_differentiated and any(each.requires_grad for each in (*tensors, *given))
                way.stack = DirectStack.of(
                    stack, shapes=of_call, like=like, is_taped=is_taped, has_resets=extras.reset is not None
                )
                way.is_made = True

    def _noted(
        self, key: Hashable, names: tuple[str, ...], tensors: Sequence[Tensor], given: Sequence[Tensor]
    ) -> _Way | None:
        """Return how a call was made before; None at its first time: if it never comes again, nothing is to be done."""
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _Known(names)
            while len(self._known) > _MOST:
                self._known.pop(next(iter(self._known)))
        for way in known.ways:
            if way.fits(*tensors, *given):
                return way
        if (fits := matching(tensors, given)) is not None:
            known.ways = (*known.ways[1 - _MOST_WAYS :], _Way(fits))
        return None


def _called(
    direct: DirectStack, batch: Batch | None, given: Sequence[Tensor], tensors: Sequence[Tensor]
) -> tuple[Any, ...]:
    """Return the output and the last states; `given` are the rows, extras, and the initial states if there are any."""
    if direct.further or direct.shows:
        return _called_with_extras(direct, batch, given, tensors)
    if batch is None:
        return direct.run(*given, *tensors) if len(given) > 1 else direct.run(*given, *direct.zeros, *tensors)
    rows, *initial = given
    output, *finals = direct.run(rows, *(map(batch.sort, initial) if initial else direct.zeros), *tensors)
    return batch.restore(output), *map(batch.unsort, finals)


def _called_with_extras(
    direct: DirectStack, batch: Batch | None, given: Sequence[Tensor], tensors: Sequence[Tensor]
) -> tuple[Any, ...]:
    rows, further, initial = given[0], given[1 : 1 + direct.further], given[1 + direct.further :]
    if batch is not None:
        initial = tuple(map(batch.sort, initial))
    output, *others = direct.run_with(rows, further, initial or direct.zeros, tensors)
    if batch is None:
        return output, *others
    count = len(direct.zeros)
    return batch.restore(output), *map(batch.unsort, others[:count]), *map(batch.restore, others[count:])


def _with_extras(given: tuple[Tensor, ...], extras: Extras, batch: Batch | None) -> tuple[Tensor, ...] | None:
    """Return the input, what is given beside it, and the initial states; None if a part is no tensor."""
    tensors = extras.tensors(batch)
    return None if tensors is None else (given[0], *tensors, *given[1:])


def _tensors_of(sequences: object, states: object) -> tuple[Tensor, ...] | None:
    """Return what a call is given as tensors of the processor; None if it is something else."""
    if type(sequences) is not Tensor or not sequences.is_cpu:
        return None
    if states is None:
        return (sequences,)
    if isinstance(states, Tensor):
        return sequences, states
    if not isinstance(states, (tuple, list)):
        return None
    for each in states:
        if not isinstance(each, Tensor):
            return None
    return sequences, *states


def _packed_batch(packed: PackedSequence) -> Batch | None:
    """Return a packed batch that may have come before; None if it cannot be right, which is said elsewhere."""
    sizes = packed.batch_sizes
    if type(sizes) is not Tensor or sizes.dtype is not torch.int64 or sizes.dim() != 1 or not len(sizes):
        return None
    found = tuple(sizes.tolist())
    for order in (packed.sorted_indices, packed.unsorted_indices):
        if order is not None and order.shape != found[:1]:
            return None
    return Batch(packed.data, found, False, True, packed)


@dataclass
class _Way:
    """The passes of a call, and what tells whether tensors may be handed to them.

    Attributes
    ----------
    fits : returns whether tensors, the parameters and what is given, are as those were
    stack : the passes, if there are any
    is_made : bool
        Whether they have been asked for.
    """

    fits: Callable[..., bool]
    stack: DirectStack | None = None
    is_made: bool = False


class _Known:
    """What is known of a call: the names of the parameters, and the ways in which it was made."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self.ways: tuple[_Way, ...] = ()
        self._of: Callable[[Any], Any] = itemgetter(*names)

    def tensors(self, module: nn.Module) -> Sequence[Any]:
        """Return the parameters as they are now; some may be computed, as by `torch.nn.utils.parametrize`."""
        try:
            found = self._of(module._parameters)
        except KeyError:
            return [getattr(module, name) for name in self._names]
        return found if len(self._names) > 1 else (found,)

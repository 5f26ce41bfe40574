"""`diagnose`: runs a model on some batches, and measures what there is to measure."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from recurra.arguments import check_whole, checked
from recurra.diagnose.connectivity import Examined, connectivity
from recurra.diagnose.diagnosis import Diagnosis
from recurra.diagnose.flow import GradientFlow, gradient_flow, last_step_flow
from recurra.diagnose.history import dependence_of_inputs, history_in_use, losses_by_history
from recurra.diagnose.layer import NonFinite, diagnose_run, where_numbers_end
from recurra.diagnose.layer_names import Place, check_finite_weights, recurrent_layers
from recurra.diagnose.parameter_sizes import ParameterSize, parameter_sizes
from recurra.diagnose.rerun import Recorded, Rerun, few_sequences, recorded_runs
from recurra.diagnose.verdicts import Advice, Finding, verdicts_of
from recurra.errors import InputError
from recurra.nn.choice import on_threads
from recurra.nn.layer import Layer

__all__ = ["Loss", "diagnose"]

Loss = Callable[[Any], Tensor]
"""From a batch to its loss, a number: it runs the model."""


@checked(InputError)
def diagnose(
    model: nn.Module,
    batches: Iterable[Any],
    /,
    *,
    loss: Loss | None = None,
    losses_by_step: Callable[[Any], Tensor | None] | None = None,
    examined: Callable[[Any], Examined] | None = None,
    reads: nn.Module | None = None,
    dependence: int | None = None,
    most_batches: int = 4,
    sequences: int = 4,
) -> Diagnosis:
    """See why a recurrent model learns or fails to on some data: gradients, Jacobians, gates, and what to try.

    The model is measured in evaluation: without dropout, with running statistics. It is left as it was, its gradients
    too.

    Parameters
    ----------
    model
        A layer of recurra or a module with such layers.
    batches
        What the loss takes, one after the other.
    loss
        By default, of a layer alone, the sum of its last states: the batches are then its inputs.
    losses_by_step
        From a batch to the loss at each step (steps,), where there is one for each.
    examined, reads
        From a batch to what the model says of a sequence of it, whose connectivity is then measured; and the layer
        whose input it is of: see `connectivity`.
    dependence
        Over how many steps the data depend on themselves. By default it is estimated from the autocorrelation of the
        inputs of the first layer, which is a lower bound.
    most_batches
        How many batches gradients are measured on.
    sequences
        How many sequences of the first batch Jacobians and gates are measured on.

    Raises
    ------
    InputError
        If there is no recurrent layer, a weight is not finite, there is no batch, a sequence has one step alone, or
        a loss is missing.

    Examples
    --------
    >>> import torch
    >>> from recurra.cells import Elman
    >>> from recurra.diagnose import diagnose
    >>> from recurra.nn import Recurrent
    >>> _ = torch.manual_seed(0)
    >>> found = diagnose(Recurrent(Elman, 2, 16), [torch.randn(200, 4, 2)])
    >>> found.kinds, found.layers[0].memory.horizon < 100
    (('vanishing',), True)
    >>> found.findings[0].advice[0].text
    'take a cell with gates, such as LSTM or GRU'
    """
    for name, number in (("most_batches", most_batches), ("sequences", sequences), ("dependence", dependence)):
        if number is not None:
            check_whole(f"diagnose: {name}", number, InputError)
    recurrent_layers(model)
    check_finite_weights(model)
    given = list(itertools.islice(batches, most_batches))
    if not given:
        raise InputError("got no batch to diagnose the model on, expected one at least")
    with _measuring(model):
        found = _diagnosis(model, given, loss, dependence=dependence, sequences=sequences)
        found = replace(found, loss_by_step=_by_step(given, losses_by_step) if losses_by_step else ())
        if examined is None or found.not_finite:
            return found
        return replace(found, connectivity=connectivity(model, lambda: examined(given[0]), reads=reads))


@dataclass(frozen=True)
class _PassResults:
    """What the forward and backward passes of the batches gave."""

    recorded: Recorded
    flow: GradientFlow
    flow_back: GradientFlow
    losses: tuple[float, ...]
    norms: tuple[float, ...]
    parameters: tuple[ParameterSize, ...]


def _diagnosis(
    model: nn.Module, batches: Sequence[Any], loss: Loss | None, *, dependence: int | None, sequences: int
) -> Diagnosis:
    passes = _run(model, batches, loss or _last_states(model))
    if not all(map(math.isfinite, (*passes.losses, *passes.norms))):
        return _broken(model, passes)
    long_enough = {place: run for place, run in passes.recorded.runs.items() if len(run.batch_sizes) > 1}
    reruns = {place: Rerun(few_sequences(run, sequences)) for place, run in long_enough.items()}
    layers = tuple(diagnose_run(place, again) for place, again in reruns.items())
    steps = max(layer.steps for layer in layers)
    known = dependence or dependence_of_inputs(next(iter(long_enough.values())))
    history = losses_by_history(model, lambda: loss(batches[0]), longest=steps) if loss else ()
    return Diagnosis(
        model=type(model).__name__,
        findings=verdicts_of(layers, dependence=known, gradient_norms=passes.norms),
        losses=passes.losses,
        gradient_norms=passes.norms,
        layers=layers,
        flow=passes.flow.curves(),
        flow_back=passes.flow_back.curves(along="distance"),
        parameters=passes.parameters,
        dependence=known,
        is_dependence_given=dependence is not None,
        history=history,
        history_in_use=history_in_use(history),
    )


def _by_step(batches: Sequence[Any], losses: Callable[[Any], Tensor | None]) -> tuple[float, ...]:
    """Return the mean loss at each step, of a step that not all batches have over those that do."""
    with torch.no_grad():
        found = [each for batch in batches if (each := losses(batch)) is not None]
    longest = max(map(len, found), default=0)
    columns = ([each[step] for each in found if len(each) > step] for step in range(longest))
    return tuple(float(torch.stack(column).mean()) for column in columns)


def _run(model: nn.Module, batches: Sequence[Any], loss: Loss) -> _PassResults:
    """Run both passes of each batch; record the first."""
    losses, norms = [], []
    with recorded_runs(model) as recorded, torch.no_grad():
        loss(batches[0])
    _check_runs(recorded)
    with gradient_flow(model) as flow:
        for batch in batches:
            model.zero_grad()
            found = loss(batch)
            _check_loss(found)
            found.backward()
            losses.append(float(found.detach()))
            norms.append(_norm(model))
    sizes = parameter_sizes(model)
    flows = [last_step_flow(model, functools.partial(loss, batch)) for batch in batches]
    back = GradientFlow([each for found in flows for each in found.passes])
    return _PassResults(recorded, flow, back, tuple(losses), tuple(norms), sizes)


def _check_loss(found: object) -> None:
    """Raise `InputError` unless a loss is one number with a gradient."""
    if not isinstance(found, Tensor) or found.numel() != 1:
        got = f"a tensor of shape {tuple(found.shape)}" if isinstance(found, Tensor) else type(found).__name__
        raise InputError(f"loss: got {got}, expected one number: a tensor of one element, as .mean() or .sum() gives")
    if not found.requires_grad:
        raise InputError(
            "loss: got a number without a gradient, expected one that was computed from the model: no .detach(), "
            ".item() or torch.no_grad() in it, and a model with parameters that learn"
        )


def _check_runs(recorded: Recorded) -> None:
    if not recorded.runs:
        raise InputError(
            "the loss ran no recurrent layer of the model on a whole sequence; there is nothing to measure"
        )
    if any(run.batch_sizes[0] == 0 for run in recorded.runs.values()):
        raise InputError("the first batch has no sequence; expected one at least")
    longest = max(len(run.batch_sizes) for run in recorded.runs.values())
    if longest < 2:
        raise InputError(f"the sequences have {longest} step; expected two at least: one step says nothing of time")


def _norm(model: nn.Module) -> float:
    squares = [each.grad.double().square().sum() for each in model.parameters() if each.grad is not None]
    return float(torch.stack(squares).sum().sqrt()) if squares else 0.0


def _broken(model: nn.Module, passes: _PassResults) -> Diagnosis:
    """Return the diagnosis of a model that leaves the finite numbers: where that begins."""
    ends = [(place, where_numbers_end(run)) for place, run in passes.recorded.runs.items()]
    found = tuple((place, end) for place, end in ends if end is not None)
    return Diagnosis(
        model=type(model).__name__,
        findings=(_not_finite(found[:1]),),
        losses=passes.losses,
        gradient_norms=passes.norms,
        parameters=passes.parameters,
        not_finite=found,
    )


def _not_finite(found: tuple[tuple[Place, NonFinite], ...]) -> Finding:
    advice = (
        Advice("look at the inputs: scale them, and mask what is missing"),
        Advice("clip gradients and take a lower learning rate, if the weights have grown", {"clip": 0.5}),
    )
    if not found:
        return Finding("not finite", "", "the loss or a gradient is not finite, though every recurrent layer's values "
                       "are: it begins in the head, in the loss, or in the backward pass", {}, advice)  # fmt: skip
    place, end = found[0]
    said = (
        f"{end.value} at step {end.step} of sequence {end.sequence}, feature {end.feature}; it began in {end.equation}"
    )
    return Finding("not finite", str(place), said, {"step": end.step, "sequence": end.sequence}, advice)


def _last_states(model: nn.Module) -> Loss:
    """Return the loss of a layer by itself: the sum of its states after the last step."""
    if not isinstance(model, Layer):
        raise InputError(f"loss: got none; expected a function from a batch to the loss of {type(model).__name__}")

    def loss(batch: Any) -> Tensor:
        states = model(batch)[1]
        return (states if isinstance(states, Tensor) else states[0]).sum()

    return loss


@contextmanager
def _measuring(model: nn.Module) -> Iterator[None]:
    """Put a model into evaluation, with gradients of its own, and torch on one thread; put back how it was."""
    modes = {module: module.training for module in model.modules()}
    gradients = [(each, each.grad) for each in model.parameters()]
    try:
        model.eval()
        with torch.enable_grad(), on_threads(1):  # of small products, for which several wait more than they work
            yield
    finally:
        for module, training in modes.items():
            module.training = training
        for each, gradient in gradients:
            each.grad = gradient

"""Sequence to sequence: `AttentionDecoder` and `EncoderDecoder`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.export.description import WEIGHTS, ExportedDecoder, ExportedModel
from recurra.graph.compound import named_in, number_of
from recurra.nn.attention import Attention, AttentionKind, Memory
from recurra.nn.checks import check_named, shape_or_kind
from recurra.nn.dropout import dropout as dropout_of
from recurra.nn.exported_parts import array, attention_of
from recurra.nn.exporting import exported_layers
from recurra.nn.layer import quantised_exactly
from recurra.nn.ragged import check_lengths, is_padding, pack
from recurra.nn.recurrent import Recurrent
from recurra.nn.search import Generated, SearchOptions, Stepped, beam_search
from recurra.nn.softmax_heads import SoftmaxHead
from recurra.spec import Cell

__all__ = ["AttentionDecoder", "Decoded", "DecoderState", "EncoderDecoder", "exported_translator"]

Feeding = Literal["none", "output", "context", "above"]


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
    - ``"above"``: h_t = cell(x_t, h_{t-1}) of the first layer, c_t = attend(h_t, m), s_t = cell([h_t; c_t], s_{t-1}) of
      those above it, o_t = tanh(W [c_t; s_t]). The layers above know where was looked before, and yet each layer and
      the attention run over all steps at once: Chen et al. (2018), arXiv:1804.09849, section 3, where the first layer
      asks and all others are given what it found.

    In Luong's experiments (table 1) attention gives more than feeding, which adds to it; ``"output"`` and ``"context"``
    go step by step and cost several times as much, ``"above"`` does not.

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
    feeding : ``"none"``, ``"output"``, ``"context"`` or ``"above"``
    num_layers : int
        At least two for ``"above"``.
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
        _check_cell(cell)
        self.hidden_size, self.memory_size, self.feeding = hidden_size, memory_size, feeding
        asking = cell.step.states[0].shape[0] if feeding == "context" else cell.output_size
        query_size = _width(cell, asking, hidden_size, sizes)
        self.attention = Attention(attention, query_size, memory_size, heads=heads, device=device, dtype=dtype)
        if feeding == "above" and num_layers < 2:
            raise InputError(f"num_layers: got {num_layers}, feeding='above' has a layer that asks and others above it")
        self.num_layers, self.dropout = num_layers, dropout
        self._fed = {"output": hidden_size, "context": self.attention.context_size}.get(feeding, 0)
        below = 1 if feeding == "above" else num_layers
        further: dict[str, Any] = {"sizes": sizes, "device": device, "dtype": dtype, "backend": backend}
        between = dropout if below > 1 else 0.0
        self.recurrent = Recurrent(
            cell, input_size + self._fed, hidden_size, num_layers=below, dropout=between, **further
        )
        self.upper = None
        if feeding == "above":
            features = self.recurrent.output_features + self.attention.context_size
            between = dropout if num_layers > 2 else 0.0
            self.upper = Recurrent(cell, features, hidden_size, num_layers=num_layers - 1, dropout=between, **further)
            if state_sizes(self.recurrent) != state_sizes(self.upper):
                raise InputError(
                    f"cell: {cell.name} has a state as wide as its input, which differs from layer to layer with "
                    "feeding='above'"
                )
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
        if self.feeding in ("none", "above"):
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
        """Run one step, inputs (batch, input_size), as in generating; `prepare` makes the memory.

        Where there are several times as many inputs as the memory has sequences, those of each stand together.
        """
        self._check_inputs(inputs, memory, axes=2)
        return self._one(inputs, memory, self.initial_state(len(inputs)) if state is None else state)

    def initial_state(self, batch: int) -> DecoderState:
        """Return the state before the first step: what the layer's cell begins with, and no output yet."""
        like, recurrent = self.combine.weight, _tuple(self.recurrent.initial_state(batch))
        if self.upper is not None:
            recurrent = _stacked(recurrent, _tuple(self.upper.initial_state(batch)))
        return DecoderState(recurrent, like.new_zeros(batch, self.hidden_size) if self.feeding == "output" else None)

    @property
    def input_size(self) -> int:
        """The width of an input, without what is fed to it."""
        return self.recurrent.input_size - self._fed

    def extra_repr(self) -> str:
        """Return what is fed."""
        return f"feeding={self.feeding!r}"

    def _all_at_once(self, inputs: Tensor, memory: Memory, state: DecoderState) -> Decoded:
        if self.upper is None:
            hidden, recurrent = self.recurrent(inputs.transpose(0, 1), state.recurrent)
            context, weights = self.attention.attend(hidden.transpose(0, 1), memory)
            return Decoded(self._combined(context, hidden.transpose(0, 1)), DecoderState(_tuple(recurrent)), weights)
        hidden, below = self.recurrent(inputs.transpose(0, 1), tuple(each[:1] for each in state.recurrent))
        context, weights = self.attention.attend(hidden.transpose(0, 1), memory)
        both = self._between(torch.cat([hidden, context.transpose(0, 1)], 2))
        hidden, above = self.upper(both, tuple(each[1:] for each in state.recurrent))
        after = DecoderState(_stacked(_tuple(below), _tuple(above)))
        return Decoded(self._combined(context, hidden.transpose(0, 1)), after, weights)

    def _between(self, below: Tensor) -> Tensor:
        """Return what the layers above the first are given, with dropout in training."""
        return dropout_of(below, self.dropout, self.training)

    def _one(self, x: Tensor, memory: Memory, state: DecoderState) -> Decoded:
        if self.upper is not None:
            hidden, below = self.recurrent(x.unsqueeze(0), tuple(each[:1] for each in state.recurrent))
            context, weights = self._attended(hidden.squeeze(0), memory)
            both = self._between(torch.cat([hidden.squeeze(0), context], 1))
            hidden, above = self.upper(both.unsqueeze(0), tuple(each[1:] for each in state.recurrent))
            after = DecoderState(_stacked(_tuple(below), _tuple(above)))
            return Decoded(self._combined(context, hidden.squeeze(0)), after, weights)
        if self.feeding == "context":
            context, weights = self._attended(state.recurrent[0][-1], memory)
            hidden, recurrent = self._recur(torch.cat([x, context], 1), state)
            return Decoded(self._combined(context, hidden), DecoderState(recurrent), weights)
        if self.feeding == "output":
            if state.fed is None:
                raise InputError("state: got one without `fed`; feeding='output' needs the output before")
            x = torch.cat([x, state.fed], 1)
        hidden, recurrent = self._recur(x, state)
        context, weights = self._attended(hidden, memory)
        output = self._combined(context, hidden)
        return Decoded(output, DecoderState(recurrent, output if self.feeding == "output" else None), weights)

    def _attended(self, query: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """Attend with rows (rows, query_size), the same number for each sequence of the memory."""
        if len(query) == len(memory.values):
            return self.attention.attend(query, memory)
        context, weights = self.attention.attend(query.view(len(memory.values), -1, query.shape[1]), memory)
        return context.flatten(0, 1), weights.flatten(0, 1)

    def _recur(self, x: Tensor, state: DecoderState) -> tuple[Tensor, tuple[Tensor, ...]]:
        hidden, recurrent = self.recurrent(x.unsqueeze(0), state.recurrent)
        return hidden.squeeze(0), _tuple(recurrent)

    def _combined(self, context: Tensor, hidden: Tensor) -> Tensor:
        return self.combine(torch.cat([context, hidden], -1)).tanh()

    def _check_inputs(self, inputs: object, memory: Memory, *, axes: int) -> None:
        expected = f"({'batch, time' if axes == 3 else 'batch'}, {self.input_size})"
        if not isinstance(inputs, Tensor) or inputs.dim() != axes or inputs.shape[-1] != self.input_size:
            raise InputError(f"inputs: got {shape_or_kind(inputs)}, expected {expected}")
        rows, sequences = len(inputs), len(memory.values)
        if 0 in inputs.shape or (rows != sequences if axes == 3 else rows % sequences):
            raise InputError(
                f"inputs: got {tuple(inputs.shape)}, expected at least one step of {len(memory.values)} sequences, "
                "as the memory has"
            )


def _check_cell(cell: Cell) -> None:
    if cell.further_inputs:
        names = [leaf.name for leaf in cell.further_inputs]
        raise InputError(f"cell: {cell.name} has the further inputs {names}; a decoder gives it x alone")


def state_sizes(layer: Recurrent) -> tuple[int, ...]:
    """Return the width of each state of a layer's cell."""
    known = {"input_size": layer.input_size, "hidden_size": layer.hidden_size, **layer.sizes}
    widths = [leaf.width for leaf in layer.cell.step.states]
    return tuple(number_of(width, known) for width in widths)


def _tuple(states: Tensor | tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return (states,) if isinstance(states, Tensor) else tuple(states)


def _stacked(below: tuple[Tensor, ...], above: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Return the states of layers upon each other, (layers, batch, size) each."""
    return tuple(torch.cat(pair) for pair in zip(below, above, strict=True))


def _width(cell: Cell, size: str | int, hidden_size: int, sizes: Mapping[str, int] | None) -> int:
    """Return the width of a query."""
    known = {"hidden_size": hidden_size, **(sizes or {})}
    if not known.keys() >= {*named_in(size)}:
        raise InputError(
            f"cell: what {cell.name} would ask the memory with is as wide as {size}; a decoder cannot know"
        )
    return number_of(size, known)


class EncoderDecoder(nn.Module):
    """From a sequence of features to a sequence of tokens: Sutskever, Vinyals & Le (2014); Bahdanau et al. (2015).

    The decoder begins with the encoder's final states where these have the shapes of its own. Otherwise each of its
    states begins as tanh(V s), with s the first state of the encoder's last layer, of both directions if there are
    two: Bahdanau et al. (2015), appendix A.2.2, who take the backward one alone.

    Parameters
    ----------
    encoder : Recurrent
        Any cell, in one direction or both; its `batch_first` does not matter here.
    decoder : AttentionDecoder
        Its `memory_size` is the encoder's `output_features`.
    embedding : nn.Module
        From tokens (...) to the decoder's inputs (..., input_size), such as `nn.Embedding` or `EmbeddingDropout`.
    head : SoftmaxHead
        From the decoder's outputs to log p of the next token.
    between : nn.Module, optional
        What the encoder's outputs go through before they are the memory, packed in and out, such as `SelfAttention` or
        `LockedDropout`.

    Raises
    ------
    InputError
        If the parts or an input do not fit.

    Examples
    --------
    >>> import torch
    >>> from recurra.cells import GRU
    >>> from recurra.nn import AttentionDecoder, EncoderDecoder, Recurrent, SearchOptions, Softmax
    >>> encoder = Recurrent(GRU, 3, 8, bidirectional=True)
    >>> decoder = AttentionDecoder(GRU, 4, 8, memory_size=16)
    >>> model = EncoderDecoder(
    ...     encoder, decoder, embedding=torch.nn.Embedding(10, 4), head=Softmax(torch.nn.Linear(8, 10))
    ... )
    >>> source, lengths = torch.randn(2, 7, 3), torch.tensor([7, 5])
    >>> targets = torch.tensor([[0, 5, 6, 1], [0, 7, 1, 1]])
    >>> model.loss(source, targets, lengths=lengths, target_lengths=torch.tensor([4, 3])).backward()
    >>> found = model.generate(source, lengths=lengths, options=SearchOptions(start=0, end=1, max_steps=5, beam=3))
    >>> len(found.tokens)
    2
    """

    @checked(InputError)
    def __init__(
        self,
        encoder: Recurrent,
        decoder: AttentionDecoder,
        *,
        embedding: nn.Module,
        head: SoftmaxHead,
        between: nn.Module | None = None,
    ) -> None:
        super().__init__()
        if encoder.output_features != decoder.memory_size:
            raise InputError(
                f"decoder: its memory_size is {decoder.memory_size}, the encoder's output has "
                f"{encoder.output_features} features"
            )
        self.encoder, self.decoder, self.embedding, self.head = encoder, decoder, embedding, head
        self.between = between
        self.bridges = self._bridges()

    def forward(self, source: Tensor | PackedSequence, inputs: Tensor, *, lengths: Tensor | None = None) -> Decoded:
        """Run the decoder over known tokens.

        Parameters
        ----------
        source : tensor (batch, time, input_size of the encoder) or PackedSequence
        inputs : whole numbers (batch, steps), the tokens that the decoder reads
        lengths : tensor (batch,), optional
            Of a padded source.

        Returns
        -------
        Decoded : outputs for `head`, the state, and where each step looked
        """
        memory, state = self.encode(source, lengths)
        return self.decoder(self.embedding(inputs), memory, state=state)

    def loss(
        self,
        source: Tensor | PackedSequence,
        targets: Tensor,
        *,
        lengths: Tensor | None = None,
        target_lengths: Tensor | None = None,
    ) -> Tensor:
        """Return -log p of the targets given the source, the mean over their tokens but the first.

        Parameters
        ----------
        source, lengths : as in `forward`
        targets : whole numbers (batch, steps), from the start token to the end token
        target_lengths : tensor (batch,), optional
            How many of them count, both ends included; all without. Those behind must be tokens, whichever.
        """
        counts = _counted(targets, target_lengths)
        decoded = self(source, targets[:, :-1], lengths=lengths)
        return self.head.loss(decoded.outputs[counts], targets[:, 1:][counts])

    @torch.no_grad()
    def generate(
        self,
        source: Tensor | PackedSequence,
        *,
        options: SearchOptions,
        lengths: Tensor | None = None,
        numbers: Sequence[int] | None = None,
    ) -> Generated:
        """Return the best tokens for each source, greedily or by beam search, or drawn ones; see `SearchOptions`.

        Parameters
        ----------
        source, lengths : as in `forward`
        options : SearchOptions
        numbers : ints (batch,), optional
            The number of each source among all that are drawn with a seed, so that those of several calls differ; its
            place in the batch by default.
        """
        memory, state = self.encode(source, lengths)
        batch, device = len(memory.values), memory.values.device
        if numbers is not None and len(numbers) != batch:
            raise InputError(f"numbers: got {len(numbers)}, expected one for each of {batch} sources")
        hypotheses = torch.arange(batch, device=device).repeat_interleave(options.beam)
        left = memory

        def step(tokens: Tensor, state: DecoderState, places: Tensor) -> Stepped:
            nonlocal left
            if len(places) < len(left.values):
                left = memory.selected(places.to(device))
            decoded = self.decoder.step(self.embedding(tokens.to(device)), left, state=state)
            return Stepped(self.head.log_prob(decoded.outputs), decoded.state, decoded.weights)

        return beam_search(step, state.selected(hypotheses), batch=batch, options=options, numbers=numbers)

    def log_probs(
        self,
        source: Tensor | PackedSequence,
        targets: Tensor,
        *,
        lengths: Tensor | None = None,
        target_lengths: Tensor | None = None,
    ) -> Tensor:
        """Return log p of each token of the targets but the first, given those before it and the source.

        Forced decoding: summed over the steps it is log p of a whole sequence. See `loss` for the parameters.

        Returns
        -------
        tensor (batch, steps - 1), 0 behind the end of a target
        """
        decoded = self(source, targets[:, :-1], lengths=lengths)
        counts = _counted(targets, target_lengths)
        found = decoded.outputs.new_zeros(counts.shape)
        found[counts] = -self.head.loss(decoded.outputs[counts], targets[:, 1:][counts], reduction="none")
        return found

    def encode(self, source: Tensor | PackedSequence, lengths: Tensor | None = None) -> tuple[Memory, DecoderState]:
        """Return the source as a memory, and the state with which the decoder begins."""
        output, states = self.encoder(pack(source, lengths, name="source"))
        memory = self.decoder.prepare(output if self.between is None else self.between(output))
        return memory, self._begin(states if isinstance(states, tuple) else (states,))

    def exported(self, *, weights: str = "float32") -> ExportedModel:
        """Return what `recurra.export` is given, with weights of the recurrent layers in float32 or int8."""
        check_named("weights", weights, known=WEIGHTS)
        made = quantised_exactly(self, weights)
        assert isinstance(made, EncoderDecoder)
        return exported_translator(made)

    def _bridges(self) -> nn.ModuleList:
        """Return a layer for each state of the decoder; none where the encoder's states fit as they are."""
        decoder = self.decoder.recurrent
        layers, sizes = self.decoder.num_layers, state_sizes(decoder)
        like = self.decoder.combine.weight
        directions = 2 if self.encoder.bidirectional else 1
        has = self.encoder.num_layers * directions, state_sizes(self.encoder)
        if has == (layers, sizes):
            return nn.ModuleList()
        width = directions * has[1][0]
        return nn.ModuleList(
            nn.Linear(width, layers * size, bias=False, device=like.device, dtype=like.dtype) for size in sizes
        )

    def _begin(self, states: tuple[Tensor, ...]) -> DecoderState:
        begin = self.decoder.initial_state(states[0].shape[1])
        if not self.bridges:
            return DecoderState(states, begin.fed)
        last = states[0][-2 if self.encoder.bidirectional else -1 :]
        summary = last.transpose(0, 1).flatten(1)
        made = [bridge(summary).tanh().unflatten(1, (len(begin.recurrent[0]), -1)) for bridge in self.bridges]
        return DecoderState(tuple(state.transpose(0, 1) for state in made), begin.fed)


@torch.no_grad()
def exported_translator(model: EncoderDecoder, reading: nn.Module | None = None) -> ExportedModel:
    """Return what is exported of a model as it is; with what stands before its encoder, such as vectors of tokens."""
    decoder, between = model.decoder, [] if model.between is None else [model.between]
    upper = [] if decoder.upper is None else exported_layers([decoder.upper])
    made = ExportedDecoder(
        exported_layers([model.embedding]), exported_layers([decoder.recurrent]), tuple(upper),
        exported_layers([model.head]), attention_of(decoder.attention), decoder.feeding,
        array(decoder.combine.weight.T), tuple(array(bridge.T) for bridge in model.bridges.parameters()),
    )  # fmt: skip
    layers = exported_layers([*([] if reading is None else [reading]), model.encoder, *between])
    module = _KnownTokens(model, reading, made.known_tokens)
    return ExportedModel(layers, module, batch_first=True, keeps_state=False, decoder=made)


class _KnownTokens(nn.Module):
    """A model as a check of an export calls it: log p after each of some known tokens, as many as the source has."""

    def __init__(self, model: EncoderDecoder, reading: nn.Module | None, known: Callable[[int], Any]) -> None:
        super().__init__()
        self.model, self.reading, self._known = model, reading, known

    def forward(self, source: PackedSequence, states: None = None) -> tuple[PackedSequence, tuple[()]]:
        """Return packed log p, and no states."""
        _, lengths = pad_packed_sequence(source)
        steps = int(lengths.max())
        inputs = torch.from_numpy(self._known(steps)).expand(len(lengths), steps)
        decoded = self.model(source if self.reading is None else self.reading(source), inputs)
        found = self.model.head.log_prob(decoded.outputs.flatten(0, 1)).unflatten(0, decoded.outputs.shape[:2])
        return pack_padded_sequence(found, lengths, batch_first=True), ()

    def _get_name(self) -> str:
        return self.model._get_name()


def _counted(targets: Tensor, lengths: Tensor | None) -> Tensor:
    """Return which tokens of targets but the first count, (batch, steps - 1)."""
    steps = targets.shape[1]
    checked = check_lengths(lengths, batch=len(targets), steps=steps)
    padding = is_padding(checked, steps=steps, device=targets.device)
    return (torch.ones_like(targets, dtype=torch.bool) if padding is None else ~padding)[:, 1:]

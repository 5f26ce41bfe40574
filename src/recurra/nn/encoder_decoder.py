"""`EncoderDecoder`: sequence to sequence; a recurrent layer reads one sequence, an attention decoder writes another."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from recurra.arguments import checked
from recurra.errors import InputError
from recurra.nn.attention import Memory
from recurra.nn.decoder import AttentionDecoder, Decoded, DecoderState, state_sizes
from recurra.nn.ragged import check_lengths, is_padding, pack
from recurra.nn.recurrent import Recurrent
from recurra.nn.search import Generated, SearchOptions, beam_search
from recurra.nn.softmax_heads import SoftmaxHead

__all__ = ["EncoderDecoder"]


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
        self, encoder: Recurrent, decoder: AttentionDecoder, *, embedding: nn.Module, head: SoftmaxHead
    ) -> None:
        super().__init__()
        if not isinstance(encoder, Recurrent):
            raise InputError(f"encoder: got {type(encoder).__name__}, expected a recurra.nn.Recurrent, of any cell")
        if encoder.output_features != decoder.memory_size:
            raise InputError(
                f"decoder: its memory_size is {decoder.memory_size}, the encoder's output has "
                f"{encoder.output_features} features"
            )
        self.encoder, self.decoder, self.embedding, self.head = encoder, decoder, embedding, head
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
        steps = targets.shape[1]
        checked = check_lengths(target_lengths, batch=len(targets), steps=steps)
        decoded = self(source, targets[:, :-1], lengths=lengths)
        padding = is_padding(checked, steps=steps, device=targets.device)
        counts = torch.ones_like(targets, dtype=torch.bool) if padding is None else ~padding
        counts = counts[:, 1:]
        return self.head.loss(decoded.outputs[counts], targets[:, 1:][counts])

    @torch.no_grad()
    def generate(
        self, source: Tensor | PackedSequence, *, options: SearchOptions, lengths: Tensor | None = None
    ) -> Generated:
        """Return the best tokens for each source, greedily or by beam search."""
        memory, state = self.encode(source, lengths)
        batch = len(memory.values)
        hypotheses = torch.arange(batch, device=memory.values.device).repeat_interleave(options.beam)
        repeated = memory.repeated(options.beam)

        def step(tokens: Tensor, state: DecoderState) -> tuple[Tensor, DecoderState]:
            decoded = self.decoder.step(self.embedding(tokens.to(hypotheses.device)), repeated, state=state)
            return self.head.log_prob(decoded.outputs), decoded.state

        return beam_search(step, state.selected(hypotheses), batch=batch, options=options)

    def encode(self, source: Tensor | PackedSequence, lengths: Tensor | None = None) -> tuple[Memory, DecoderState]:
        """Return the source as a memory, and the state with which the decoder begins."""
        output, states = self.encoder(pack(source, lengths, name="source"))
        memory = self.decoder.prepare(output)
        return memory, self._begin(states if isinstance(states, tuple) else (states,))

    def _bridges(self) -> nn.ModuleList:
        """Return a layer for each state of the decoder; none where the encoder's states fit as they are."""
        decoder = self.decoder.recurrent
        layers, sizes = decoder.num_layers, state_sizes(decoder)
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

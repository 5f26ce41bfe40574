"""Sequence to sequence: the loss by hand, greedy search by hand, beam search against every sequence."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import torch
from ragged_cases import LENGTHS, batch, drawn, packed, poisoned
from torch import Tensor, nn

from recurra import Cell
from recurra.cells import GRU, LSTM
from recurra.errors import InputError
from recurra.nn import AttentionDecoder, EncoderDecoder, Recurrent, SearchOptions, Softmax

START, END, TOKENS = 0, 1, 4


def model_of(
    *, encoder: Cell = GRU, decoder: Cell = GRU, bidirectional: bool = True, feeding: Any = "none", layers: int = 1
) -> EncoderDecoder:
    torch.manual_seed(1)
    reader = Recurrent(encoder, 3, 5, bidirectional=bidirectional, dtype=torch.float64)
    writer = AttentionDecoder(
        decoder, 2, 5, memory_size=reader.output_features, feeding=feeding, num_layers=layers, dtype=torch.float64
    )
    embedding = nn.Embedding(TOKENS, 2, dtype=torch.float64)
    model = EncoderDecoder(reader, writer, embedding=embedding, head=Softmax(nn.Linear(5, TOKENS, dtype=torch.float64)))
    for parameter in model.parameters():
        parameter.data.mul_(2)  # so that tokens differ in what is likely
    return model


@torch.no_grad()
def log_prob(model: EncoderDecoder, source: Tensor, tokens: tuple[int, ...]) -> float:
    """Return log p of tokens, the end included, for one source (1, time, 3)."""
    return -float(model.loss(source, torch.tensor([[START, *tokens]]))) * len(tokens)


every_kind = pytest.mark.parametrize("options", [
    {}, {"bidirectional": False}, {"encoder": LSTM, "decoder": LSTM, "bidirectional": False},
    {"encoder": LSTM, "feeding": "output"}, {"decoder": LSTM, "feeding": "context", "layers": 2},
], ids=str)  # fmt: skip


@every_kind
def test_a_sequence_is_read_as_alone(options: dict[str, Any]) -> None:
    model, leaf = model_of(**options), poisoned(batch(), LENGTHS)
    tokens = torch.tensor([[START, 2, 3]] * 4)
    together = model(leaf, tokens, lengths=LENGTHS).outputs
    torch.testing.assert_close(together, model(packed(batch(), LENGTHS), tokens).outputs)
    for k, length in enumerate(LENGTHS.tolist()):
        alone = model(batch()[k : k + 1, :length], tokens[:1]).outputs
        torch.testing.assert_close(together[k], alone[0])
    together.sum().backward()
    assert leaf.grad is not None
    assert leaf.grad.isfinite().all()
    assert all(p.grad is None or p.grad.isfinite().all() for p in model.parameters())


def test_the_encoders_states_are_taken_where_they_fit() -> None:
    model = model_of(encoder=LSTM, decoder=LSTM, bidirectional=False)
    assert len(model.bridges) == 0
    states = model.encoder(packed(batch(), LENGTHS))[1]
    torch.testing.assert_close(model.encode(batch(), LENGTHS)[1].recurrent, tuple(states))


def test_other_states_are_made_from_the_first() -> None:
    model = model_of(decoder=LSTM, layers=2)
    h = model.encoder(packed(batch(), LENGTHS))[1]
    summary = torch.cat([h[0], h[1]], 1)
    for bridge, state in zip(model.bridges, model.encode(batch(), LENGTHS)[1].recurrent, strict=True):
        made = torch.tanh(summary @ bridge.weight.T)  # pyright: ignore
        torch.testing.assert_close(state, torch.stack([made[:, :5], made[:, 5:]]))


def test_the_loss_counts_each_token_once() -> None:
    model, source = model_of(), batch()
    targets = torch.tensor([[START, 2, 3, END], [START, END, 3, 3], [START, 3, END, 2], [START, 2, 2, 2]])
    lengths = torch.tensor([4, 2, 3, 4])
    found = model.loss(source, targets, lengths=LENGTHS, target_lengths=lengths)
    total = sum(
        log_prob(model, source[k : k + 1, : LENGTHS[k]], tuple(targets[k, 1 : lengths[k]].tolist())) for k in range(4)
    )
    assert found.item() == pytest.approx(-total / (lengths - 1).sum().item())


@every_kind
def test_greedy_takes_the_likeliest_token(options: dict[str, Any]) -> None:
    model = model_of(**options)
    found = model.generate(batch(), lengths=LENGTHS, options=SearchOptions(start=START, end=END, max_steps=5))
    for k, length in enumerate(LENGTHS.tolist()):
        source, tokens = batch()[k : k + 1, :length], [START]
        while len(tokens) <= 5 and tokens[-1] != END:
            outputs = model(source, torch.tensor([tokens])).outputs
            tokens.append(int(model.head(outputs[0, -1]).index_fill(0, torch.tensor(START), -torch.inf).argmax()))
        assert found.tokens[k] == [token for token in tokens[1:] if token != END]
        assert found.log_prob[k].item() == pytest.approx(log_prob(model, source, tuple(tokens[1:])))


@pytest.mark.parametrize("penalty", [0.0, 1.0])
def test_a_beam_as_wide_as_everything_finds_the_best(penalty: float) -> None:
    model, steps = model_of(decoder=LSTM, feeding="output"), 3
    options = SearchOptions(start=START, end=END, max_steps=steps, beam=TOKENS**steps, length_penalty=penalty)
    found = model.generate(batch(), lengths=LENGTHS, options=options)
    for k, length in enumerate(LENGTHS[:2].tolist()):
        source, every = batch()[k : k + 1, :length], {}
        for size in range(1, steps + 1):
            for tokens in product(range(START + 1, TOKENS), repeat=size):
                if END not in tokens[:-1] and (size == steps or tokens[-1] == END):
                    every[tokens] = log_prob(model, source, tokens)
        best = max(every, key=lambda tokens: every[tokens] / len(tokens) ** penalty)
        assert found.tokens[k] == [token for token in best if token != END]
        assert found.log_prob[k].item() == pytest.approx(every[best])


def test_a_wider_beam_is_never_worse_than_greedy_where_it_keeps_it() -> None:
    model = model_of(feeding="context")
    greedy, beam = (
        model.generate(batch(), lengths=LENGTHS, options=SearchOptions(start=START, end=END, max_steps=6, beam=beam))
        for beam in (1, 16)
    )
    assert (beam.log_prob >= greedy.log_prob - 1e-12).all()


def test_the_best_several_are_those_of_every_sequence_and_looked_where_forced_ones_look() -> None:
    """With a coverage penalty; the log p of forced decoding are those of the search."""
    model, steps = model_of(feeding="above", layers=2), 3
    options = SearchOptions(
        start=START, end=END, max_steps=steps, beam=TOKENS**steps, length_penalty=1.0, coverage=0.4, best=4
    )
    found = model.generate(batch(), lengths=LENGTHS, options=options)
    for k, length in enumerate(LENGTHS[:2].tolist()):
        source, every = batch()[k : k + 1, :length], {}
        for size in range(1, steps + 1):
            for tokens in product(range(START + 1, TOKENS), repeat=size):
                if END not in tokens[:-1] and (size == steps or tokens[-1] == END):
                    looked = model(source, torch.tensor([[START, *tokens[:-1]]])).weights[0]
                    missed = looked.sum(0).clamp(max=1).log().sum().item()
                    every[tokens] = log_prob(model, source, tokens) / len(tokens) + 0.4 * missed
        best = sorted(every, key=lambda tokens: -every[tokens])[:4]
        hypotheses = found.hypotheses[k]
        assert [each.tokens for each in hypotheses] == [[t for t in tokens if t != END] for tokens in best]
        assert [each.score for each in hypotheses] == pytest.approx([every[tokens] for tokens in best])
        forced = model.log_probs(source, torch.tensor([[START, *best[0]]]))
        assert forced.sum().item() == pytest.approx(hypotheses[0].log_prob)
        looked = model(source, torch.tensor([[START, *best[0][:-1]]])).weights[0]
        assert hypotheses[0].weights is not None
        torch.testing.assert_close(hypotheses[0].weights[:, :length], looked)


def test_forced_log_probs_are_the_loss_without_what_is_behind_the_end() -> None:
    model = model_of()
    targets, lengths = torch.tensor([[START, 2, 3, END], [START, END, 3, 3]] * 2), torch.tensor([4, 2, 4, 2])
    found = model.log_probs(batch(), targets, lengths=LENGTHS, target_lengths=lengths)
    loss = model.loss(batch(), targets, lengths=LENGTHS, target_lengths=lengths)
    assert -found.sum().item() / (lengths - 1).sum().item() == pytest.approx(loss.item())
    assert (found[1, 1:] == 0).all()


def test_drawn_sequences_are_as_frequent_as_they_are_likely() -> None:
    model, source = model_of(), batch()[:1]
    options = SearchOptions(start=START, end=END, max_steps=1, beam=4000, best=4000, temperature=1.0, seed=3)
    found = model.generate(source, options=options)
    ended = sum(not each.tokens for each in found.hypotheses[0]) / 4000
    share = (torch.tensor([log_prob(model, source, (token,)) for token in (END, 2, 3)])).softmax(0)[0]
    assert ended == pytest.approx(float(share), abs=0.02)
    greedy = model.generate(source, options=SearchOptions(start=START, end=END, max_steps=4))
    for temperature, top_k in ((9.0, 1), (1e-300, None)):
        options = SearchOptions(start=START, end=END, max_steps=4, temperature=temperature, top_k=top_k)
        assert model.generate(source, options=options).tokens == greedy.tokens


def test_a_sequence_draws_the_same_in_any_batch() -> None:
    """And another with another number: several calls of one seed do not repeat themselves."""
    model, options = model_of(), SearchOptions(start=START, end=END, max_steps=6, beam=2, best=2, temperature=3.0)
    together = [{tuple(each.tokens) for each in found} for found in
                model.generate(batch(), lengths=LENGTHS, options=options, numbers=[5, 6, 7, 8]).hypotheses]  # fmt: skip
    for k, length in enumerate(LENGTHS.tolist()):
        alone = model.generate(batch()[k : k + 1, :length], options=options, numbers=[5 + k]).hypotheses[0]
        assert {tuple(each.tokens) for each in alone} == together[k]
    same = batch()[:1].expand(20, -1, -1)
    drawn = model.generate(same, options=options), model.generate(same, options=options, numbers=range(20, 40))
    assert drawn[0].tokens != drawn[1].tokens
    with pytest.raises(InputError, match="numbers: got 2, expected one for each of 20 sources"):
        model.generate(same, options=options, numbers=[1, 2])


@pytest.mark.parametrize("further", [{}, {"beam": 3, "best": 3}, {"beam": 3, "best": 3, "temperature": 1.0}], ids=str)
def test_the_start_is_never_written(further: dict[str, Any]) -> None:
    """Where it is the likeliest token too, unless it is what ends a sequence."""
    model = model_of()
    model.head.scores.bias.data = torch.tensor([9.0, 0, 1, 1], dtype=torch.float64)  # pyright: ignore
    options = SearchOptions(start=START, end=END, max_steps=5, **further)
    found = model.generate(batch(), lengths=LENGTHS, options=options)
    for k, hypotheses in enumerate(found.hypotheses):
        for each in hypotheses:
            assert START not in each.tokens
            tokens = (*each.tokens, *[END] * each.ended)
            forced = log_prob(model, batch()[k : k + 1, : LENGTHS[k]], tokens)
            assert each.log_prob == pytest.approx(forced)
    both = model.generate(batch(), lengths=LENGTHS, options=SearchOptions(start=START, end=START, max_steps=5))
    assert both.tokens == [[]] * 4


def test_a_search_without_time_takes_what_it_has() -> None:
    found = model_of().generate(batch(), options=SearchOptions(start=START, end=END, max_steps=50, seconds=0.0))
    assert all(len(tokens) <= 1 for tokens in found.tokens)


def test_it_learns_to_reverse() -> None:
    """Attention has to find the place: the loss falls well below that of guessing."""
    torch.manual_seed(0)
    embedding = nn.Embedding(TOKENS + 4, 8)
    encoder = Recurrent(GRU, 8, 16, bidirectional=True)
    decoder = AttentionDecoder(GRU, 8, 16, memory_size=32, attention="general")
    model = EncoderDecoder(encoder, decoder, embedding=embedding, head=Softmax(nn.Linear(16, TOKENS + 4)))
    optimiser = torch.optim.Adam(model.parameters(), lr=0.02)
    words = torch.randint(2, TOKENS + 4, (32, 3), generator=torch.Generator().manual_seed(0))
    ends = torch.full((32, 1), START), torch.full((32, 1), END)
    targets = torch.cat([ends[0], words.flip(1), ends[1]], 1)
    for _ in range(40):
        loss = model.loss(embedding(words), targets)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert loss.item() < 0.3  # guessing among six words: 1.4
    found = model.generate(embedding(words), options=SearchOptions(start=START, end=END, max_steps=8, beam=2))
    right = sum(a == b for a, b in zip(found.tokens, words.flip(1).tolist(), strict=True))
    assert right > 25


WRONG: dict[str, tuple[Any, str]] = {
    "encoder": (
        lambda: EncoderDecoder(
            nn.GRU(3, 5), AttentionDecoder(GRU, 2, 5, memory_size=5), embedding=nn.Embedding(4, 2),  # pyright: ignore
            head=Softmax(nn.Linear(5, 4)),
        ),
        r"encoder: got .*, expected a recurra.nn.Recurrent",
    ),
    "memory": (
        lambda: EncoderDecoder(
            Recurrent(GRU, 3, 5), AttentionDecoder(GRU, 2, 5, memory_size=10), embedding=nn.Embedding(4, 2),
            head=Softmax(nn.Linear(5, 4)),
        ),
        r"decoder: its memory_size is 10, the encoder's output has 5 features",
    ),
    "beam": (lambda: SearchOptions(start=0, end=1, beam=0), r"beam: got 0, expected a whole number"),
    "steps": (lambda: SearchOptions(start=0, end=1, max_steps=0), r"max_steps: got 0"),
    "best": (lambda: SearchOptions(start=0, end=1, beam=2, best=3), r"best: got 3, expected 2 at most"),
    "penalty": (lambda: SearchOptions(start=0, end=1, length_penalty=-1.0), r"length_penalty: got -1.0, expected"),
    "source": (lambda: model_of()(drawn(4), torch.zeros(4, 2).long()), r"source: got \(4,\), expected a tensor"),
    "target length": (
        lambda: model_of().loss(batch(), torch.zeros(4, 3).long(), target_lengths=torch.tensor([3, 4, 2, 2])),
        r"lengths: sequence 1 has length 4, expected 1 to 3",
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_it_refuses(wrong: str) -> None:
    call, message = WRONG[wrong]
    with pytest.raises(InputError, match=message):
        call()

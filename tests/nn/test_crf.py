"""The linear-chain CRF against the enumeration of every sequence of tags."""

from __future__ import annotations

import math
from itertools import pairwise, product
from typing import Any

import pytest
import torch
from ragged_cases import DTYPES, behind, check_gradient, check_poison, drawn, packed, poisoned
from torch import Tensor

from recurra.errors import InputError
from recurra.nn import AllowedTransitions, LinearChainCRF, bio_transitions
from recurra.nn import crf as crf_module
from recurra.testing.tolerances import tolerance

K, LENGTHS = 3, torch.tensor([2, 4, 1, 3])
BIO = bio_transitions(["O", "B-X", "I-X"])
FORWARD_ONLY = AllowedTransitions(torch.ones(K, K).triu().bool(), torch.ones(K).bool(), torch.ones(K).bool())
CONSTRAINTS = {"none": None, "BIO": BIO, "no way back": FORWARD_ONLY}
every_constraint = pytest.mark.parametrize("constraints", CONSTRAINTS)
TAGS = torch.tensor([[0, 1, 7, 7], [1, 2, 2, 2], [1, 7, 7, 7], [0, 1, 1, 7]])


def crf_of(constraints: str = "none", *, dtype: torch.dtype = torch.float64) -> LinearChainCRF:
    crf = LinearChainCRF(K, constraints=CONSTRAINTS[constraints], dtype=dtype)
    for number, scores in enumerate(crf.parameters()):
        scores.data = drawn(*scores.shape, dtype=dtype, seed=number)
    return crf


def emissions(*, dtype: torch.dtype = torch.float64) -> Tensor:
    return drawn(4, 4, K, dtype=dtype, seed=9)


@torch.no_grad()
def enumerated(crf: LinearChainCRF, scores: Tensor) -> dict[tuple[int, ...], float]:
    """Return the score of every allowed sequence of tags for the emissions (time, tags) of one sequence."""
    found = {}
    for path in product(range(K), repeat=len(scores)):
        pairs = list(pairwise(path))
        if crf.allowed_first[path[0]] and crf.allowed_last[path[-1]] and all(crf.allowed[pair] for pair in pairs):
            total = crf.start[path[0]] + crf.end[path[-1]] + sum(scores[t, k] for t, k in enumerate(path))
            found[path] = float(total + sum(crf.transitions[pair] for pair in pairs))
    return found


def log_sum_exp(found: dict[tuple[int, ...], float]) -> float:
    return float(torch.tensor(list(found.values()), dtype=torch.float64).logsumexp(0))


@pytest.fixture(params=["products", "logarithms"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Take one of the two ways to sum over all paths, whatever the range of the scores."""
    limit = torch.inf if request.param == "products" else -torch.inf
    monkeypatch.setattr(crf_module, "_SAFE_RANGE", limit)
    return request.param


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("is_packed", [False, True], ids=["padded", "packed"])
@every_constraint
def test_the_sum_over_all_paths(constraints: str, is_packed: bool, dtype: torch.dtype) -> None:
    crf, scores = crf_of(constraints, dtype=dtype), emissions(dtype=dtype)
    found = crf.log_partition(packed(scores, LENGTHS)) if is_packed else crf.log_partition(scores, LENGTHS)
    expected = [log_sum_exp(enumerated(crf, scores[k, :length])) for k, length in enumerate(LENGTHS)]
    assert found.dtype == dtype
    allowed = tolerance(str(dtype).removeprefix("torch.")).output
    torch.testing.assert_close(found.detach(), torch.tensor(expected, dtype=dtype), atol=allowed, rtol=allowed)


@pytest.mark.usefixtures("way")
@every_constraint
def test_the_likelihood_of_tags(constraints: str) -> None:
    crf, scores = crf_of(constraints), emissions()
    losses = crf.negative_log_likelihood(scores, TAGS, LENGTHS, reduction="none")
    expected = []
    for k, length in enumerate(LENGTHS.tolist()):
        every = enumerated(crf, scores[k, :length])
        expected.append(log_sum_exp(every) - every[tuple(TAGS[k, :length].tolist())])
    torch.testing.assert_close(losses.detach(), torch.tensor(expected, dtype=losses.dtype))
    by_rows = crf.negative_log_likelihood(packed(scores, LENGTHS), packed(TAGS, LENGTHS), reduction="none")
    torch.testing.assert_close(by_rows, losses)
    for reduction, divisor in {"sum": 1, "mean": 4, "token_mean": 10}.items():
        found: Any = crf.negative_log_likelihood(scores, TAGS, LENGTHS, reduction=reduction)  # pyright: ignore
        torch.testing.assert_close(found, losses.sum() / divisor)


@every_constraint
def test_the_best_path(constraints: str) -> None:
    crf, scores = crf_of(constraints), emissions()
    paths, totals = crf.decode(scores, LENGTHS)
    for k, length in enumerate(LENGTHS.tolist()):
        every = enumerated(crf, scores[k, :length])
        assert tuple(paths[k]) == max(every, key=every.__getitem__)
        assert totals[k].item() == pytest.approx(max(every.values()))


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("inference", [False, True])
@every_constraint
def test_marginals(constraints: str, inference: bool) -> None:
    crf, scores = crf_of(constraints), emissions()
    with torch.inference_mode(inference):
        found = crf.marginals(packed(scores, LENGTHS))
    assert (found[behind(LENGTHS, 4)] == 0).all()
    for k, length in enumerate(LENGTHS.tolist()):
        every, expected = enumerated(crf, scores[k, :length]), torch.zeros(length, K, dtype=torch.float64)
        for path, score in every.items():
            for t, tag in enumerate(path):
                expected[t, tag] += torch.tensor(score - log_sum_exp(every), dtype=torch.float64).exp()
        torch.testing.assert_close(found[k, :length].clone(), expected)


@pytest.mark.usefixtures("way")
@every_constraint
def test_gradients(constraints: str) -> None:
    crf, leaf = crf_of(constraints), emissions().requires_grad_()
    weight = drawn(4, seed=5)

    def loss(scores: Tensor, *_: Tensor) -> Tensor:
        return weight @ crf.negative_log_likelihood(scores, TAGS, LENGTHS, reduction="none")

    check_gradient(loss, leaf, *crf.parameters())


@pytest.mark.usefixtures("way")
def test_nan_behind_the_ends_is_never_read() -> None:
    crf, leaf = crf_of("BIO"), poisoned(emissions(), LENGTHS)
    check_poison(crf.negative_log_likelihood(leaf, TAGS, LENGTHS), leaf, LENGTHS)
    assert crf.decode(leaf, LENGTHS)[0] == crf.decode(emissions(), LENGTHS)[0]
    assert crf.marginals(leaf, LENGTHS).isfinite().all()


def test_nan_inside_a_sequence_stays_in_it() -> None:
    scores = emissions()
    scores[1, 3] = torch.nan
    assert crf_of().log_partition(scores, LENGTHS).isnan().tolist() == [False, True, False, False]


def test_scores_of_any_range_are_summed_exactly() -> None:
    """Half a sequence speaks for one tag, the other half more strongly for another, and there is no way back."""
    crf = LinearChainCRF(2, constraints=AllowedTransitions(torch.ones(2, 2).triu().bool(), *[torch.ones(2).bool()] * 2))
    for scores in crf.parameters():
        scores.data.zero_()
    emitted = torch.zeros(1, 40, 2)
    emitted[0, :20, 1], emitted[0, 20:, 0] = 50.0, 51.0
    assert crf.log_partition(emitted).item() == pytest.approx(20 * 51.0)
    free = LinearChainCRF(2)
    for scores in free.parameters():
        scores.data.zero_()
    assert free.log_partition(1000 * emitted).item() == pytest.approx(20 * 101_000.0)


def test_the_only_paths_may_be_very_unlikely() -> None:
    """From the first tag to the last one there is only a pair whose score is beyond the range of exp."""
    ends = torch.tensor([True, False]), torch.tensor([False, True])
    crf = LinearChainCRF(2, constraints=AllowedTransitions(torch.ones(2, 2).bool(), *ends))
    for scores in crf.parameters():
        scores.data.zero_()
    crf.transitions.data[0, 1] = -1000.0
    assert crf.log_partition(torch.zeros(1, 3, 2)).item() == pytest.approx(-1000 + math.log(2))


def test_emissions_of_minus_infinity_may_leave_no_way_back() -> None:
    """Without B, I is reached from I alone: as unlikely as it becomes, it has to be remembered."""
    crf = LinearChainCRF(3, constraints=BIO)
    for scores in crf.parameters():
        scores.data.zero_()
    emitted = torch.zeros(1, 41, 3)
    emitted[0, 1:, 1] = -torch.inf
    emitted[0, 1:21, 0], emitted[0, 21:, 2] = 50.0, 51.0
    assert crf.log_partition(emitted).item() == pytest.approx(20 * 51.0)


def test_an_emission_of_minus_infinity_leaves_a_tag_out() -> None:
    crf, scores = crf_of("BIO"), emissions()
    scores[1, 1:3, 2] = -torch.inf
    every = enumerated(crf, scores[1])
    assert crf.log_partition(scores, LENGTHS)[1].item() == pytest.approx(log_sum_exp(every))
    assert crf.marginals(scores, LENGTHS)[1, 1:3, 2].tolist() == [0, 0]


@pytest.mark.parametrize(("allowed", "steps"), [
    (torch.ones(3, 3).bool(), 1), (BIO.between, 2), (torch.ones(3, 3).triu().bool(), None), (torch.eye(2).bool(), None),
    (torch.tensor([[False, True], [True, False]]), None), (torch.ones(1, 1).bool(), 1),
])  # fmt: skip
def test_mixing_time(allowed: Tensor, steps: int | None) -> None:
    assert crf_module.mixing_time(allowed) == steps


def test_mixing_time_of_many_tags_one_of_which_nothing_leads_to() -> None:
    """A set of labels in which an `I-` has no `B-`: its many powers are not made one by one."""
    allowed = torch.ones(200, 200, dtype=torch.bool)
    allowed[:, 3] = False
    assert crf_module.mixing_time(allowed) is None


def test_the_longest_mixing_time() -> None:
    """Wielandt's matrix, a ring of n tags with one short cut, takes (n - 1)² + 1 steps."""
    ring = torch.roll(torch.eye(7, dtype=torch.bool), 1, dims=1)
    ring[6, 1] = True
    assert crf_module.mixing_time(ring) == 37


def test_made_without_memory() -> None:
    with torch.device("meta"):
        crf = LinearChainCRF(3, constraints=bio_transitions(["O", "B-X", "I-X"]))
    assert {value.device.type for value in (*crf.parameters(), *crf.buffers())} == {"meta"}
    assert repr(crf) == "LinearChainCRF(3, constraints=...)"


def test_one_tag_is_certain() -> None:
    crf = LinearChainCRF(1)
    assert crf.negative_log_likelihood(torch.randn(2, 5, 1), torch.zeros(2, 5).long()).item() == pytest.approx(
        0, abs=1e-5
    )


def test_what_is_never_allowed_is_never_decoded() -> None:
    labels = ["O", "B-X", "I-X", "B-Y", "I-Y"]
    crf = LinearChainCRF(5, constraints=bio_transitions(labels))
    paths, _ = crf.decode(20 * drawn(30, 12, 5, dtype=torch.float32))
    for path in paths:
        before = "O"
        for label in (labels[k] for k in path):
            assert not label.startswith("I") or before[1:] == label[1:]
            before = label


def test_autocast_sums_in_the_precision_of_the_scores() -> None:
    crf = crf_of("BIO", dtype=torch.float32)
    leaf = emissions(dtype=torch.float32).requires_grad_()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = crf.negative_log_likelihood(leaf.bfloat16(), TAGS, LENGTHS)
    expected = crf.negative_log_likelihood(leaf.bfloat16().float(), TAGS, LENGTHS)
    assert loss.dtype == torch.float32
    torch.testing.assert_close(loss, expected)
    assert torch.autograd.grad(loss, leaf)[0].isfinite().all()


def test_its_state_dict_is_its_scores() -> None:
    assert list(crf_of("BIO").state_dict()) == ["transitions", "start", "end"]
    assert repr(crf_of("BIO")) == "LinearChainCRF(3, constraints=...)"


IMPOSSIBLE = AllowedTransitions(
    torch.eye(K).bool(), torch.tensor([True, False, False]), torch.tensor([False, True, True])
)
WRONG: dict[str, tuple[Any, str]] = {
    "width": (lambda: crf_of().decode(drawn(2, 3, 4)), r"emissions: got rows of shape \(4,\), expected \(3,\)"),
    "dtype": (lambda: crf_of().decode(emissions().float()), r"emissions: got torch.float32, the layer has"),
    "tag": (
        lambda: crf_of().negative_log_likelihood(emissions(), TAGS, LENGTHS + (LENGTHS == 2)),
        r"tags: sequence 0, step 2 has tag 7, expected 0 to 2",
    ),
    "forbidden pair": (
        lambda: crf_of("BIO").negative_log_likelihood(emissions(), 2 - TAGS.clamp(max=2), LENGTHS),
        r"tags: sequence 3, step 0 has tag 2, which the constraints forbid there",
    ),
    "other lengths": (
        lambda: crf_of().negative_log_likelihood(packed(emissions(), LENGTHS), TAGS.clamp(max=2)),
        r"tags: their sequences have other lengths",
    ),
    "reduction": (
        lambda: crf_of().negative_log_likelihood(emissions(), TAGS, LENGTHS, reduction="men"),  # pyright: ignore
        r"reduction: got 'men', .*; did you mean 'mean'\?",
    ),
    "nothing possible": (
        lambda: LinearChainCRF(K, constraints=IMPOSSIBLE, dtype=torch.float64).log_partition(emissions(), LENGTHS),
        r"constraints: they allow no sequence of \d tags",
    ),
    "nothing to decode": (
        lambda: LinearChainCRF(K, constraints=IMPOSSIBLE, dtype=torch.float64).decode(emissions(), LENGTHS),
        r"constraints: they allow no sequence of \d tags",
    ),
    "constraints": (lambda: LinearChainCRF(4, constraints=BIO), r"constraints: got torch.bool \(3, 3\), expected"),
    "no tags": (lambda: LinearChainCRF(0), r"tags: got 0, expected a whole number"),
    "length 0": (lambda: crf_of().decode(emissions(), LENGTHS - 1), r"lengths: sequence 2 has length 0"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_it_refuses(wrong: str) -> None:
    call, message = WRONG[wrong]
    with pytest.raises(InputError, match=message):
        call()


def test_a_chain_in_which_no_path_is_left_sums_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crf_module, "_SAFE_RANGE", torch.inf)
    anything, first, last = torch.ones(2, 2).bool(), torch.tensor([True, False]), torch.tensor([False, True])
    crf = LinearChainCRF(2, constraints=AllowedTransitions(anything, first, last))
    with pytest.raises(InputError, match="they allow no sequence of 1 tags"):
        crf.log_partition(torch.zeros(2, 3, 2), torch.tensor([3, 1]))
    assert crf.log_partition(torch.zeros(1, 3, 2)).isfinite().all()
    crf = LinearChainCRF(2, constraints=AllowedTransitions(anything, first & last, last))
    with pytest.raises(InputError, match="they allow no sequence of 3 tags"):
        crf.log_partition(torch.zeros(2, 3, 2))

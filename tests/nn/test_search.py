"""The choice of the likeliest tokens."""

import pytest
import torch

from recurra.nn.search import _likeliest


@pytest.mark.parametrize("count", [1, 5])
@pytest.mark.parametrize("tokens", [5, 640, 1280, 1281, 4300])
@pytest.mark.parametrize("rows", [1, 60])
def test_likeliest_are_those_of_topk(rows: int, tokens: int, count: int) -> None:
    """However many tokens there are, and also among those behind the last whole block."""
    torch.manual_seed(0)
    log_prob = torch.randn(rows, tokens).log_softmax(1)
    log_prob[0, -1] = 1.0
    log_prob[:, 0] = -torch.inf
    found, places = _likeliest(log_prob, count)
    assert torch.equal(found, log_prob.topk(count, dim=1).values)
    assert torch.equal(log_prob.gather(1, places), found)
    assert int(places[0, 0]) == tokens - 1
    assert len(set(places[0].tolist())) == count


def test_likeliest_of_few_that_are_possible() -> None:
    """Where all but some are forbidden, those are found, and each place once."""
    log_prob = torch.full((40, 2000), -torch.inf)
    log_prob[0, 70], log_prob[0, 1999], log_prob[1, 64] = -1.0, -0.5, -2.0
    found, places = _likeliest(log_prob, 5)
    assert places[0, :2].tolist() == [1999, 70]
    assert int(places[1, 0]) == 64
    assert found[0, :2].tolist() == [-0.5, -1.0]
    assert all(len(set(row)) == 5 for row in places.tolist())

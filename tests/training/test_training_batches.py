"""Batches: orders from seeds, parts for processes, and what is left of an epoch."""

from __future__ import annotations

import pytest
import torch
from learners import Parts

from recurra.errors import InputError
from recurra.training.batches import Batches, TensorBatches, own_part, remaining


def numbers(seed: int | None = 0) -> TensorBatches:
    return TensorBatches((torch.arange(10), torch.arange(10) * 2), batch_size=3, seed=seed)


def order(batches: TensorBatches, epoch: int) -> list[int]:
    batches.set_epoch(epoch)
    return torch.cat([first for first, _ in batches]).tolist()


def test_the_order_is_a_function_of_seed_and_epoch() -> None:
    assert order(numbers(), 3) == order(numbers(), 3)
    orders = {tuple(order(numbers(seed), epoch)) for seed in (0, 1) for epoch in (0, 1)}
    assert len(orders) == 4
    assert all(sorted(each) == list(range(10)) for each in orders)


def test_without_a_seed_the_order_stays_and_rows_stay_together() -> None:
    assert order(numbers(None), 5) == list(range(10))
    assert all(torch.equal(second, 2 * first) for first, second in numbers())
    assert [len(first) for first, _ in numbers()] == [3, 3, 3, 1]


@pytest.mark.parametrize("tensors", [(torch.zeros(3), torch.zeros(4)), (torch.zeros(0),)])
def test_tensors_that_are_no_examples_are_refused(tensors: tuple[torch.Tensor, ...]) -> None:
    with pytest.raises(InputError, match="expected one length, not 0"):
        TensorBatches(tensors, batch_size=2)


@pytest.mark.parametrize(("count", "of"), [(7, 2), (7, 3), (6, 3), (3, 3)])
def test_processes_train_on_parts_of_the_same_length(count: int, of: int) -> None:
    parts = [own_part(list(range(count)), number=number, of=of, complete=False) for number in range(of)]
    found = [list(part) for part in parts]
    assert [len(part) for part in parts] == [len(each) for each in found] == [count // of] * of
    assert len({number for each in found for number in each}) == of * (count // of)


@pytest.mark.parametrize(("count", "of"), [(7, 2), (8, 3), (6, 3)])
def test_processes_validate_on_every_batch_once(count: int, of: int) -> None:
    parts = [own_part(list(range(count)), number=number, of=of, complete=True) for number in range(of)]
    assert sorted(number for part in parts for number in part) == list(range(count))
    assert all(len(part) == len(list(part)) for part in parts)


def test_too_few_batches() -> None:
    assert list(own_part([1], number=1, of=2, complete=True)) == [1]
    with pytest.raises(InputError, match="devices = 2: there are only 1 batches"):
        own_part([1], number=0, of=2, complete=False)


def test_one_process_has_all() -> None:
    batches = (1, 2)
    assert own_part(batches, number=0, of=1, complete=False) is batches
    assert [*own_part([1, 2], number=0, of=1, complete=True)] == [1, 2]


class Columns(Parts):
    """Divides its columns, as what carries a state has to."""

    def part(self, number: int, /, *, of: int) -> Batches:
        found = Columns()
        found.values = self.values[:, number::of]
        return found


def test_batches_may_divide_themselves() -> None:
    part = own_part(Columns(), number=1, of=3, complete=False)
    assert len(part) == len(Columns())
    assert all(inputs.shape == (5, 1, 2) for inputs, _ in part)


@pytest.mark.parametrize("batch", range(5))
def test_a_pass_begins_where_the_position_is(batch: int) -> None:
    whole = list(remaining(numbers(), epoch=2, seed=0))
    rest = list(remaining(numbers(), epoch=2, begin=batch, seed=0))
    assert [first.tolist() for (first, _), _ in rest] == [first.tolist() for (first, _), _ in whole[batch:]]
    assert [is_last for _, is_last in rest] == [False] * (3 - batch) + [True] * (batch < 4)


def test_a_data_loader_is_shuffled_by_seed_and_epoch() -> None:
    loader = torch.utils.data.DataLoader(list(range(20)), batch_size=4, shuffle=True)  # pyright: ignore[reportArgumentType]

    def drawn(seed: int, epoch: int) -> list[int]:
        return torch.cat([batch for batch, _ in remaining(loader, epoch=epoch, seed=seed)]).tolist()

    before = torch.get_rng_state()
    assert drawn(0, 1) == drawn(0, 1)
    assert len({tuple(drawn(seed, epoch)) for seed in (0, 1) for epoch in (0, 1)}) == 4
    assert torch.equal(torch.get_rng_state(), before)

"""Convolutions in front: a sequence in a batch gives what it gives alone, whatever stands behind its end."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from ragged_cases import DTYPES, LENGTHS, batch, behind, check_gradient, check_poison, drawn, packed, poisoned

from recurra.errors import InputError
from recurra.nn import ConvolutionalFront, PictureFront
from recurra.nn.ragged import Ragged, padded

SHAPES = [(1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (5, 3), (4, 7)]
every_shape = pytest.mark.parametrize(("kernel_size", "stride"), SHAPES)


def front_of(kernel_size: int = 3, stride: int = 2, *, dtype: torch.dtype = torch.float64) -> ConvolutionalFront:
    torch.manual_seed(0)
    front = ConvolutionalFront([3, 4, 2], kernel_size=kernel_size, stride=stride, dtype=dtype)
    for convolution in front.convolutions:
        convolution.bias.data.add_(0.5)  # pyright: ignore
    return front


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@every_shape
def test_a_sequence_gives_what_it_gives_alone(kernel_size: int, stride: int, dtype: torch.dtype) -> None:
    front, x = front_of(kernel_size, stride, dtype=dtype), batch(dtype=dtype)
    output, lengths = front(x, LENGTHS)
    for k, length in enumerate(LENGTHS.tolist()):
        alone = front(x[k : k + 1, :length])
        assert alone.shape == (1, int(lengths[k]), 2)
        torch.testing.assert_close(output[k, : lengths[k]], alone[0])
        assert (output[k, lengths[k] :] == 0).all()
    assert lengths.tolist() == front.lengths(LENGTHS).tolist()


@every_shape
def test_packed_in_and_packed_out(kernel_size: int, stride: int) -> None:
    front = front_of(kernel_size, stride)
    expected, lengths = front(batch(), LENGTHS)
    found = front(packed(batch(), LENGTHS))
    ragged = Ragged.of(found)
    assert ragged.restore(ragged.lengths).tolist() == lengths.tolist()
    torch.testing.assert_close(padded(found.data, ragged), expected[:, : ragged.steps])


def test_it_is_torchs_convolution() -> None:
    front, x = front_of(5, 2), batch()
    values = x.transpose(1, 2)
    for convolution in front.convolutions:
        weight, bias = convolution.weight, convolution.bias
        values = torch.conv1d(values, weight, bias, stride=2, padding=2).clamp(min=0)  # pyright: ignore
    torch.testing.assert_close(front(x), values.transpose(1, 2))
    assert front.output_features == 2


@every_shape
def test_over_features_it_is_a_convolution_over_time_of_more_weights(kernel_size: int, stride: int) -> None:
    torch.manual_seed(0)
    options: dict[str, Any] = {"kernel_size": kernel_size, "stride": stride, "dtype": torch.float64}
    front, x = ConvolutionalFront([9, 4, 5], over_features=True, **options), torch.randn(3, 11, 9, dtype=torch.float64)
    dense = ConvolutionalFront([9, *(len(each.bias) for each in front.convolutions)], **options)  # pyright: ignore
    for mine, its in zip(dense.convolutions, front.convolutions, strict=True):
        mine.load_state_dict({"weight": its.weight, "bias": its.bias})
    lengths = torch.tensor([11, 8, 9])
    torch.testing.assert_close(front(x, lengths), dense(x, lengths))
    assert front.output_features == dense.output_features == front(x).shape[2]


def test_over_features_what_is_a_step_of_the_stride_higher_comes_out_one_higher() -> None:
    front, x = ConvolutionalFront([12, 3], kernel_size=3, stride=2, over_features=True), torch.zeros(1, 8, 12)
    x[..., 3:6] = torch.randn(8, 3)
    before, after = (front(each).unflatten(2, (3, 6)) for each in (x, x.roll(2, 2)))
    torch.testing.assert_close(after[..., 1:], before[..., :-1])


def test_nan_behind_the_ends_is_never_read() -> None:
    front, leaf = front_of(3, 1), poisoned(batch(), LENGTHS)
    output, lengths = front(leaf, LENGTHS)
    assert (output[behind(lengths, output.shape[1])] == 0).all()
    check_poison(output, leaf, LENGTHS)


def test_gradients() -> None:
    front = front_of()
    leaf = batch().requires_grad_()
    check_gradient(lambda x, *_: front(x, LENGTHS)[0], leaf, *front.parameters())


@every_shape
def test_one_step_is_enough(kernel_size: int, stride: int) -> None:
    assert front_of(kernel_size, stride)(drawn(1, 1, 3)).shape[1] >= 1


WRONG: dict[str, tuple[Any, str]] = {
    "one width": (lambda: ConvolutionalFront([3], kernel_size=3), r"channels: got \[3\], expected the input's width"),
    "width 0": (lambda: ConvolutionalFront([3, 0], kernel_size=3), r"channels\[1\]: got 0"),
    "kernel": (lambda: ConvolutionalFront([3, 4], kernel_size=0), r"kernel_size: got 0"),
    "stride": (lambda: ConvolutionalFront([3, 4], kernel_size=3, stride=0), r"stride: got 0"),
    "features": (lambda: front_of()(batch(4)), r"input: got 4 features, expected 3"),
    "rank": (lambda: front_of()(drawn(4, 3)), r"input: got \(4, 3\), expected \(batch, time, 3\)"),
    "length 0": (lambda: front_of()(batch(), LENGTHS - 1), r"lengths: sequence 2 has length 0"),
    "twice": (lambda: front_of()(packed(batch(), LENGTHS), LENGTHS), r"got lengths beside a PackedSequence"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_it_refuses(wrong: str) -> None:
    call, message = WRONG[wrong]
    with pytest.raises(InputError, match=message):
        call()


@pytest.mark.parametrize("features", [[4], [4, 3], [4, 3, 5]])
def test_a_line_gives_what_it_gives_alone(features: list[int]) -> None:
    """Pixels: whatever stands behind its end, and with as many steps as it says."""
    torch.manual_seed(0)
    front = PictureFront(7, features).double()
    lines = [torch.randn(length, 7, dtype=torch.float64) for length in (1, 6, 9, 12)]
    found = front(torch.nn.utils.rnn.pack_sequence(lines, enforce_sorted=False))
    rows, lengths = torch.nn.utils.rnn.pad_packed_sequence(found, batch_first=True)
    assert lengths.tolist() == front.lengths(torch.tensor([1, 6, 9, 12])).tolist()
    for line, row, length in zip(lines, rows, lengths.tolist(), strict=True):
        alone = front(torch.nn.utils.rnn.pack_sequence([line])).data
        assert alone.shape == (length, front.output_features)
        torch.testing.assert_close(row[:length], alone)
    assert front.stride == min(4, 2 ** len(features))


def test_one_convolution_over_pixels_is_torchs() -> None:
    torch.manual_seed(0)
    front, line = PictureFront(4, [3]), torch.randn(6, 4)
    values = front.convolutions[0](line.T[None, None])
    scaled = torch.nn.functional.layer_norm(values.permute(0, 2, 3, 1), (3,)).relu().permute(0, 3, 1, 2)
    expected = torch.nn.functional.max_pool2d(scaled, 2)[0].permute(2, 0, 1).flatten(1)
    torch.testing.assert_close(front(torch.nn.utils.rnn.pack_sequence([line])).data, expected)
    with pytest.raises(InputError, match="expected packed columns of 4 pixels"):
        front(torch.nn.utils.rnn.pack_sequence([line.T]))

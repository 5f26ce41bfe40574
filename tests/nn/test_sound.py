"""Sound's features against a plain account of them, in batches, so far, and exported."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.fft import dct
from torch.nn.utils.rnn import pack_sequence, unpack_sequence

from recurra.errors import InputError
from recurra.nn import GRU, MFCC, LogMel, Standardise
from recurra.nn.exporting import exported
from recurra.nn.sound import WIDEST
from recurra.tasks import TranscribeOptions
from recurra.tasks.sound import SoundFeatures


def tone(frequency: float, *, seconds: float = 0.5, rate: int = 16_000) -> torch.Tensor:
    return 0.5 * torch.sin(2 * torch.pi * frequency * torch.arange(int(seconds * rate)) / rate)


def test_a_tone_is_in_its_band() -> None:
    """Bands are evenly spaced on the mel scale: the centre of the one that is loudest is the nearest to the tone."""
    centres = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + 8000 / 700), 42)[1:-1] / 2595) - 1)
    for frequency in (300.0, 1000.0, 4000.0, 7000.0):
        found = LogMel()(tone(frequency))
        assert found.shape == (51, 40)
        assert abs(int(found.argmax(1).bincount().argmax()) - np.abs(centres - frequency).argmin()) <= 1


def test_silence_and_a_short_sound() -> None:
    module = LogMel()
    assert torch.allclose(module(torch.zeros(10)), torch.tensor(1e-7).log())
    assert [module(torch.zeros(count)).shape[0] for count in (10, 400, 559, 560)] == [1, 3, 4, 4]
    assert [module.steps(count) for count in (10, 400, 559, 560)] == [1, 3, 4, 4]
    with pytest.raises(InputError, match="cepstra: got 41, expected 40 at most"):
        MFCC(cepstra=41)


def test_cepstra_are_the_cosine_transform_of_the_bands() -> None:
    samples = torch.randn(2, 3000)
    expected = dct(LogMel(8000, 26)(samples).numpy(), norm="ortho")[..., :13]
    np.testing.assert_allclose(MFCC(8000, 26, cepstra=13)(samples).numpy(), expected, atol=2e-4)


def test_a_dynamic_range_is_relative_to_the_loudest() -> None:
    """As loud or as soft, the features are the same; what is too soft counts as the end of the range."""
    samples = torch.cat([0.5 * torch.randn(2, 800), 1e-4 * torch.randn(2, 800)], 1)
    module = LogMel(8000, 20, dynamic_range=40.0)
    found, plain = module(samples), LogMel(8000, 20)(samples)
    end = -4 * math.log(10)
    torch.testing.assert_close(found, (plain - plain.amax((1, 2), keepdim=True)).clamp(min=end))
    torch.testing.assert_close(module(0.1 * samples), found, atol=1e-4, rtol=0)
    assert torch.allclose(found[:, -8:], torch.tensor(end))
    assert torch.allclose(module(torch.zeros(800)), torch.tensor(end))  # silence is soft, not the loudest of itself
    expected = dct(found.numpy(), norm="ortho")[..., :5]
    np.testing.assert_allclose(MFCC(8000, 20, cepstra=5, dynamic_range=40.0)(samples).numpy(), expected, atol=2e-4)
    assert repr(module) == "LogMel(8000, 20, dynamic_range=40)"
    with pytest.raises(InputError, match="dynamic_range: got 300, expected decibels from 0 to 200"):
        LogMel(dynamic_range=300)
    sizes = {"rate": 8000, "bands": 2, "cepstra": 0, "channels": {"level": [0.0] * 2, "spread": [1.0] * 2}}
    with pytest.raises(ValueError, match="dynamic_range = 300; expected decibels from 0 to 200"):
        SoundFeatures.from_json(json.dumps(sizes | {"dynamic_range": 300}))
    assert SoundFeatures.from_json(json.dumps(sizes | {"dynamic_range": WIDEST})).dynamic_range == WIDEST
    assert TranscribeOptions(dynamic_range=WIDEST).decibels == WIDEST
    with pytest.raises(InputError, match="dynamic_range = 201"):
        TranscribeOptions(dynamic_range=WIDEST + 1)


def test_each_recording_has_its_own_scale() -> None:
    """Packed or padded, whatever stands beside it; and running, what comes later changes nothing."""
    given = [5 + 3 * torch.randn(length, 4) for length in (7, 30, 12)]
    together = Standardise("recording")(pack_sequence(given, enforce_sorted=False))
    for found, each in zip(unpack_sequence(together), given, strict=True):  # type: ignore[arg-type]
        torch.testing.assert_close(found, (each - each.mean(0)) / each.std(0, correction=0))
    running = Standardise("running")
    found = unpack_sequence(running(pack_sequence(given, enforce_sorted=False)))  # type: ignore[arg-type]
    torch.testing.assert_close(found[1][:9], running(given[1][None, :9])[0])
    many = given[1].repeat(200, 1)
    torch.testing.assert_close(running(many[None])[0, -1], ((many - many.mean(0)) / many.std(0))[-1], atol=0.1, rtol=0)


def test_features_are_exported(tmp_path: Path) -> None:
    """Samples in, states of a layer out: C computes what torch does, the Fourier transform as products."""
    model = torch.nn.Sequential(MFCC(1000, 8, cepstra=5), Standardise("running"), GRU(5, 3, batch_first=True)).eval()
    samples = torch.randn(1, 200)
    features = model[1](model[0](samples))
    steps = exported(model).layers
    assert [layer.input_size for layer in steps] == [1, 8, 5, 5]
    cosines, sines = model[0].waves()
    frames = torch.nn.functional.pad(samples[0], (12, 12)).unfold(0, 25, 10)
    energy = ((frames @ cosines).square() + (frames @ sines).square()) @ model[0].filters
    torch.testing.assert_close(energy.clamp(min=1e-10).log() @ model[0].dct, model[0](samples)[0], atol=1e-4, rtol=1e-4)
    assert features.shape == (1, 20, 5)

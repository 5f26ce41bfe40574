"""Where kernels run in these tests: on a CUDA device if there is one, otherwise in Triton's interpreter on the CPU.

Triton reads `TRITON_INTERPRET` when it is imported, so one process has either.
"""

from __future__ import annotations

import importlib.util
import os
import sys

import pytest
import torch

HAS_DEVICE = torch.cuda.is_available()
if not HAS_DEVICE and "triton" not in sys.modules:
    os.environ["TRITON_INTERPRET"] = "1"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "gpu: needs a CUDA device; skipped without one")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with a reason, what this machine cannot run."""
    for item in items:
        if item.get_closest_marker("gpu") and not HAS_DEVICE:
            item.add_marker(pytest.mark.skip(reason="there is no CUDA device"))


@pytest.fixture(
    params=[pytest.param("cpu", id="interpreter"), pytest.param("cuda", id="gpu", marks=pytest.mark.gpu)],
)
def device(request: pytest.FixtureRequest) -> torch.device:
    """A device on which kernels run."""
    if importlib.util.find_spec("triton") is None:
        pytest.skip("triton is not installed")
    if request.param == "cpu":
        from recurra.backends.triton.device import is_interpreted

        if HAS_DEVICE:
            pytest.skip("Triton compiles for the device of this machine; its interpreter runs where there is none")
        assert is_interpreted(), "triton was imported before TRITON_INTERPRET=1 was set: run these tests by themselves"
    return torch.device(request.param)

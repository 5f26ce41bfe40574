"""What torch does with a module beside calling it, each as a function; run in a process of its own by its name."""

from __future__ import annotations

import copy
import io
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses import FakeTensorMode
from torch.autograd import forward_ad

import recurra.nn as ours
from recurra.cells import GRU
from recurra.errors import BackendError

X, LONGER = torch.randn(5, 2, 3), torch.randn(9, 4, 3)
LAYERS: dict[str, Callable[[], nn.Module]] = {
    "LSTM": lambda: ours.LSTM(3, 4),
    "GRU": lambda: ours.GRU(3, 4),
    "RNN": lambda: ours.RNN(3, 4),
    "Recurrent": lambda: ours.Recurrent(GRU, 3, 4),
}


class Model(nn.Module):
    """A layer and a head."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer, self.head = layer, nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        """Return the scores of each step."""
        return self.head(self.layer(x)[0])


def _same(model: nn.Module, other: Any, *inputs: Tensor) -> None:
    for x in inputs:
        torch.testing.assert_close(other(x), model(x))


_OUR_WORDS = "break the graph: leave out fullgraph=True, and export with strict=False"


def _refused(run: Callable[[], object], words: str) -> None:
    with pytest.raises(BackendError, match=words):
        run()


def fake(model: Model) -> None:
    """Fake tensors have shapes alone; a true call afterwards is as before."""
    before = model(X)
    with FakeTensorMode(allow_non_fake_inputs=True) as mode:
        assert model(mode.from_tensor(X)).shape == before.shape
    _same(model, lambda x: before, X)


def subclass(model: Model) -> None:
    """A subclass without memory of its own runs on the eager loop, and that is said."""
    from torch.testing._internal.two_tensor import TwoTensor

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        for _ in range(2):
            found = model(TwoTensor(X, X))  # pyright: ignore
            torch.testing.assert_close(found.a, model(X))
    assert [str(each.message) for each in said if "TwoTensor" in str(each.message)].__len__() == 1


def unusual(model: Model) -> None:
    """Zeros without memory, and values whose sign is still to be changed."""
    torch.testing.assert_close(model(torch._efficientzerotensor((5, 2, 3))), model(torch.zeros(5, 2, 3)))
    _same(model, lambda x: model(torch.complex(x, -x).conj().imag), X)


def trace(model: Model) -> None:
    """torch.jit.trace: any length and batch afterwards, or refused."""
    if isinstance(model.layer, ours.Recurrent):
        return _refused(lambda: torch.jit.trace(model, (X,)), "torch.export")
    return _same(model, torch.jit.trace(model, (X,)), X, LONGER)


def onnx(model: Model) -> None:
    """torch.onnx.export by tracing: any length and batch afterwards, or refused."""
    import onnxruntime

    def exported() -> bytes:
        file, axes = io.BytesIO(), {"x": {0: "steps", 1: "batch"}}
        torch.onnx.export(model.eval(), (X,), file, dynamo=False, input_names=["x"], dynamic_axes=axes)
        return file.getvalue()

    if isinstance(model.layer, ours.Recurrent):
        return _refused(exported, "torch.export")
    session = onnxruntime.InferenceSession(exported())
    return _same(model, lambda x: torch.from_numpy(session.run(None, {"x": x.numpy()})[0]), X, LONGER)


def board(model: Model) -> None:
    """TensorBoard's graph of a model, which is traced for it."""
    from torch.utils.tensorboard import SummaryWriter

    with tempfile.TemporaryDirectory() as folder, SummaryWriter(folder) as writer:
        if isinstance(model.layer, ours.Recurrent):
            return _refused(lambda: writer.add_graph(model, X), "torch.export")
        writer.add_graph(model, X)
        writer.flush()
        (file,) = Path(folder).iterdir()
        assert b"layer" in file.read_bytes()
    return None


def script(model: Model) -> None:
    """torch.jit.script compiles torch's own layer."""
    if isinstance(model.layer, ours.Recurrent):
        return _refused(lambda: torch.jit.script(model), "equations")
    return _same(model, torch.jit.script(copy.deepcopy(model)), X, LONGER)


def graphs(model: Model) -> None:
    """torch.fx.symbolic_trace and make_fx."""
    from torch.fx.experimental.proxy_tensor import make_fx

    traced = torch.fx.symbolic_trace(model)
    assert [node.target for node in traced.graph.nodes if node.op == "call_module"] == ["layer", "head"]
    _same(model, traced, X, LONGER)
    with torch.no_grad():
        _same(model, make_fx(model)(X), X, torch.randn_like(X))
    _refused(lambda: torch.fx.symbolic_trace(model.layer), "trace a module that has it as a part")


def compiled(model: Model) -> None:
    """torch.compile: any cell's layer is one operator of the graph, for other lengths too; torch.nn's kinds are not."""
    is_ours = isinstance(model.layer, ours.Recurrent)
    again = torch.compile(model, backend="aot_eager", fullgraph=is_ours)
    for x in (X, LONGER):
        found, expected = (
            torch.autograd.grad(m(x).square().sum(), list(model.parameters())) for m in (again, model)
        )  # fmt: skip
        torch.testing.assert_close(found, expected)
    torch._dynamo.reset()  # what is compiled already is not compiled anew for another option
    broken = torch._dynamo.explain(lambda x: model(2 * x))(X)
    assert broken.graph_count == 1
    torch._dynamo.reset()
    if is_ours:
        assert not broken.break_reasons
        with pytest.raises(torch._dynamo.exc.Unsupported, match=_OUR_WORDS):
            torch.compile(lambda x: model.layer(x, return_states=True), backend="aot_eager", fullgraph=True)(X)
        return
    # dynamo leaves a function that calls a torch.nn.RNNBase as it is, unless it is told not to
    (reason,) = (str(each.reason) for each in broken.break_reasons)
    assert "does not support RNN, GRU" in reason
    with pytest.raises(torch._dynamo.exc.Unsupported, match="does not support RNN, GRU"):
        torch.compile(model, backend="aot_eager", fullgraph=True)(X)
    torch._dynamo.reset()
    with torch._dynamo.config.patch(allow_rnn=True):
        whole = torch.compile(model, backend="aot_eager", fullgraph=True)
        for x in (X, LONGER):
            torch.testing.assert_close(whole(x), model(x))


def export(model: Model) -> None:
    """torch.export: any length and batch where they are named; with dynamo torch's own layers alone."""

    def exported(*, strict: bool = False, **dynamic: int) -> Any:
        shapes = {"x": {axis: torch.export.Dim(name, min=2, max=64) for name, axis in dynamic.items()}}
        return torch.export.export(model.eval(), (X,), strict=strict, dynamic_shapes=shapes if dynamic else None)

    _same(model, exported().module(), X, torch.randn_like(X))
    _same(model, exported(time=0, batch=1).module(), X, LONGER)
    if isinstance(model.layer, ours.Recurrent):
        with pytest.raises(torch._dynamo.exc.Unsupported, match=_OUR_WORDS):
            exported(strict=True)
    else:
        _same(model, exported(batch=1).module(), X, torch.randn(5, 7, 3))
        _same(model, exported(strict=True).module(), X, torch.randn_like(X))


def transforms(model: Model) -> None:
    """Functionalize, forward mode and second derivatives."""
    _same(model, torch.func.functionalize(model), X)
    slow = copy.deepcopy(model)
    slow.layer.backend = "torch"  # pyright: ignore[reportArgumentType]
    expected = torch.func.jvp(slow, (X,), (X,))
    torch.testing.assert_close(torch.func.jvp(model, (X,), (X,)), expected)
    with forward_ad.dual_level():
        tangent = forward_ad.unpack_dual(model(forward_ad.make_dual(X, X))).tangent
    torch.testing.assert_close(tangent, expected[1])
    found, by_reference = (torch.func.hessian(lambda x, m=m: m(x).square().sum())(X[:2]) for m in (model, slow))
    torch.testing.assert_close(found, by_reference)


def batched(model: Model) -> None:
    """Gradients for several cotangents at once, by torch's older vmap."""
    jacobian = torch.autograd.functional.jacobian
    torch.testing.assert_close(jacobian(model, X, vectorize=True), jacobian(model, X))
    exact = copy.deepcopy(model).double()
    short = torch.randn(2, 2, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(exact, short, check_batched_grad=True, check_forward_ad=True)


def quantised(model: Model) -> None:
    """quantize_dynamic passes the layer by, and that is said; torch's own layer is quantised."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        kept = torch.ao.quantization.quantize_dynamic(model, {nn.LSTM, nn.GRU, nn.Linear})
    assert type(kept.layer) is type(model.layer)
    if isinstance(model.layer, ours.LSTM):
        assert any("torch_layer()" in str(each.message) for each in said)
        _same(model, Model.forward.__get__(model), X)
        model.layer = model.layer.torch_layer()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = torch.ao.quantization.quantize_dynamic(model, {nn.LSTM})
        assert "quantized" in type(found.layer).__module__


if __name__ == "__main__":
    torch.manual_seed(0)
    for mechanism in sys.argv[2:]:
        globals()[mechanism](Model(LAYERS[sys.argv[1]]()))

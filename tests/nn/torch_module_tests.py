"""PyTorch's own samples and errors of its recurrent modules, put to recurra's classes; run in a process of its own.

The samples come from the installed torch (`torch.testing._internal.common_modules`), whose import changes flags of the
whole process. `python tests/nn/torch_module_tests.py [--all] [class ...]` prints what fails; with `--all`, derivatives
are checked for every sample, and not for some, and evaluation in both dtypes.
"""

from __future__ import annotations

import copy
import io
import itertools
import pickle
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.testing import assert_close
from torch.testing._internal.common_modules import ModuleErrorEnum, ModuleInfo, module_db
from torch.testing._internal.common_utils import freeze_rng_state, gradcheck, gradgradcheck
from torch.utils._pytree import tree_flatten, tree_leaves, tree_map_only, tree_unflatten

import recurra.nn as ours
from recurra.errors import InputError

CLASSES = (nn.RNN, nn.LSTM, nn.GRU, nn.RNNCell, nn.LSTMCell, nn.GRUCell)
_SHAPE = r"initial state h: got shape \({}\), expected \(3, 20\)"
WORDING = {
    r"input has inconsistent input_size: got 11 expected 10": r"input: got 11 features \(shape \(3, 11\)\)",
    r"hidden0 has inconsistent hidden_size: got 21, expected 20": _SHAPE.format("3, 21"),
    r"Input batch size 3 doesn't match hidden0 batch size 5": _SHAPE.format("5, 20"),
    r"Expected hidden to be 1D or 2D, got 4D instead": _SHAPE.format("3, 1, 1, 20"),
    r"Expected hx\[0\] to be 1D or 2D, got 4D instead": _SHAPE.format("3, 1, 1, 20"),
    r"RNN input dtype .* does not match weight dtype": r"input: got torch.float\d\d, the layer has torch.float\d\d",
}
"""The beginning of an error of torch's -> ours, an `InputError`; every other error is torch's word by word."""

SOME = 2
"""Of so many samples derivatives are checked by default, in training: each takes a second."""


@dataclass(frozen=True)
class Case:
    """A class of torch's with its samples, and how it is run."""

    info: ModuleInfo
    training: bool
    dtype: torch.dtype
    is_all: bool

    @property
    def kind(self) -> Any:
        """Our class."""
        return getattr(ours, self.info.module_cls.__name__)

    def options(self, *, requires_grad: bool = False) -> dict[str, Any]:
        """Return what torch's functions of samples are given."""
        return {"device": "cpu", "dtype": self.dtype, "requires_grad": requires_grad, "training": self.training}

    def samples(self, *, requires_grad: bool = False) -> Iterator[tuple[Any, nn.Module, tuple[Any, ...]]]:
        """Yield each sample, the module that it asks for, and the module's arguments."""
        for sample in self.info.module_inputs_func(self.info, **self.options(requires_grad=requires_grad)):
            made = self.kind(*sample.constructor_input.args, **sample.constructor_input.kwargs)
            assert not sample.forward_input.kwargs
            yield sample, made.to(self.dtype).train(self.training), sample.forward_input.args


def forward(case: Case) -> None:
    """Results are those of torch's reference, and of its own class; `float` and `double` change the parameters."""
    for sample, module, inputs in case.samples():
        with freeze_rng_state():
            found = module(*inputs)
            if sample.reference_fn is not None:
                assert_close(found, sample.reference_fn(module, *inputs))
        original = case.info.module_cls(*sample.constructor_input.args, **sample.constructor_input.kwargs)
        original.to(case.dtype).load_state_dict(module.state_dict())
        assert_close(found, original.train(case.training)(*inputs))
        (module.float if case.dtype == torch.float32 else module.double)()
        assert_close(module(*inputs), found)
        assert {each.dtype for each in module.parameters()} == {case.dtype}


def factory(case: Case) -> None:
    """Device and dtype given to the constructor, or by a context, are those of the parameters; `repr` is torch's."""
    for sample, module, _ in case.samples():
        options = sample.constructor_input.kwargs
        made = case.kind(*sample.constructor_input.args, **options, device="cpu", dtype=case.dtype)
        assert {(str(each.device), each.dtype) for each in made.parameters()} == {("cpu", case.dtype)}
        with torch.device("meta"):
            there = case.kind(*sample.constructor_input.args, **options)
        for found, expected in zip(there.parameters(), module.parameters(), strict=True):
            assert found.is_meta
            assert (found.shape, found.stride()) == (expected.shape, expected.stride())
        assert repr(made) == repr(case.info.module_cls(*sample.constructor_input.args, **options))


def pickling(case: Case) -> None:
    """A pickled, saved or copied module gives the same; a state_dict is read with `weights_only`."""
    for _, module, inputs in case.samples():
        with freeze_rng_state():
            expected, file, weights = module(*inputs), io.BytesIO(), io.BytesIO()
            torch.save(module, file)
            torch.save(module.state_dict(), weights)
            file.seek(0), weights.seek(0)
            loaded = torch.load(file, weights_only=False)
            for each in (loaded, pickle.loads(pickle.dumps(module)), copy.deepcopy(module)):
                assert_close(each(*inputs), expected, rtol=0, atol=0)
            assert_close(torch.load(weights, weights_only=True), module.state_dict(), rtol=0, atol=0)


def _apart(values: Any) -> Any:
    """Return tensors of which every second number in memory is another's."""

    def apart(value: Tensor) -> Tensor:
        return value.detach().repeat_interleave(2, -1)[..., ::2].requires_grad_(value.requires_grad)

    return tree_map_only(Tensor, apart, values)


def _passes(module: nn.Module, inputs: Any, gradients: list[Tensor]) -> tuple[Any, list[Tensor]]:
    """Return results and gradients, by inputs and parameters."""
    results = tree_leaves(module(*inputs))
    wanted = [each for each in tree_leaves(inputs) if each.requires_grad] + list(module.parameters())
    return results, list(torch.autograd.grad(results, wanted, gradients))


def strides(case: Case) -> None:
    """Inputs and gradients that are not contiguous give the same."""
    for _, module, inputs in case.samples(requires_grad=True):
        gradients = [torch.randn_like(each) for each in tree_leaves(module(*inputs))]
        expected = _passes(module, inputs, gradients)
        for given, back in itertools.product((inputs, _apart(inputs)), (gradients, _apart(gradients))):
            assert_close(_passes(module, given, back), expected)


def memory_format(case: Case) -> None:
    """Results and gradients are contiguous, whatever the format of module and input."""
    for _, module, inputs in case.samples(requires_grad=True):
        gradients = [torch.randn_like(each) for each in tree_leaves(module(*inputs))]
        expected = _passes(module, inputs, gradients)
        for format in (torch.preserve_format, torch.contiguous_format):
            module.to(memory_format=format)
            found = _passes(module, inputs, gradients)
            assert_close(found, expected)
            for each in tree_leaves(found):
                assert each.is_contiguous(), f"strides {each.stride()} of {tuple(each.shape)}"


def _derivatives(case: Case, check: Callable[..., bool]) -> None:
    if case.dtype != torch.float64 or not (case.is_all or case.training):
        return
    samples = list(case.samples(requires_grad=True))
    for _, module, inputs in samples if case.is_all else samples[-SOME:]:
        parameters = tuple(module.parameters())

        def run(*values: Tensor, module: nn.Module = module, inputs: Any = inputs, spec: Any = None) -> Any:
            given = tree_unflatten(values, spec)
            return tree_leaves(module(*given[: len(inputs)]))

        flat, spec = tree_flatten((*inputs, *parameters))
        assert check(lambda *values, spec=spec, run=run: run(*values, spec=spec), flat)
        for parameter in parameters:
            parameter.requires_grad_(False)
        for parameter in parameters if case.is_all else parameters[:1]:
            parameter.requires_grad_(True)
            assert check(lambda *values, spec=spec, run=run: run(*values, spec=spec), flat)
            parameter.requires_grad_(False)


def grad(case: Case) -> None:
    """`gradcheck` as torch runs it: batched gradients too."""
    _derivatives(case, gradcheck)


def gradgrad(case: Case) -> None:
    """Second derivatives."""
    _derivatives(case, gradgradcheck)


def modes(case: Case) -> None:
    """A module without `training` runs, where torch's class does not ask for it."""
    for _, module, inputs in case.samples():
        del module.training
        try:
            module(*inputs)
        except AttributeError as error:
            if "'training'" not in str(error) or not case.info.train_and_eval_differ:
                raise


def moving(case: Case) -> None:
    """To half and back after both passes, with parameters swapped and not; what is set by hand is used."""
    for swap in (False, True):
        torch.__future__.set_swap_module_params_on_conversion(swap)
        try:
            for _, module, inputs in case.samples():
                for name, parameter in list(module.named_parameters()):
                    setattr(module, name, nn.Parameter(parameter.detach().clone()))
                tree_leaves(module(*inputs))[0].sum().backward()
                module.to(torch.half)
                module.to(case.dtype)
                assert all(torch.isfinite(each).all() for each in tree_leaves(module(*inputs)))
        finally:
            torch.__future__.set_swap_module_params_on_conversion(False)


def errors(case: Case) -> None:
    """What torch refuses is refused: in its words, or in ours of `WORDING`."""
    assert case.info.module_error_inputs_func is not None
    for each in case.info.module_error_inputs_func(case.info, **case.options()):
        sample, caught = each.module_error_input, None
        try:
            made = case.kind(*sample.constructor_input.args, **sample.constructor_input.kwargs)
            if each.error_on == ModuleErrorEnum.FORWARD_ERROR:
                made(*sample.forward_input.args)
        except Exception as error:
            caught = error
        words = next((ours for theirs, ours in WORDING.items() if each.error_regex.startswith(theirs)), None)
        kind = each.error_type if words is None else InputError
        assert isinstance(caught, kind), f"{caught!r}, expected {kind.__name__}"
        assert re.search(words or each.error_regex, str(caught)), f"{caught!r}, expected {words or each.error_regex!r}"


CHECKS = (forward, factory, pickling, strides, memory_format, grad, gradgrad, modes, moving, errors)


def main(arguments: list[str]) -> int:
    """Run the checks; return how many fail."""
    is_all, names = "--all" in arguments, {each for each in arguments if each != "--all"}
    failed = count = 0
    infos = [info for info in module_db if info.module_cls in CLASSES]
    assert len(infos) == len(CLASSES)
    for info in infos:
        if names and info.module_cls.__name__ not in names:
            continue
        modes_of = (True, False) if info.train_and_eval_differ else (True,)
        for check, training, dtype in itertools.product(CHECKS, modes_of, (torch.float32, torch.float64)):
            if not (is_all or training or dtype == torch.float32):
                continue
            count += 1
            torch.manual_seed(0)
            try:
                check(Case(info, training, dtype, is_all))
            except Exception:
                failed += 1
                print(f"{info.module_cls.__name__}, {check.__name__}, training={training}, {dtype}:")
                print("  " + "\n  ".join(traceback.format_exc().strip().splitlines()[-8:]))
    print(f"{count - failed} of {count} pass")
    return failed


if __name__ == "__main__":
    warnings.filterwarnings("ignore", message=".*projections is not supported with oneDNN")
    raise SystemExit(min(main(sys.argv[1:]), 1))

"""The LLVM backend: the accuracy of its functions, code for other processors, threads, and what it compiles once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from llvmlite import ir

from cell_kinds import CELL_OF_EACH_KIND
from cell_ranges import ranges_of
from recurra.backends.llvm import kernel as kernels
from recurra.backends.llvm import program
from recurra.backends.llvm.compiler import Target, assembly, compiled, host, loaded, scalar_type
from recurra.backends.llvm.kernel import LLVMKernel
from recurra.backends.llvm.listing import STAGES, VARIABLE
from recurra.backends.llvm.memory_plan import order_of
from recurra.backends.llvm.products import PACK, PANEL_VECTORS, write_packing
from recurra.backends.llvm.program import Form
from recurra.backends.llvm.threads import openmp
from recurra.backends.llvm.vectors import I64, SPELLING, ControlFlow, Vectors, constant
from recurra.cells import GRU, LSTM, FullPeepholeLSTM, all_cells
from recurra.derive.plan import EVALUATION
from recurra.errors import BackendError, InputError
from recurra.graph.ops import torch_spelling
from recurra.nn import RNN, Recurrent
from recurra.testing.cases import Case, draw_case, numbers_for

UNARY = {
    "sigmoid": 4.0, "tanh": 3.0, "exp": 1.5, "log": 2.5, "softplus": 4.0, "relu": 0.0, "sqrt": 1.0, "neg": 0.0,
    "sin": 2.0, "cos": 2.0, "erf": 2.0, "abs": 0.0, "sign": 0.0, "floor": 0.0,
}  # fmt: skip
"""Function -> the largest error allowed, in units in the last place.

Seen: 3.0, 2.1, 1.0, 1.9, 3.0, 0, 0.5, 0, 1.6, 1.6, 1.4, 0, 0, 0.
"""

REFERENCE = {
    "sigmoid": torch.sigmoid, "tanh": torch.tanh, "exp": torch.exp, "log": torch.log, "relu": torch.relu,
    "softplus": lambda x: x.clamp(min=0) + torch.log1p(torch.exp(-x.abs())), "sqrt": torch.sqrt, "neg": torch.neg,
    "sin": torch.sin, "cos": torch.cos, "erf": torch.erf, "abs": torch.abs,
    "sign": torch_spelling()["sign"], "floor": torch.floor,
}  # fmt: skip


def apply(name: str, *arguments: np.ndarray) -> np.ndarray:
    """Run one function of the table on arrays, through compiled code."""
    values, dtype = arguments[0], str(arguments[0].dtype)
    lanes, scalar = host().lanes(dtype), scalar_type(dtype)
    module = ir.Module()
    module.triple = host().triple
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [I64, I64, I64]), "run")
    builder = ir.IRBuilder(function.append_basic_block())
    vectors = Vectors(builder, scalar, lanes)
    source, target = (builder.inttoptr(argument, ir.PointerType()) for argument in function.args[:2])

    def one(index) -> None:
        places = (builder.add(index, builder.mul(constant(k), function.args[2])) for k in range(len(arguments)))
        pointers = [builder.gep(source, [place], source_etype=vectors.type) for place in places]
        given = [builder.load(pointer, typ=vectors.type, align=vectors.bytes) for pointer in pointers]
        to = builder.gep(target, [index], source_etype=vectors.type)
        builder.store(SPELLING[name](vectors, *given), to, align=vectors.bytes)

    ControlFlow(builder).repeat(constant(0), function.args[2], 1, one)
    builder.ret_void()
    padded = np.stack([np.resize(each, -(-len(values) // lanes) * lanes) for each in arguments])
    found = np.empty_like(padded[0])
    code = loaded(compiled(str(module), host()), host(), ("run",))
    code._functions["run"](padded.ctypes.data, found.ctypes.data, len(found) // lanes)
    return found[: len(values)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", UNARY)
def test_functions_are_accurate_to_a_few_units_in_the_last_place(name: str, dtype: str) -> None:
    tiny = 1e-44 if dtype == "float32" else 1e-300
    x = np.concatenate([
        np.linspace(-20, 20, 200_001), np.linspace(-1, 1, 100_001), np.linspace(-120, 120, 50_001),
        np.geomspace(tiny, 1e30, 50_000), -np.geomspace(tiny, 1e30, 50_000),
    ]).astype(dtype)  # fmt: skip
    found = apply(name, x).astype(np.float64)
    expected = REFERENCE[name](torch.tensor(x, dtype=torch.float64)).numpy()
    limits = np.finfo(dtype)
    normal = np.isfinite(expected) & (np.abs(expected) > limits.tiny) & (np.abs(expected) < limits.max)
    unit = np.spacing(np.abs(expected[normal]).astype(dtype)).astype(np.float64)
    assert (np.abs(found[normal] - expected[normal]) / unit).max() <= UNARY[name]
    with np.errstate(over="ignore"):
        rest = expected[~normal].astype(dtype)
    np.testing.assert_allclose(found[~normal], rest, atol=float(limits.tiny))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["sin", "cos"])
def test_circular_functions_of_large_arguments_are_as_accurate(name: str, dtype: str) -> None:
    """Near the multiples of a quarter circle, where all digits of a short reduction would be lost, and up to 1e38."""
    quarters = np.pi / 2 * np.concatenate([np.arange(-200_000, 200_000, 7), np.geomspace(1e5, 1e9, 2000).round()])
    x = np.concatenate([quarters, np.geomspace(1e3, 3e38, 20_000), [16367173 * 2.0**72, 1e22]]).astype(dtype)
    expected = REFERENCE[name](torch.tensor(x, dtype=torch.float64)).numpy()  # of the C library, right for all sizes
    unit = np.spacing(np.abs(expected).astype(dtype)).astype(np.float64)
    assert (np.abs(apply(name, x).astype(np.float64) - expected) / unit).max() <= 3.0
    assert np.isnan(apply(name, np.array([np.inf, -np.inf, np.nan], dtype))).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_powers_are_accurate_and_have_the_edges_of_the_c_library(dtype: str) -> None:
    generator, limits = np.random.default_rng(0), np.finfo(dtype)
    base = np.concatenate([generator.uniform(0, 4, 50_000), np.geomspace(limits.tiny, limits.max / 2, 50_000)])
    exponent = np.concatenate([generator.uniform(-60, 60, 50_000), generator.uniform(-2, 2, 50_000)])
    near = 1 + generator.uniform(-0.4, 0.4, 50_000)
    far = generator.uniform(-0.9, 0.9, 50_000) * np.log(float(limits.max)) / np.abs(np.log(near))
    x, y = (np.concatenate(pair).astype(dtype) for pair in ((base, near), (exponent, far)))
    exact = np.longdouble  # 80 bits
    with np.errstate(all="ignore"):
        expected = x.astype(exact) ** y.astype(exact)
        normal = (expected > limits.tiny) & (expected < limits.max)
        unit = np.spacing(expected[normal].astype(dtype)).astype(exact)
        error = np.abs(apply("pow", x, y).astype(exact)[normal] - expected[normal]) / unit
        edges = np.array([0.0, -0.0, 1, -1, 2, -2, 3, 0.5, -0.5, 1e-42, np.inf, -np.inf, np.nan, 1e30, -1e30], dtype)
        a, b = (side.ravel() for side in np.meshgrid(edges, edges))
        at_edges = a**b
    assert error.max() <= 2.5  # seen: 1.5, 1.6
    np.testing.assert_allclose(apply("pow", a, b), at_edges, rtol=4 * limits.eps)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_rest_of_a_division_is_exact(dtype: str) -> None:
    generator = np.random.default_rng(0)
    x = generator.standard_normal(50_000) * 10.0 ** generator.integers(-9, 20, 50_000)
    y = generator.standard_normal(50_000) * 10.0 ** generator.integers(-3, 3, 50_000)
    edges = np.array([0.0, 1, -1, 3, 0.1, -0.1, 7.5, 1e-30, np.inf, -np.inf, np.nan])
    sides = zip((x, y), np.meshgrid(edges, edges), strict=True)
    a, b = (np.concatenate([one, side.ravel()]).astype(dtype) for one, side in sides)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(apply("mod", a, b), np.mod(a, b))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", UNARY)
def test_functions_at_zero_infinity_and_nan(name: str, dtype: str) -> None:
    x = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 800.0, -800.0, 89.0, -104.0], dtype)
    with np.errstate(all="ignore"):
        expected = REFERENCE[name](torch.tensor(x, dtype=torch.float64)).numpy().astype(dtype)
    np.testing.assert_allclose(apply(name, x), expected, rtol=1e-5, atol=float(np.finfo(dtype).tiny))


TARGETS = {
    "AVX2": (Target("x86_64-unknown-linux-gnu", "haswell", "+avx2,+fma", 256, 6), "ymm", "zmm"),
    "AVX-512": (Target("x86_64-unknown-linux-gnu", "skylake-avx512", "+avx512f,+fma", 512, 12), "zmm", ".4s"),
    "NEON": (Target("aarch64-unknown-linux-gnu", "neoverse-n1", "+neon", 128, 8), ".4s", "ymm"),
}


@pytest.mark.parametrize("name", TARGETS)
def test_code_for_other_processors_uses_their_vectors(name: str) -> None:
    """One emitter, compiled for each width: fused multiply-adds on its registers, and none of another width."""
    target, register, other = TARGETS[name]
    made = LLVMKernel(LSTM.plans(), target).program("forward", "float32", Form(is_hoisted=False))
    code = assembly(made.text, target)
    multiply_add = "fmla" if name == "NEON" else "vfmadd"
    assert any(multiply_add in line and register in line for line in code.splitlines())
    assert other not in code


@pytest.mark.parametrize("cell", CELL_OF_EACH_KIND.values(), ids=lambda c: c.name)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_one_thread_and_two_give_the_same(cell, dtype: torch.dtype) -> None:
    """States and outputs to the bit; a gradient of weights may be summed in another order by torch."""
    sizes = numbers_for(cell, {"input_size": 7, "hidden_size": 13})
    own = {name: size for name, size in sizes.items() if name not in ("input_size", "hidden_size")}
    layer = Recurrent(cell, 7, 13, sizes=own, dtype=dtype, backend="llvm")
    x = torch.randn(9, 37, 7, dtype=dtype, requires_grad=True)
    widths = {leaf.name: sizes.get(leaf.shape[0], leaf.shape[0]) for leaf in cell.further_inputs}
    further = {name: torch.rand(9, 37, width, dtype=dtype) for name, width in widths.items()}
    before, found = torch.get_num_threads(), []
    try:
        for threads in (1, 2, 2):
            torch.set_num_threads(threads)
            output, _ = layer(x, inputs=further)
            found.append([output.detach(), torch.autograd.grad(output.sin().sum(), x)[0]])
    finally:
        torch.set_num_threads(before)
    single, double, again = found
    assert all(torch.equal(a, b) for a, b in zip(double, again, strict=True))
    for a, b in zip(single, double, strict=True):
        torch.testing.assert_close(a, b)


def _both_passes(kernel: LLVMKernel, case: Case) -> list[np.ndarray]:
    result = kernel.forward(case.call, tape=True)
    found = kernel.backward(case.call, result.tape, outputs=[case.output_gradient], states=case.state_gradients)
    return [*result.outputs, *result.states, *found.parameters, *found.inputs, *found.states]


@pytest.fixture
def threads() -> Iterator[Callable[[int], None]]:
    """Sets torch's number of threads for one test."""
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


RAGGED, FURTHER = (4, 3, 3, 1), ((1, 1), (29, 29, 2))
SHARED = [(cell, shape) for cell in all_cells.values()
          for shape in (RAGGED, *(FURTHER if cell.name in CELL_OF_EACH_KIND else ()))]  # fmt: skip
"""Every cell ragged, since its products and sums are in the loop's form; one of each kind at more shapes."""


@pytest.mark.parametrize(("cell", "batch_sizes"), SHARED, ids=lambda each: str(getattr(each, "name", each)))
def test_threads_that_share_each_step_agree_with_threads_of_their_own_sequences(
    cell, batch_sizes: tuple[int, ...], monkeypatch: pytest.MonkeyPatch, threads: Callable[[int], None]
) -> None:
    """The form for large weights, forced upon small ones, on three threads."""
    if not openmp():
        pytest.skip("threads cannot wait for each other without OpenMP")
    case = draw_case(cell, numbers_for(cell, {"hidden_size": 37}), batch_sizes, seed=1, ranges=ranges_of(cell))
    plans = cell.plans(EVALUATION)
    if plans.forward.prelude.leaves:
        pytest.skip("the case has the cell's own parameters, not the expressions of them that a kernel takes")

    threads(3)
    monkeypatch.setattr(program, "_WORTH_A_TEAM", -1)
    expected = _both_passes(LLVMKernel(plans), case)
    monkeypatch.setattr(program, "_CACHE", -1)
    monkeypatch.setattr(program, "_WORTH_WAITING", -1)
    kernel = LLVMKernel(plans)
    found = _both_passes(kernel, case)
    assert all(calls.program.loop.is_joint for calls in kernel._calls.values())
    for a, b in zip(expected, found, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-12)


def test_without_openmp_threads_of_python_run_the_code(
    monkeypatch: pytest.MonkeyPatch, threads: Callable[[int], None]
) -> None:
    """As on macOS and Windows: no team, and one call for each function instead of a script."""
    case = draw_case(GRU, numbers_for(GRU, {"hidden_size": 37}), (40,) * 3, seed=1)
    threads(2)
    monkeypatch.setattr(program, "_WORTH_A_TEAM", -1)
    expected = _both_passes(LLVMKernel(GRU.plans()), case)
    for module in (kernels, program):
        monkeypatch.setattr(module, "openmp", lambda: False)
    kernel = LLVMKernel(GRU.plans())
    found = _both_passes(kernel, case)
    assert all(calls.script is None for calls in kernel._calls.values())
    for a, b in zip(expected, found, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-12)


def test_many_sizes_run_on_one_code() -> None:
    """Sizes are arguments: nothing is compiled anew for another width, batch or length."""
    kernel_of_lstm = LSTM.plans().kernels.get("llvm")
    layers = [Recurrent(LSTM, i, h, backend="llvm") for i, h in ((3, 5), (40, 64), (1, 1), (17, 33))]
    for layer in layers:
        for steps, batch in ((1, 1), (5, 40), (3, 7)):
            expected = Recurrent(LSTM, layer.input_size, layer.hidden_size, backend="torch")
            expected.load_state_dict(layer.state_dict())
            x = torch.randn(steps, batch, layer.input_size)
            torch.testing.assert_close(layer(x)[0], expected(x)[0], atol=1e-5, rtol=1e-4)
    kernel_after = LSTM.plans().kernels["llvm"]
    assert kernel_of_lstm is None or kernel_after is kernel_of_lstm
    assert len({id(layer.cell.plans().kernels["llvm"]) for layer in layers}) == 1


def test_threads_of_python_compile_and_run_at_once() -> None:
    """Several threads meet a cell that is not compiled yet."""
    results: list[torch.Tensor] = []
    layer = Recurrent(FullPeepholeLSTM, 3, 4, backend="llvm")
    x = torch.randn(4, 2, 3)

    def run() -> None:
        results.append(layer(x)[0].detach())

    workers = [threading.Thread(target=run) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(results) == 4
    assert all(torch.equal(result, results[0]) for result in results)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_weights_are_packed_into_panels(dtype: str, threads: int) -> None:
    """Blocks that lie by rows or by columns, with edges anywhere in a panel, and zeros behind the last column."""
    lanes, scalar = host().lanes(dtype), scalar_type(dtype)
    module, width = ir.Module(), PANEL_VECTORS * lanes
    module.triple = host().triple
    write_packing(module, scalar, lanes)
    code = loaded(compiled(str(module), host()), host(), (PACK,))
    rows = 2 * lanes + 3
    left, right = np.random.rand(rows, 5).astype(dtype), np.random.rand(width, rows).astype(dtype).T
    panels = np.full((2, rows, width), np.nan, dtype)
    zero = np.zeros(lanes, dtype)
    columns = ((left, 5), (right, width), (zero, width - 5))
    table, at = [len(columns)], 0
    for block, count in columns:
        strides = block.strides if block is not zero else (0, 0)
        table += [block.ctypes.data, *strides, rows, count, 0, at, panels.ctypes.data, rows, 0]
        at += count
    arguments = np.array(table, dtype=np.int64)
    for thread in range(threads):
        code._functions[PACK](arguments.ctypes.data, thread, threads)
    expected = np.concatenate([left, right, np.zeros((rows, width - 5), dtype)], 1)
    np.testing.assert_array_equal(np.concatenate(panels, 1), expected)


def test_the_tables_of_a_ragged_batch() -> None:
    """Backwards, sequences begin where they end; threads share the rows, not the sequences."""
    order = order_of((4, 2, 1), True)
    assert order.row_base.tolist() == [6, 4, 0, 0]
    assert order.count.tolist() == [1, 2, 4, 0]
    assert order.start_rows is not None
    assert order.start_rows.tolist() == [6, 5, 2, 3]
    assert order.lengths.tolist() == [3, 2, 1, 1]
    bounds, most = order.bounds(2)
    assert bounds.tolist() == [0, 2, 4]
    assert most == 2


def test_the_stages_can_be_read() -> None:
    """Plans, LLVM IR and assembly of a cell, as text."""
    kernel = LLVMKernel(GRU.plans())
    expected = {
        "graph": "matmul(h, W_hr)", "plans": "backward plan", "loops": "time loop", "ir": 'define void @"loop"',
        "optimised": "define void @loop", "assembly": "loop:",
    }  # fmt: skip
    assert set(expected) == set(STAGES)
    for stage, part in expected.items():
        assert part in kernel.source(stage)
    with pytest.raises(InputError, match="expected one of"):
        kernel.source("machine")
    with pytest.raises(InputError, match="expected one of"):
        kernel.source("ir", which="sideways")


def test_layers_show_what_is_compiled_for_them() -> None:
    assert "loop over hidden_size" in Recurrent(GRU, 3, 4).source()
    assert "δh" in Recurrent(GRU, 3, 4, dtype=torch.float64).source("loops", which="backward")
    assert "double" in RNN(3, 4, dtype=torch.float64).source("ir")
    with pytest.raises(BackendError, match="compiles nothing"):
        Recurrent(GRU, 3, 4, backend="numpy").source()


def test_what_is_compiled_is_printed_on_request(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv(VARIABLE, "graph, loops")
    LLVMKernel(GRU.plans()).program("inference", "float32", Form(is_hoisted=True))
    printed = capsys.readouterr().err
    assert "--- inference: graph" in printed
    assert "time loop" in printed

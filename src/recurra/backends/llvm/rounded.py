"""Rounded operands: products of few rows with int8 weights, in whole numbers.

To widen an int8 weight to float32 takes two instructions beside its multiply-add, so that few rows would wait for those
and not for memory. Instead a row of an operand is rounded to 16 bits, as multiples of its largest number over 32767,
and multiplied by pairs of weights at once, in sums of 32 bits that are exact; a processor with VNNI multiplies and adds
in one instruction, which LLVM finds. To round an operand so moves a result 258 times less than rounding its weights to
int8 may. Of many rows the widening is shared, and nothing is rounded.
"""

from __future__ import annotations

from llvmlite import ir

from recurra.backends.llvm.compiler import Target
from recurra.backends.llvm.storage import Operand, Storage, Value
from recurra.backends.llvm.vectors import I16, I32, I64, ControlFlow, Vectors, constant, declared

__all__ = ["write_rounded"]

_WORDS = 128
"""Of a row at once: as many products of 16 bits with 8 bits, four a word, as add up within 32 bits."""

_LARGEST = 32767.0
_TOO_SMALL, _TOO_LARGE = 1e-30, 1e30
"""A row of numbers below counts as zeros; rows with one above, or without a number, are not rounded."""


def write_rounded(
    module: ir.Module, target: Target, scalar: ir.Type, lanes: int, storage: Storage, *, operands: int,
    panel_vectors: int, wide: int,
) -> ir.Function:  # fmt: skip
    """Return the function by which result = start + the sum of operands @ weights, of one row after the other.

    Its arguments are, for each operand, its address, row stride and columns; the packed weights, the bytes of a panel,
    the first panel and the end; the rows; the result and its row stride. Strides are in bytes. It returns 1, or 0 where
    it did nothing, for a number was too large or none. Made at its first use.
    """
    name = f"rounded_{operands}"
    if name in module.globals:
        return module.globals[name]
    function = ir.Function(module, ir.FunctionType(I64, [I64] * (3 * operands + 7)), name)
    function.linkage = "internal"
    function.attributes.add("noinline")
    b = ir.IRBuilder(function.append_basic_block("entry"))
    flow = ControlFlow(b)
    *given, packed, panel_bytes, first, end, rows, result, row_bytes = function.args
    each = [Operand(*given[3 * k : 3 * k + 3]) for k in range(operands)]
    buffer = b.ptrtoint(b.alloca(ir.ArrayType(I16, 4 * _WORDS + lanes)), I64)
    line_bytes = constant(panel_vectors * lanes * 4)  # of a row of a panel
    largest, rounding = _largest(module, scalar, lanes), _rounding(module, scalar, lanes)

    def is_finite(row: Value, so_far: list[Value]) -> list[Value]:
        for operand in each:
            at = b.add(operand.address, b.mul(row, operand.stride))
            number = b.call(largest, [at, operand.columns])
            fits = b.fcmp_ordered("<", number, ir.Constant(scalar, _TOO_LARGE))
            so_far = [b.and_(so_far[0], b.zext(fits, I64))]
        return so_far

    (is_done,) = flow.accumulate(rows, [constant(1)], is_finite)

    def one(row: Value) -> None:
        into, line = b.add(result, b.mul(row, row_bytes)), constant(1)
        for number, operand in enumerate(each):
            at = b.add(operand.address, b.mul(row, operand.stride))
            words = b.sdiv(b.add(operand.columns, constant(storage.per_word - 1)), constant(storage.per_word))
            scales = b.add(packed, b.mul(b.add(line, words), line_bytes))

            def chunk(
                done: Value, at: Value = at, words: Value = words, scales: Value = scales, line: Value = line,
                columns: Value = operand.columns, is_first: bool = number == 0,
            ) -> None:  # fmt: skip
                here = _least(b, b.sub(words, done), constant(_WORDS))
                begun = b.mul(done, constant(storage.per_word))
                count = _least(b, b.sub(columns, begun), constant(_WORDS * storage.per_word))
                scale = b.call(rounding, [b.add(at, b.mul(begun, constant(4))), count, buffer])
                # sums begin with the first row of the packed weights, and go on from what is in the result
                begins = b.icmp_signed("==", done, constant(0 if is_first else -1))
                before = b.select(begins, packed, into)
                step = b.select(begins, panel_bytes, line_bytes)
                weights = b.add(packed, b.mul(b.add(line, done), line_bytes))

                def block(panel: Value, panels: int) -> None:
                    moved = b.mul(panel, panel_bytes)
                    b.call(_tile(module, target, scalar, lanes, panels, panel_vectors), [
                        buffer, here, b.add(weights, moved), panel_bytes, b.add(scales, moved),
                        b.add(before, b.mul(panel, step)), step, b.add(into, b.mul(panel, line_bytes)), scale,
                    ])  # fmt: skip

                after = flow.repeat(first, end, wide, lambda panel: block(panel, wide))
                flow.repeat(after, end, 1, lambda panel: block(panel, 1))

            # `repeat` runs whole strides: the end is rounded up to one
            flow.repeat(constant(0), b.add(words, constant(_WORDS - 1)), _WORDS, chunk)
            line = b.add(line, b.add(words, constant(1)))

    flow.repeat(constant(0), b.mul(rows, is_done), 1, one)
    b.ret(is_done)
    return function


def _least(b: ir.IRBuilder, one: Value, other: Value) -> Value:
    return b.select(b.icmp_signed("<", one, other), one, other)


def _largest(module: ir.Module, scalar: ir.Type, lanes: int) -> ir.Function:
    """Return the function by which the largest absolute value of so many numbers is found, NaN if one is none."""
    name = "largest"
    if name in module.globals:
        return module.globals[name]
    function = ir.Function(module, ir.FunctionType(scalar, [I64, I64]), name)
    function.linkage = "internal"
    b = ir.IRBuilder(function.append_basic_block("entry"))
    vectors, flow = Vectors(b, scalar, lanes), ControlFlow(b)
    address, count = function.args

    def added(number: Value, total: list[Value]) -> list[Value]:
        at = b.mul(number, constant(lanes))
        pointer = b.gep(b.inttoptr(address, ir.PointerType()), [at], source_etype=scalar)
        values = vectors.load(pointer, vectors.first(b.sub(count, at)))
        return [vectors.maximum(total[0], vectors.call("fabs", values))]

    steps = b.sdiv(b.add(count, constant(lanes - 1)), constant(lanes))
    (total,) = flow.accumulate(steps, [vectors.number(0.0)], added)
    b.ret(vectors.reduced("max", total))
    return function


def _rounding(module: ir.Module, scalar: ir.Type, lanes: int) -> ir.Function:
    """Return the function by which numbers are rounded to 16 bits; it returns what a one stands for.

    Of four numbers, which a word of weights is multiplied by, the first and the third go before the others: bytes are
    widened in pairs, those at even places and those at odd ones.
    """
    name = "rounding"
    if name in module.globals:
        return module.globals[name]
    largest = _largest(module, scalar, lanes)
    function = ir.Function(module, ir.FunctionType(scalar, [I64, I64, I64]), name)
    function.linkage = "internal"
    b = ir.IRBuilder(function.append_basic_block("entry"))
    vectors, flow = Vectors(b, scalar, lanes), ControlFlow(b)
    address, count, target = function.args
    number = b.call(largest, [address, count])
    is_none = b.fcmp_ordered("<", number, ir.Constant(scalar, _TOO_SMALL))
    zero, one = ir.Constant(scalar, 0.0), ir.Constant(scalar, 1.0)
    inverse = b.select(is_none, zero, b.fdiv(ir.Constant(scalar, _LARGEST), b.select(is_none, one, number)))
    factor = vectors.splat(inverse)
    order = [4 * (k // 4) + (0, 2, 1, 3)[k % 4] for k in range(lanes)]
    mask = ir.Constant(ir.VectorType(I32, lanes), [ir.Constant(I32, k) for k in order])

    def rounded(step: Value) -> None:
        at = b.mul(step, constant(lanes))
        pointer = b.gep(b.inttoptr(address, ir.PointerType()), [at], source_etype=scalar)
        values = vectors.load(pointer, vectors.first(b.sub(count, at)))
        # to add 1.5 * 2^23 rounds to a whole number, and leaves it in the lowest bits
        bits = b.bitcast(vectors.fma(values, factor, vectors.number(12582912.0)), vectors.integers)
        whole = b.trunc(b.shuffle_vector(bits, bits, mask), ir.VectorType(I16, lanes))
        into = b.gep(b.inttoptr(target, ir.PointerType()), [at], source_etype=I16)
        b.store(whole, into, align=2)

    flow.repeat(constant(0), b.sdiv(b.add(count, constant(lanes - 1)), constant(lanes)), 1, rounded)
    b.ret(b.select(is_none, zero, b.fmul(number, ir.Constant(scalar, 1 / _LARGEST))))
    return function


def _tile(
    module: ir.Module, target: Target, scalar: ir.Type, lanes: int, panels: int, panel_vectors: int
) -> ir.Function:
    """Return the function of one row times panels side by side; made at its first use."""
    name = f"rounded_tile_{panels}"
    if name in module.globals:
        return module.globals[name]
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), [I64] * 8 + [scalar]), name)
    function.linkage = "internal"
    function.attributes.add("noinline")
    b = ir.IRBuilder(function.append_basic_block("entry"))
    vectors, flow = Vectors(b, scalar, lanes), ControlFlow(b)
    buffer, words, weights, panel_bytes, scales, before, before_bytes, result, unit = function.args
    places = [(p, v) for p in range(panels) for v in range(panel_vectors)]
    vector_bytes, halves = 4 * lanes, ir.VectorType(I16, 2 * lanes)

    def pointer(base: Value, step: Value, place: tuple[int, int]) -> Value:
        at = b.add(b.add(base, b.mul(step, constant(place[0]))), constant(place[1] * vector_bytes))
        return b.inttoptr(at, ir.PointerType())

    def body(index: Value, carried: list[Value]) -> list[Value]:
        position, *sums = carried
        pairs = []
        for half in range(2):
            at = b.add(b.mul(index, constant(2)), constant(half))
            pair = b.load(b.gep(b.inttoptr(buffer, ir.PointerType()), [at], source_etype=I32), typ=I32, align=4)
            pairs.append(b.bitcast(vectors.splat(pair), halves))
        eight = ir.Constant(halves, [ir.Constant(I16, 8)] * (2 * lanes))
        for k, place in enumerate(places):
            word = b.load(pointer(position, panel_bytes, place), typ=halves, align=4)
            for numbers, pair in ((b.ashr(b.shl(word, eight), eight), pairs[0]), (b.ashr(word, eight), pairs[1])):
                sums[k] = b.add(sums[k], _pairs_multiplied(b, target, numbers, pair, lanes))
        return [b.add(position, constant(panel_vectors * vector_bytes)), *sums]

    zeros = [vectors.whole(0)] * len(places)
    _, *sums = flow.accumulate(words, [weights, *zeros], body)
    for total, place in zip(sums, places, strict=True):
        scale = vectors.load(pointer(scales, panel_bytes, place))
        begun = vectors.load(pointer(before, before_bytes, place))
        value = vectors.fma(b.fmul(b.sitofp(total, vectors.type), vectors.splat(unit)), scale, begun)
        vectors.store(value, pointer(result, constant(panel_vectors * vector_bytes), place))
    b.ret_void()
    return function


_MULTIPLY_PAIRS = {4: "llvm.x86.sse2.pmadd.wd", 8: "llvm.x86.avx2.pmadd.wd", 16: "llvm.x86.avx512.pmaddw.d.512"}
"""Lanes -> the instruction of an x86 processor that multiplies pairs; that of 16 is one of AVX-512BW."""


def _pairs_multiplied(b: ir.IRBuilder, target: Target, one: Value, other: Value, lanes: int) -> Value:
    """Return the sums of the products of neighbours, in 32 bits."""
    kind = ir.VectorType(I32, lanes)
    if target.triple.startswith("x86_64") and (lanes < 16 or "+avx512bw" in target.features):
        # by its name: of the operations below LLVM does not make it
        function = declared(b.module, _MULTIPLY_PAIRS[lanes], kind, [one.type, other.type])
        return b.call(function, [one, other])
    products: list[Value] = []
    for place in range(2):
        mask = ir.Constant(kind, [ir.Constant(I32, 2 * k + place) for k in range(lanes)])
        left, right = (b.sext(b.shuffle_vector(each, each, mask), kind) for each in (one, other))
        products.append(b.mul(left, right))
    return b.add(products[0], products[1])

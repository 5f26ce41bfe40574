"""A cell from text that anybody may have written: only what a cell's equations are made of is read, and then traced.

The text is Python as it stands in a program, but of Python there is nothing but assignments, arithmetic, the cell
language's functions and the parameters: no import runs, no attribute but a parameter's can be read, nothing else can
be called. What is more is refused with its line before anything is run.
"""

from __future__ import annotations

import ast
import itertools
import linecache
import re
from typing import Any, NoReturn

import recurra.spec as spec
from recurra.errors import CellError
from recurra.spec import Cell, cell

__all__ = ["FUNCTIONS", "cell_of", "line_of"]

FUNCTIONS = {
    name: getattr(spec, name)
    for name in (
        "column", "cos", "cumsum", "erf", "exp", "flatten", "floor", "heaviside", "log", "matvec", "max", "maximum",
        "mean", "min", "minimum", "outer", "relu", "row", "sigmoid", "sign", "sin", "size", "softmax", "softplus",
        "split", "sqrt", "stop_gradient", "sum", "surrogate", "tanh", "vecmat", "where",
    )
}  # fmt: skip
"""What a text may call, beside `abs`."""

_OPTIONS = frozenset({"init", "sizes", "scalars", "delays", "initial"})
_KEYWORDS = frozenset({"axis", "reverse"})
_LONGEST, _MOST_NODES, _LARGEST_POWER, _MOST_DIGITS = 20_000, 4_000, 64, 30

_numbers = itertools.count(1)


def cell_of(text: str) -> Cell:
    r"""Return the cell that a text defines.

    Raises
    ------
    CellError
        If the text is no cell, or more than one; the message quotes the line. `line_of` gives its number in the text.

    Examples
    --------
    >>> print(cell_of("def Plain(p, x, h):\n    return tanh(x @ p.W + h @ p.U)").equations())
    h[t] = tanh(x[t] W + h[t-1] U)
    """
    function = _Reader(text).function
    function.decorator_list = function.decorator_list or [ast.Name("cell", ast.Load(), lineno=1, col_offset=0)]
    name = f"<cell {next(_numbers)}>"
    # where errors find the lines that they quote
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    made: dict[str, Any] = {"__builtins__": {}, "cell": cell, "abs": abs, **FUNCTIONS}
    try:
        exec(compile(ast.Module([function], []), name, "exec"), made)
    except (RecursionError, MemoryError, OverflowError) as error:
        raise CellError(f"{function.name}: {type(error).__name__}: too long or too deep") from None
    finally:
        del linecache.cache[name]
    return made[function.name]


def line_of(error: CellError, text: str) -> int | None:
    """Return the line of the text, from 1 on, that an error is about; None if it is about no line of it."""
    found = re.match(r"[^\n]*?line (\d+)(?::|$)", str(error))
    if found is None:
        return None
    number = int(found[1])
    if str(error).startswith("line "):
        return number
    try:  # a cell's lines are counted from its first decorator on
        function = next(each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef))
    except (SyntaxError, StopIteration):
        return None
    return min([function.lineno, *(each.lineno for each in function.decorator_list)]) + number - 1


class _Reader:
    """Checks a text, and has its one function."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()
        if len(text) > _LONGEST:
            raise CellError(f"a text of {len(text)} characters; a cell has at most {_LONGEST}")
        try:
            module = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            number = getattr(error, "lineno", None) or 1
            self._refuse_line(number, f"this is no Python: {getattr(error, 'msg', error)}")
        if sum(1 for _ in ast.walk(module)) > _MOST_NODES:
            raise CellError(f"more than {_MOST_NODES} names, numbers and operators: too long for a page")
        self.function = self._only_function(module)
        self._check_head()
        for number, statement in enumerate(self.function.body):
            self._check_statement(statement, is_first=not number)

    def _only_function(self, module: ast.Module) -> ast.FunctionDef:
        found = None
        for each in module.body:
            if isinstance(each, ast.ImportFrom) and (each.module or "").split(".")[0] == "recurra":
                continue  # as in a program; the functions are there anyway
            if not isinstance(each, ast.FunctionDef) or found is not None:
                self._refuse(each, "expected one function, `def Name(p, x, h):`, and nothing else")
            found = each
        if found is None:
            raise CellError("there is no function: expected `def Name(p, x, h):` with the equations of a step")
        return found

    def _check_head(self) -> None:
        function, arguments = self.function, self.function.args
        if arguments.defaults or any(arguments.kw_defaults) or arguments.vararg or arguments.kwarg:
            self._refuse(function, "a cell's arguments are named one by one, without defaults")
        names = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        for each in names:
            self._check_name(each, each.arg)
            each.annotation = None
        function.returns = None
        self.parameters = names[0].arg if names else ""
        if len(function.decorator_list) > 1:
            self._refuse(function.decorator_list[1], "expected `@cell` alone")
        for decorator in function.decorator_list:
            self._check_decorator(decorator)

    def _check_decorator(self, decorator: ast.expr) -> None:
        match decorator:
            case ast.Name("cell"):
                return
            case ast.Call(ast.Name("cell"), [], keywords):
                for keyword in keywords:
                    if keyword.arg not in _OPTIONS:
                        self._refuse(decorator, f"{keyword.arg}=: expected one of {', '.join(sorted(_OPTIONS))}")
                    try:
                        ast.literal_eval(keyword.value)
                    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                        self._refuse(keyword.value, f"{keyword.arg}=: expected names and numbers as they stand")
                return
        self._refuse(decorator, "expected `@cell` or `@cell(init={...})`")

    # statements ----------------------------------------------------------------------------------------------------

    def _check_statement(self, statement: ast.stmt, *, is_first: bool) -> None:
        match statement:
            case ast.Expr(ast.Constant(str())) if is_first:
                return
            case ast.Assign([target], value):
                self._check_target(target)
                self._check_value(value, may_be_tuple=True)
            case ast.AugAssign(target, op, value):
                self._check_target(target)
                self._check_value(ast.BinOp(value, op, value, lineno=statement.lineno))
            case ast.Return(ast.expr() as value):
                self._check_value(value, may_be_tuple=True)
            case _:
                self._refuse(statement, "a cell has assignments, `a = ...`, and a return at the end")

    def _check_target(self, target: ast.expr) -> None:
        match target:
            case ast.Name(name):
                self._check_name(target, name)
                if name == self.parameters:
                    self._refuse(target, f"{name} are the parameters: give the value another name")
            case ast.Tuple(elements):
                for element in elements:
                    self._check_target(element)
            case _:
                self._refuse(target, "expected a name on the left")

    def _check_name(self, node: ast.AST, name: str) -> None:
        if name.startswith("__") or name in FUNCTIONS or name in ("cell", "abs"):
            self._refuse(node, f"the name {name} is taken")

    # values --------------------------------------------------------------------------------------------------------

    def _check_value(self, value: ast.expr, *, may_be_tuple: bool = False) -> None:
        match value:
            case ast.Tuple(elements) if may_be_tuple:
                for element in elements:
                    self._check_value(element, may_be_tuple=True)
            case ast.Name():
                pass
            case ast.Constant(int() | float() as number) if not isinstance(number, bool):
                if isinstance(number, int) and len(str(abs(number))) > _MOST_DIGITS:
                    self._refuse(value, f"a whole number of more than {_MOST_DIGITS} digits")
            case ast.BinOp(left, op, right):
                self._check_operator(value, left, op, right)
                self._check_value(left)
                self._check_value(right)
            case ast.UnaryOp(ast.USub() | ast.UAdd(), operand):
                self._check_value(operand)
            case ast.Compare(left, [ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE()], [right]):
                self._check_value(left)
                self._check_value(right)
            case ast.Attribute(ast.Name(name), attribute) if name == self.parameters and attribute[:1] != "_":
                pass
            case ast.Attribute(inner, "T"):
                self._check_value(inner)
            case ast.Call(ast.Name(name), arguments, keywords) if name in FUNCTIONS or name == "abs":
                self._check_call(arguments, keywords)
            case _:
                self._refuse(value, self._what_is_wrong(value))

    def _check_operator(self, value: ast.BinOp, left: ast.expr, op: ast.operator, right: ast.expr) -> None:
        if not isinstance(op, ast.Add | ast.Sub | ast.Mult | ast.Div | ast.MatMult | ast.Mod | ast.Pow):
            self._refuse(value, "a cell has the operators + - * / @ % ** and comparisons")
        if not isinstance(op, ast.Pow):
            return
        if _is_number(right):  # Python computes powers of numbers, whatever their length
            plain = right.operand if isinstance(right, ast.UnaryOp) else right
            if not isinstance(plain, ast.Constant) or abs(plain.value) > _LARGEST_POWER:  # pyright: ignore
                self._refuse(value, f"a power: expected a number of up to {_LARGEST_POWER}, or a value of the step")
            if _is_number(left) and not isinstance(left, ast.Constant):
                self._refuse(value, "a power of a computed number: write the number")

    def _check_call(self, arguments: list[ast.expr], keywords: list[ast.keyword]) -> None:
        for argument in arguments:
            if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                self._check_value(argument)
        for keyword in keywords:
            plain = keyword.value.operand if isinstance(keyword.value, ast.UnaryOp) else keyword.value
            if keyword.arg not in _KEYWORDS or not isinstance(plain, ast.Constant):
                self._refuse(keyword.value, f"{keyword.arg}=: expected one of {', '.join(sorted(_KEYWORDS))}, a number")

    def _what_is_wrong(self, value: ast.expr) -> str:
        match value:
            case ast.Call(ast.Name(name)):
                return f"{name} is unknown; a cell has {', '.join(sorted(FUNCTIONS))}"
            case ast.Call():
                return f"a cell calls recurra's functions by their names: {', '.join(sorted(FUNCTIONS))}"
            case ast.Attribute(_, attribute):
                return f".{attribute}: a cell has parameters, as in {self.parameters or 'p'}.W, and .T of them"
            case ast.Subscript():
                return "a cell has no indexing; give each part its own parameters and equation"
        return "a cell has arithmetic, its parameters and recurra's functions only"

    # errors --------------------------------------------------------------------------------------------------------

    def _refuse(self, node: ast.AST, message: str) -> NoReturn:
        self._refuse_line(getattr(node, "lineno", 1), message)

    def _refuse_line(self, number: int, message: str) -> NoReturn:
        line = self.lines[number - 1].strip() if number <= len(self.lines) else ""
        raise CellError(f"line {number}: `{line}`\n  {message}")


def _is_number(value: ast.expr) -> bool:
    """Return whether Python alone computes an expression."""
    return all(_is_plain(each) for each in ast.walk(value))


def _is_plain(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant | ast.BinOp | ast.UnaryOp | ast.operator | ast.unaryop)

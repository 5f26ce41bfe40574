"""TypeScript's declarations of exported modules, a `.d.ts` beside them: editors complete names and check calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from recurra.export.js import class_name, indented, key_of, title_text
from recurra.export.program import CodeArray, ModelCode
from recurra.export.training import TrainingCode

__all__ = ["js_declarations", "training_declarations", "wasm_declarations"]


def js_declarations(code: ModelCode, name: str, made_of: str) -> str:
    """Return the declarations of what `JsWriter` writes."""
    keys = {key: key.removeprefix("x_") for key in code.readers}
    readers = {keys[key]: class_name(f"{name}_{keys[key]}") for key in code.readers}
    name = class_name(name)
    classes = [
        f"declare class {readers[keys[key]]} {{\n{indented(_js_members(reader, {}))}\n}}"
        for key, reader in code.readers.items()
    ]
    classes.append(f"declare class {name} {{\n{indented(_js_members(code, readers))}\n}}")
    return "\n\n".join([title_text(made_of), *classes, f"export {{ {name}, {name} as default }};\n"])


def wasm_declarations(code: ModelCode, made_of: str) -> str:
    """Return the declarations of the script beside a WebAssembly module."""
    readers = {key.removeprefix("x_"): f"Network{number}" for number, key in enumerate(code.readers)}
    classes = [
        f"declare class {called} {{\n{indented(_members(reader))}\n}}"
        for called, reader in zip(readers.values(), code.readers.values(), strict=True)
    ]
    members = [
        "static inputSize: number;",
        "static outputSize: number;",
        "static classes: string[];",
        "/** Load the module from beside the script, or from what is given. */",
        "static load(source?: string | URL | BufferSource | WebAssembly.Module): Promise<Model>;",
        "constructor(module: WebAssembly.Module);",
        "module: WebAssembly.Module;",
        *_readers(readers),
        *_members(code),
    ]
    classes.append(f"export default class Model {{\n{indented(members)}\n}}\n")
    return "\n\n".join([title_text(made_of), *classes])


def training_declarations(code: TrainingCode, name: str, made_of: str) -> str:
    """Return the declarations of what `JsTrainingWriter` writes."""
    name, further = class_name(name), _further(code.inputs)
    members = [
        f"static inputs: {{ {' '.join(f'{key_of(array)}: number;' for array in code.inputs)} }};",
        "static perSequence: string[];",
        "static outputSize: number;",
        "constructor(options?: { batch?: number; parameters?: Record<string, Float32Array> });",
        "readonly batch: number;",
        "parameters: Record<string, Float32Array>;",
        "gradients: Record<string, Float32Array>;",
        "state: Record<string, Float32Array>;",
        "reset(): void;",
        f"run(x: ArrayLike<number>{further}): Float32Array;",
        "backward(dy: ArrayLike<number>, options?: { state?: Record<string, ArrayLike<number>> }): {",
        *(f"  {each}: Record<string, Float32Array>;" for each in ("parameters", "inputs", "state")),
        "};",
    ]
    return "\n\n".join(
        [title_text(made_of), f"declare class {name} {{\n{indented(members)}\n}}", f"export default {name};\n"]
    )


def _js_members(code: ModelCode, readers: Mapping[str, str]) -> Iterator[str]:
    yield f"static inputs: {{ {' '.join(f'{key_of(array)}: number;' for array in code.inputs)} }};"
    yield "static outputSize: number;"
    if code.classes:
        yield "static classes: string[];"
    yield from _readers(readers)
    yield from _members(code)


def _readers(readers: Mapping[str, str]) -> Iterator[str]:
    """Yield what makes inputs beside `x`, given the name of an input and that of the class."""
    if readers:
        yield f"readers: {{ {' '.join(f'{key}: {called};' for key, called in readers.items())} }};"


def _members(code: ModelCode) -> Iterator[str]:
    """Yield what a network is and does, in both languages."""
    states = [array for step in code.steps for array in (*step.states, *([step.age] if step.age else []))]
    held = " ".join(f"{array.name}: {_kind(array)};" for array in states)
    yield f"Input: {'Int32' if code.inputs[0].is_whole else 'Float32'}ArrayConstructor;"
    yield f"state: {{ {held} }};" if held else "state: {};"
    yield "reset(): void;"
    for method in ("step", "run") if code.is_causal else ("run",):
        yield f"{method}(x: ArrayLike<number>{_further(code.inputs)}): Float32Array;"


def _further(inputs: tuple[CodeArray, ...]) -> str:
    """Return the argument of the inputs beside `x`."""
    found = " ".join(f"{key_of(array)}: ArrayLike<number>;" for array in inputs[1:])
    return f", inputs: {{ {found} }}" if found else ""


def _kind(array: CodeArray) -> str:
    return "Float32Array" if array.values is not None else "Uint32Array"

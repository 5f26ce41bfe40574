"""The JavaScript beside an exported WebAssembly module: it loads it, in Node and in browsers, and gives it arrays."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

__all__ = ["wasm_script"]


def wasm_script(file: str, title: str, facts: Mapping[str, Any]) -> str:
    """Return the ES module.

    Parameters
    ----------
    file : str
        The name of the .wasm beside it, without its suffix.
    title : str
        What the first line says.
    facts : mapping
        Where in memory inputs, output and states lie, and how large they are.
    """
    told = {
        "FILE": file, "ADDRESS": quote(file), "TITLE": title.replace("*/", "* /"), "FACTS": json.dumps(facts, indent=2),
    }  # fmt: skip
    return re.sub("|".join(rf"\b{key}\b" for key in told), lambda found: told[found[0]], _SCRIPT)


_SCRIPT = """/* TITLE */

const facts = FACTS;

/** A network with a state of its own, in the memory of a module. */
class Network {
  #facts;
  #memory;
  #functions;
  #places;
  #buffer;

  constructor(code, facts) {
    this.#facts = facts;
    this.#memory = code.memory;
    this.#functions = Object.fromEntries(Object.entries(facts.functions).map(([key, name]) => [key, code[name]]));
    this.#places = [facts.state, ...facts.inputs.map((each) => each.at), facts.output.at];
    /** The kind of array that x is: of tokens, or of numbers. */
    this.Input = facts.tokens ? Int32Array : Float32Array;
    this.reset();
  }

  /** Set the state to what a sequence begins with. */
  reset() {
    this.#functions.reset(this.#facts.state);
  }

  /**
   * One step: reads x, and returns the output in an array that the next step writes over.
   * Further inputs are given by name.
   */
  step(x, inputs = {}) {
    if (!this.#functions.step) throw new Error("it reads several steps at once, or backwards: there is run alone");
    this.#look();
    for (const [k, each] of this.#facts.inputs.entries()) {
      this.#inputs[k].set(checked(k ? inputs[each.name] : x, each.size, each.name));
    }
    this.#functions.step(...this.#places);
    return this.#output;
  }

  /**
   * So many steps, one behind the other: x has a row for each, and so has the result, if it is not one row for all.
   * Of a forecast, x is one window, and the result has a row for each step ahead.
   */
  run(x, inputs = {}) {
    const { inputs: given, output, pooled, unfolded, work, added, state } = this.#facts;
    const steps = unfolded ? 1 : x?.length / given[0].size;
    if (!Number.isInteger(steps)) {
      throw new RangeError(`x: got ${x?.length ?? x} numbers, expected rows of ${given[0].size}`);
    }
    if (pooled && !steps) throw new RangeError("x: got no steps, of which the output would be");
    const sizes = given.map((each) => (each.once ? 1 : steps) * each.size);
    const count = output.size * (pooled ? 1 : unfolded || this.#outputSteps(steps));
    const places = [];
    let end = facts.heap;
    for (const size of [...sizes, count, work * (steps + added)]) {
      places.push(end);
      end = (end + 4 * size + 63) & ~63;
    }
    const missing = end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / 65536));
    const scratch = places.pop(), y = places.pop();
    for (const [k, each] of given.entries()) {
      const values = checked(k ? inputs[each.name] : x, sizes[k], each.name);
      this.#at(places[k], sizes[k], k ? Float32Array : this.Input).set(values);
    }
    this.#functions.run(state, ...places, y, ...(unfolded ? [] : [steps]), ...(work ? [scratch] : []));
    return this.#at(y, count).slice();
  }

  /** What goes from step to step, as a value: an array for each name. Set, it is copied. */
  get state() {
    return Object.fromEntries(this.#facts.states.map((each) => [each.name, this.#stateOf(each).slice()]));
  }

  set state(values) {
    const { states } = this.#facts;
    for (const each of states) checked(values[each.name], each.size, `state.${each.name}`);
    for (const each of states) this.#stateOf(each).set(values[each.name]);
  }

  #inputs;
  #output;

  /** Look at the memory, anew where it has grown: earlier arrays are lost then. */
  #look() {
    if (this.#buffer === this.#memory.buffer) return;
    this.#buffer = this.#memory.buffer;
    const { inputs, output } = this.#facts;
    this.#inputs = inputs.map((each, k) => this.#at(each.at, each.size, k ? Float32Array : this.Input));
    this.#output = this.#at(output.at, output.size);
  }

  #at(address, size, Kind = Float32Array) {
    return new Kind(this.#memory.buffer, address, size);
  }

  #stateOf({ at, size, counts }) {
    return this.#at(at, size, counts ? Uint32Array : Float32Array);
  }

  #outputSteps(steps) {
    return this.#facts.frames.reduce(
      (count, [size, stride, padding]) => Math.max(0, Math.floor((count + 2 * padding - size) / stride) + 1), steps);
  }
}

/** The model: `await Model.load()`, or `new Model(module)` of a WebAssembly.Module. */
export default class Model extends Network {
  static inputSize = facts.inputs[0].size;
  static outputSize = facts.output.size;
  /** What the outputs are about, where that has names. */
  static classes = facts.classes;

  /** Load FILE.wasm from beside this file, or from a URL, bytes or a WebAssembly.Module. */
  static async load(source = new URL("./ADDRESS.wasm", import.meta.url)) {
    if (source instanceof WebAssembly.Module) return new Model(source);
    let bytes = source;
    if (typeof source === "string" || source instanceof URL) {
      const url = new URL(source, import.meta.url);
      if (url.protocol === "file:") {
        const { readFile } = await import("node:fs/promises");
        bytes = await readFile(url);
      } else {
        const answer = await fetch(url);
        if (!answer.ok) throw new Error(`${url}: ${answer.status} ${answer.statusText}`);
        bytes = await answer.arrayBuffer();
      }
    }
    return new Model(await WebAssembly.compile(bytes));
  }

  constructor(module) {
    const code = new WebAssembly.Instance(module).exports;
    super(code, facts);
    this.module = module;
    /** By the name of an input beside x: the network that makes a step's row of it, of one sequence of tokens. */
    this.readers = Object.fromEntries(
      Object.entries(facts.readers).map(([name, reader]) => [name, new Network(code, reader)]));
  }
}

function checked(values, size, name) {
  if (values?.length !== size) {
    throw new RangeError(`${name}: got ${values?.length ?? values} numbers, expected ${size}`);
  }
  return values;
}
"""

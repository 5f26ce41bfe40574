"""The JavaScript beside an exported WebAssembly module: it loads it, in Node and in browsers, and gives it arrays."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

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
    told = {"FILE": file, "TITLE": title.replace("*/", "* /"), "FACTS": json.dumps(facts, indent=2)}
    return re.sub("|".join(told), lambda found: told[found[0]], _SCRIPT)


_SCRIPT = """/* TITLE */

const facts = FACTS;
const stepPlaces = [facts.state, ...facts.inputs.map((each) => each.at), facts.output.at];
const align = (address) => (address + 63) & ~63;

/** A model with a state of its own: `await Model.load()`, or `new Model(module)` of a WebAssembly.Module. */
export default class Model {
  static inputSize = facts.inputs[0].size;
  static outputSize = facts.output.size;

  /** Load FILE.wasm from beside this file, or from a URL, bytes or a WebAssembly.Module. */
  static async load(source = new URL("./FILE.wasm", import.meta.url)) {
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

  #code;
  #memory;
  #views;

  constructor(module) {
    this.module = module;
    this.#code = new WebAssembly.Instance(module).exports;
    this.#memory = this.#code.memory;
    this.#look();
    this.reset();
  }

  /** Set the state to what a sequence begins with. */
  reset() {
    this.#code.reset(facts.state);
  }

  /**
   * One step: reads x, and returns the output in an array that the next step writes over.
   * Further inputs of the model are given by name.
   */
  step(x, inputs = {}) {
    if (!this.#code.step) throw new Error("a direction reads sequences backwards: there is run alone");
    for (const [k, each] of facts.inputs.entries()) {
      this.#views.inputs[k].set(checked(k ? inputs[each.name] : x, each.size, each.name));
    }
    this.#code.step(...stepPlaces);
    return this.#views.output;
  }

  /** So many steps, one behind the other: x has a row for each, and so has the result. */
  run(x, inputs = {}) {
    const steps = x.length / Model.inputSize;
    if (!Number.isInteger(steps)) {
      throw new RangeError(`x: got ${x.length} numbers, expected rows of ${Model.inputSize}`);
    }
    const sizes = facts.inputs.map((each) => (each.once ? 1 : steps) * each.size);
    const places = [];
    let end = facts.heap;
    for (const size of [...sizes, steps * Model.outputSize, steps * facts.work]) {
      places.push(end);
      end = align(end + 4 * size);
    }
    const missing = end - this.#memory.buffer.byteLength;
    if (missing > 0) {
      this.#memory.grow(Math.ceil(missing / 65536));
      this.#look();
    }
    const work = places.pop(), y = places.pop();
    for (const [k, each] of facts.inputs.entries()) {
      this.#at(places[k], sizes[k]).set(checked(k ? inputs[each.name] : x, sizes[k], each.name));
    }
    this.#code.run(facts.state, ...places, y, steps, ...(facts.work ? [work] : []));
    return this.#at(y, steps * Model.outputSize).slice();
  }

  /** What goes from step to step, as a value: an array for each name. Set, it is copied. */
  get state() {
    return Object.fromEntries(facts.states.map((each, k) => [each.name, this.#views.states[k].slice()]));
  }

  set state(values) {
    for (const [k, each] of facts.states.entries()) {
      this.#views.states[k].set(checked(values[each.name], each.size, each.name));
    }
  }

  #at(address, size, Kind = Float32Array) {
    return new Kind(this.#memory.buffer, address, size);
  }

  /** Look at the memory anew: where it grows, earlier arrays are lost. */
  #look() {
    this.#views = {
      inputs: facts.inputs.map((each) => this.#at(each.at, each.size)),
      output: this.#at(facts.output.at, facts.output.size),
      states: facts.states.map((each) => this.#at(each.at, each.size, each.counts ? Uint32Array : Float32Array)),
    };
  }
}

function checked(values, size, name) {
  if (values?.length !== size) {
    throw new RangeError(`${name}: got ${values?.length ?? typeof values} numbers, expected ${size}`);
  }
  return values;
}
"""

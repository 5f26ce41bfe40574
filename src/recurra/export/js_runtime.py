"""What all modules that train have in common: products for the rows of a batch, and the class that runs the passes."""

from __future__ import annotations

__all__ = ["BATCH_FUNCTIONS", "ROW_PANEL", "training_class"]

ROW_PANEL = 4
"""Columns of a product that are computed together, for two rows at a time: what fits into a processor's registers."""

BATCH_FUNCTIONS = """
// y (n rows, stride apart) = start, or 0
function r_start(start, width, y, at, stride, n) {
  for (let r = 0; r < n; r++, at += stride) {
    for (let j = 0; j < width; j++) y[at + j] = start === null ? 0 : start[j];
  }
}

// the columns of w (rows, width) in panels of four, each row by row; the last one is filled up with zeros
function r_panels(w, rows, width, panels) {
  for (let j = 0, p = 0; j < width; j += 4) {
    for (let i = 0; i < rows; i++) {
      for (let c = j; c < j + 4; c++, p++) panels[p] = c < width ? w[i * width + c] : 0;
    }
  }
}

// y += x @ w for n rows, two rows and four columns at a time
function r_rows(x, from, apart, rows, w, width, y, at, stride, n) {
  for (let j = 0, first = 0; j < width; j += 4, first += 4 * rows) {
    const isWhole = j + 4 <= width;
    let r = 0;
    for (; isWhole && r + 2 <= n; r += 2) {
      let a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
      let k = from + r * apart, l = k + apart, p = first;
      for (const end = k + rows; k < end; k++, l++, p += 4) {
        const u = x[k], v = x[l], w0 = w[p], w1 = w[p + 1], w2 = w[p + 2], w3 = w[p + 3];
        a0 += u * w0; a1 += u * w1; a2 += u * w2; a3 += u * w3;
        b0 += v * w0; b1 += v * w1; b2 += v * w2; b3 += v * w3;
      }
      let to = at + r * stride + j;
      y[to] += a0; y[to + 1] += a1; y[to + 2] += a2; y[to + 3] += a3;
      to += stride;
      y[to] += b0; y[to + 1] += b1; y[to + 2] += b2; y[to + 3] += b3;
    }
    for (; r < n; r++) {
      let a0 = 0, a1 = 0, a2 = 0, a3 = 0, k = from + r * apart, p = first;
      for (const end = k + rows; k < end; k++, p += 4) {
        const u = x[k];
        a0 += u * w[p]; a1 += u * w[p + 1]; a2 += u * w[p + 2]; a3 += u * w[p + 3];
      }
      const to = at + r * stride + j;
      y[to] += a0;
      if (j + 1 < width) y[to + 1] += a1;
      if (j + 2 < width) y[to + 2] += a2;
      if (isWhole) y[to + 3] += a3;
    }
  }
}

// total (k, m) += the outer products of a (k) and d (m) of n rows, two by four at a time
function r_outer(a, from, apart, k, d, at, stride, m, n, total) {
  let i = 0;
  for (; i + 2 <= k; i += 2) {
    let j = 0;
    for (; j + 4 <= m; j += 4) {
      let a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
      for (let r = 0, p = from + i, q = at + j; r < n; r++, p += apart, q += stride) {
        const u = a[p], v = a[p + 1], d0 = d[q], d1 = d[q + 1], d2 = d[q + 2], d3 = d[q + 3];
        a0 += u * d0; a1 += u * d1; a2 += u * d2; a3 += u * d3;
        b0 += v * d0; b1 += v * d1; b2 += v * d2; b3 += v * d3;
      }
      let to = i * m + j;
      total[to] += a0; total[to + 1] += a1; total[to + 2] += a2; total[to + 3] += a3;
      to += m;
      total[to] += b0; total[to + 1] += b1; total[to + 2] += b2; total[to + 3] += b3;
    }
    for (; j < m; j++) {
      let s = 0, t = 0;
      for (let r = 0, p = from + i, q = at + j; r < n; r++, p += apart, q += stride) {
        s += a[p] * d[q];
        t += a[p + 1] * d[q];
      }
      total[i * m + j] += s;
      total[i * m + m + j] += t;
    }
  }
  for (let j = 0; i < k && j < m; j++) {
    let s = 0;
    for (let r = 0, p = from + i, q = at + j; r < n; r++, p += apart, q += stride) s += a[p] * d[q];
    total[i * m + j] += s;
  }
}
"""

_CLASS = """
const BLOCK = 64; // rows that a pass before or after the time loop has at hand: what fits into a cache

const zeros = (sizes, rows = 1, kind = Float32Array) =>
  Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, new kind(size * rows)]));

// one direction of a layer, with its memory
class Direction {
  constructor(code, batch, parameters, gradients) {
    this.code = code;
    this.batch = batch;
    this.held = {
      ...zeros(code.panels), ...zeros(code.wholes, 1, Float64Array), ...zeros(code.totals, 1, Float64Array),
      ...zeros(code.scratch, Math.max(BLOCK, batch)),
    };
    for (const [name, array, , gradient] of code.parameters) {
      this.held[array] = parameters[name];
      if (gradient) this.held[gradient] = gradients[name];
    }
  }

  // memory for so many steps; a state before a step and after it are views of one memory, a step apart
  allocate(steps, x, y, dy) {
    const { code, batch } = this, m = { ...this.held, x, y, dy, ...zeros(code.kept, steps * batch) };
    m.dx = new Float32Array(code.inputSize * steps * batch);
    for (const [, name, size] of code.states) {
      for (const kind of ["", "d"]) {
        const memory = new Float32Array((steps + 1) * batch * size), later = memory.subarray(batch * size);
        m[`${kind}before_${name}`] = code.isReversed ? later : memory;
        m[`${kind}after_${name}`] = code.isReversed ? memory : later;
      }
    }
    this.m = m;
    this.steps = steps;
  }

  // where, among the rows of `before` or `after`, the first or last step of the sequence is
  row(isLast) {
    return isLast !== this.code.isReversed ? (this.steps - 1) * this.batch : 0;
  }

  pass(kind, isForward) {
    const { code, m, batch, steps } = this, rows = steps * batch;
    const blocks = (over) => {
      for (let row = 0; over && row < rows; row += BLOCK) over(m, row, Math.min(BLOCK, rows - row));
    };
    blocks(code[`${kind}_before`]);
    const loop = code[`${kind}_loop`], isRising = isForward !== code.isReversed;
    for (let t = 0; loop && t < steps; t++) loop(m, (isRising ? t : steps - 1 - t) * batch, batch);
    blocks(code[`${kind}_after`]);
  }

  forward(begin, states) {
    const { code, m } = this;
    code.prepare(m);
    for (const [name, key, size] of code.states) m[`before_${key}`].set(begin[name], this.row(false) * size);
    this.pass("forward", true);
    for (const [name, key, size] of code.states) {
      const at = this.row(true) * size;
      states[name] = m[`after_${key}`].slice(at, at + this.batch * size);
    }
  }

  backward(given, states) {
    const { code, m } = this;
    for (const name of Object.keys(code.totals)) m[name].fill(0);
    for (const [name, key, size] of code.states) {
      const at = this.row(true) * size, last = m[`dafter_${key}`].subarray(at, at + this.batch * size);
      if (given[name]) last.set(given[name]);
      else last.fill(0);
    }
    this.pass("backward", false);
    code.finish(m);
    for (const [name, key, size] of code.states) {
      const at = this.row(false) * size;
      states[name] = m[`dbefore_${key}`].slice(at, at + this.batch * size);
    }
  }
}

const add = (total, part) => {
  for (let i = 0; i < total.length; i++) total[i] += part[i];
};

/**
 * The model, and its training: arrays have the rows of step 0, one for each sequence, then those of step 1, and so on.
 *
 * `batch` sequences run together. `parameters` are those of another instance, which then has them in common with it.
 */
export class @name@ {
  /** How many numbers each input has for a sequence and a step. */
  static inputs = @inputs@;

  /** Inputs that are the same at all steps: they have no steps. */
  static perSequence = [@per_sequence@];

  /** How many numbers the output has for a sequence and a step. */
  static outputSize = @output@;

  #batch;
  #layers;
  #state = null;
  #begun = false;
  #ran = false;

  constructor({ batch = 1, parameters } = {}) {
    if (!(Number.isInteger(batch) && batch > 0)) throw new RangeError(`batch: got ${batch}, expected a whole number`);
    this.#batch = batch;
    const codes = LAYERS.flat(), all = codes.flatMap((code) => code.parameters);
    const flat = new Float32Array(all.reduce((sum, [, , begin, gradient]) => sum + (gradient ? begin.length : 0), 0));
    const weights = parameters ? null : flat.slice(), own = {}, gradients = {};
    let at = 0;
    for (const [name, , begin, gradient] of all) {
      if (!gradient) {
        own[name] = begin;
        continue;
      }
      const end = at + begin.length;
      gradients[name] = flat.subarray(at, end);
      if (parameters) floats(`parameters.${name}`, parameters[name], begin.length);
      else weights.set(begin, at);
      own[name] = parameters ? parameters[name] : weights.subarray(at, end);
      at = end;
    }
    /** Parameters by name: write to them, as an optimiser does. Matrices lie row by row, (inputs, outputs). */
    this.parameters = Object.fromEntries(Object.keys(gradients).map((name) => [name, own[name]]));
    /** Gradients by name, of the last `backward`. */
    this.gradients = gradients;
    this.#layers = LAYERS.map((layer) => layer.map((code) => new Direction(code, batch, own, gradients)));
  }

  get batch() {
    return this.#batch;
  }

  /** Let the next run begin as a sequence does. */
  reset() {
    this.#state = null;
  }

  /** The state as a value, each (batch, size): what the next run begins with. */
  get state() {
    return Object.fromEntries(Object.entries(this.#state ?? this.#initial()).map(([name, v]) => [name, v.slice()]));
  }
  set state(given) {
    const state = Object.entries(this.#initial()).map(([name, { length }]) => [
      name, floats(`state.${name}`, given[name], length).slice(),
    ]);
    this.#state = Object.fromEntries(state);
  }

  #initial() {
    const found = {};
    for (const code of LAYERS.flat()) {
      for (const [name, , size, begin] of code.states) {
        found[name] = new Float32Array(size * this.#batch);
        const values = typeof begin === "string" ? this.parameters[begin] : begin;
        for (let b = 0; values && b < this.#batch; b++) found[name].set(values, b * size);
      }
    }
    return found;
  }

  /**
   * Run steps, and keep what `backward` needs; the state goes on from run to run until `reset`.
   *
   * `x` is (steps, batch, size), and so is the output; `inputs` are further ones by name.
   */
  run(x, inputs = {}) {
    const { inputs: sizes, perSequence } = this.constructor;
    const steps = stepsOf(x, sizes.x * this.#batch, 1), rows = steps * this.#batch;
    named(inputs, Object.keys(sizes).slice(1));
    this.#allocate(steps);
    const given = { x: floats("x", x, x.length) };
    for (const name of Object.keys(sizes).slice(1)) {
      const isOnce = perSequence.includes(name), count = (isOnce ? this.#batch : rows) * sizes[name];
      const values = floats(name, inputs[name], count);
      given[name] = isOnce ? new Float32Array(rows * sizes[name]) : values;
      for (let at = 0; isOnce && at < rows * sizes[name]; at += count) given[name].set(values, at);
    }
    this.#layers[0][0].m.x.set(given.x);
    this.#begun = this.#state === null;
    const begin = this.#state ?? this.#initial(), state = {};
    for (const layer of this.#layers) {
      for (const each of layer) {
        for (const name of each.code.further) each.m[`x_${name}`] = given[name];
        each.forward(begin, state);
      }
    }
    this.#state = state;
    this.#ran = true;
    return this.#layers.at(-1)[0].m.y.slice(0, rows * this.constructor.outputSize);
  }

  #allocate(steps) {
    if (this.#layers[0][0].steps === steps) return;
    const rows = steps * this.#batch;
    let below = new Float32Array(rows * this.constructor.inputs.x);
    for (const layer of this.#layers) {
      const [y, dy] = [0, 1].map(() => new Float32Array(rows * layer[0].code.outputSize));
      for (const each of layer) {
        each.allocate(steps, below, y, dy);
        for (const name of each.code.further) {
          each.m[`dx_${name}`] = new Float32Array(rows * this.constructor.inputs[name]);
        }
      }
      below = y;
    }
  }

  /**
   * Return the gradients of a loss from those of the last run's output, `dy`, and of its last states, if there are any.
   *
   * What is returned: `parameters`, which is `gradients`; `inputs`; `state`, those of the states before the run.
   */
  backward(dy, { state = {} } = {}) {
    if (!this.#ran) throw new Error("backward: there was no run before");
    const top = this.#layers.at(-1)[0], { inputs: sizes, perSequence } = this.constructor;
    const rows = top.steps * this.#batch, before = {}, inputs = {};
    top.m.dy.set(floats("dy", dy, rows * this.constructor.outputSize));
    const known = Object.entries(this.#initial()).filter(([name]) => state[name]);
    const after = Object.fromEntries(known.map(([name, { length }]) => [name, floats(name, state[name], length)]));
    for (const name of Object.keys(sizes)) inputs[name] = new Float32Array(rows * sizes[name]);
    for (let k = this.#layers.length - 1; k >= 0; k--) {
      const below = k ? this.#layers[k - 1][0].m.dy : inputs.x;
      below.fill(0);
      for (const each of this.#layers[k]) {
        each.backward(after, before);
        add(below, each.m.dx);
        for (const name of each.code.further) add(inputs[name], each.m[`dx_${name}`]);
      }
    }
    for (const name of perSequence) inputs[name] = this.#summed(inputs[name], this.#batch * sizes[name]);
    for (const code of LAYERS.flat()) {
      const learnt = code.states.filter(([, , , begin]) => typeof begin === "string");
      for (const [, , , begin] of learnt) this.gradients[begin].fill(0);
      for (const [name, , size, begin] of this.#begun ? learnt : []) {
        add(this.gradients[begin], this.#summed(before[name], size));
      }
    }
    return { parameters: this.gradients, inputs, state: before };
  }

  // the sum of pieces that are so long
  #summed(values, size) {
    const total = new Float32Array(size);
    for (let at = 0; at < values.length; at += size) add(total, values.subarray(at, at + size));
    return total;
  }
}

export default @name@;
"""


def training_class(**fields: str | int) -> str:
    """Return the class, with its name, its inputs and their kinds, and the size of the output."""
    text = _CLASS
    for name, value in fields.items():
        text = text.replace(f"@{name}@", str(value))
    return text.rstrip()

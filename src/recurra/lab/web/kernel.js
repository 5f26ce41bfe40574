// A kernel made from a cell's plans, run over a batch of sequences: forward, and its derived backward pass.
import { PLAIN } from "./vectors.js";
import * as functions from "./runtime.js";

const MOST_NUMBERS = 2 ** 25; // of a layer, in memory: a quarter of a gigabyte

/** Says why a layer cannot be made: a message of the catalogue, and its values. */
export class Unfit extends Error {
  constructor(key, values) {
    super(key);
    Object.assign(this, { key, values });
  }
}

const BLOCK = 64; // rows for which what is before, in and after the time loop is done together: what fits into a cache

const runtime = {
  ...functions,
  r_matmul(a, rows, inner, b, columns, target) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) sum += a[i * inner + k] * b[k * columns + j];
        target[i * columns + j] = sum;
      }
    }
  },
};

const factories = new Map();

/**
 * The kernel of a source for these sizes, whose arrays are in a memory. The source is what recurra wrote; there is no
 * other way to get one.
 */
export function kernelOf(source, sizes, memory = PLAIN) {
  if (!factories.has(source)) factories.set(source, new Function(`return ${source}`)());
  return factories.get(source)(sizes, { ...runtime, ...memory });
}

export const product = (shape) => shape.reduce((a, b) => a * b, 1);

export const total = (sizes) => Object.values(sizes).reduce((a, b) => a + b, 0);

/** How many numbers each array of a layer has, by name: states, s, and parameters, p, have gradients, g and d. */
export function lengthsOf(kernel, sizes, steps, batch) {
  const rows = steps * batch, lengths = { one: 1, x: rows * sizes.input_size, dy: rows * kernel.outputSize };
  const add = (widths, count) => Object.entries(widths).forEach(([name, width]) => {
    if (!Number.isInteger(width)) throw new Unfit("not_whole", { units: sizes.hidden_size });
    lengths[name] = count * width;
  });
  const numbered = (kind, list) => Object.fromEntries(list.map((size, k) => [kind + k, size]));
  add(kernel.rows, rows);
  add(kernel.scratch, Math.max(BLOCK, batch));
  add({ ...kernel.once, ...kernel.panels }, 1);
  add(numbered("e", kernel.further.map(({ size }) => size)), rows);
  for (const kind of "sg") add(numbered(kind, kernel.states.map(({ size }) => size)), rows + batch);
  for (const kind of "pd") add(numbered(kind, kernel.parameters.map(({ shape }) => product(shape))), 1);
  const count = total(lengths);
  if (!(count <= MOST_NUMBERS)) throw new Unfit("too_large", { count: count.toLocaleString("en"), most: MOST_NUMBERS.toLocaleString("en") });
  return lengths;
}

export const arrays = (lengths, memory) =>
  Object.fromEntries(Object.entries(lengths).map(([name, length]) => [name, memory.array(length)]));

/** One layer of a cell, with its parameters, their gradients, and memory for so many steps of so many sequences. */
export class Layer {
  constructor(source, sizes, steps, batch, memory = PLAIN) {
    const kernel = kernelOf(source, sizes, memory), m = arrays(lengthsOf(kernel, sizes, steps, batch), memory);
    Object.assign(this, { kernel, sizes, steps, batch, rows: steps * batch, m });
    // the states after a step are those before the next one, and so are the gradients that it hands back
    for (const [name, of] of Object.entries(kernel.views)) {
      const step = m[of].length / (steps + 1);
      m[name] = of.startsWith("s") ? m[of].subarray(step) : m[of].subarray(0, -step);
    }
    this.together = Math.max(1, Math.floor(BLOCK / batch)); // so many steps
    this.parameters = kernel.parameters.map((each, k) => ({
      ...each, size: m[`p${k}`].length, values: m[`p${k}`], gradient: m[`d${k}`],
    }));
    m.one.fill(1);
    // what else a step reads is 1: the time since the step before, what is seen, a mass
    kernel.further.forEach((_, k) => m[`e${k}`].fill(1));
    this.reset();
  }

  /** Set the states before the first step to what a sequence begins with. */
  reset() {
    this.kernel.states.forEach(({ size, begins }, k) => this.m[`s${k}`].fill(begins, 0, this.batch * size));
  }

  /** Go on: the states after the last step are those before the first one. */
  continue() {
    const { m, steps, batch } = this;
    this.kernel.states.forEach(({ size }, k) => m[`s${k}`].copyWithin(0, steps * batch * size));
  }

  /** What the layer puts out: a row for each step of each sequence, step by step. */
  get y() {
    return this.m[this.kernel.output].subarray(0, this.rows * this.kernel.outputSize);
  }

  /** The gradients of the input, after `backward`; null where nothing depends on it. */
  get dx() {
    return this.kernel.dx && this.m[this.kernel.dx];
  }

  /** A named value over all steps, and how wide it is. */
  named(name) {
    const [array, size] = this.kernel.named[name];
    return { values: this.m[array], size };
  }

  /** Compute what depends on parameters alone; `forward` needs it after each change of one. */
  prepare() {
    this.kernel.prepare(this.m);
  }

  forward(steps = this.steps) {
    const { kernel, m, batch, together } = this;
    for (let t = 0; t < steps;) {
      const row = t * batch, end = Math.min(steps, t + together), n = end * batch - row;
      kernel.forwardBefore?.(m, row, n, batch);
      for (; t < end; t++) kernel.forwardStep?.(m, t * batch, batch, batch);
      kernel.forwardAfter?.(m, row, n, batch);
    }
  }

  /** From `m.dy`, the gradients of the output, to those of the input, the states at every step and the parameters. */
  backward({ isParameters = true } = {}) {
    const { kernel, m, batch, steps, together } = this;
    kernel.states.forEach(({ size }, k) => m[`g${k}`].fill(0, steps * batch * size));
    for (let t = steps; t > 0;) {
      const begin = Math.max(0, t - together), row = begin * batch, n = t * batch - row;
      kernel.backwardBefore?.(m, row, n, batch);
      for (; t > begin; t--) kernel.backwardStep?.(m, (t - 1) * batch, batch, batch);
      kernel.backwardAfter?.(m, row, n, batch);
      if (isParameters) kernel.gather(m, row, n, batch);
    }
    if (isParameters) kernel.finish(m);
  }
}

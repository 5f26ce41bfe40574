// A stack of layers with a linear readout, its loss, and the optimisers.
import { Layer } from "./kernel.js";
import { generator, initialise } from "./random.js";
import { r_outer, r_panels, r_rows, r_start } from "./runtime.js";

/** The sizes of a cell: those of its own are that of the state, or 1. */
export function sizesOf(cell, inputSize, hiddenSize) {
  const own = Object.entries(cell.sizes).map(([name, size]) => [name, size === "hidden_size" ? hiddenSize : size]);
  return { input_size: inputSize, hidden_size: hiddenSize, ...Object.fromEntries(own) };
}

/** The floating-point operations of a step: so many for each number of a size, such as "hidden_size/heads". */
export function operations(cell, sizes) {
  const numberOf = (factors) => factors.split("*").reduce((product, each) => product * (sizes[each] ?? Number(each)), 1);
  return cell.flops.reduce((sum, [count, size]) => {
    const [above, ...below] = String(size).split("/");
    return sum + count * below.reduce((number, each) => number / numberOf(each), numberOf(above));
  }, 0);
}

/** How many numbers a layer of a cell learns. */
export function parameterCount(cell, kernel) {
  return kernel.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

export class Network {
  /**
   * `options`: cell, inputSize, outputSize, hidden, layers, steps, batch, seed; `like`, a network whose parameters this
   * one shares, for sequences of another length.
   */
  constructor(options) {
    Object.assign(this, options);
    this.layers = [];
    let size = this.inputSize;
    for (let k = 0; k < this.layerCount; k++) {
      const layer = new Layer(this.cell.kernel, sizesOf(this.cell, size, this.hidden), this.steps, this.batch);
      this.layers.push(layer);
      size = layer.kernel.outputSize;
    }
    this.width = size;
    const parameter = (name, shape) => {
      const length = shape.reduce((a, b) => a * b, 1);
      return { name, shape, size: length, values: new Float64Array(length), gradient: new Float64Array(length) };
    };
    this.readout = [parameter("readout", [size, this.outputSize]), parameter("bias", [this.outputSize])];
    const rows = this.steps * this.batch;
    this.scores = new Float64Array(rows * this.outputSize);
    this.delta = new Float64Array(rows * this.outputSize);
    this.panels = new Float64Array(size * Math.ceil(this.outputSize / 4) * 4);
    this.turned = new Float64Array(size * this.outputSize);
    this.turnedPanels = new Float64Array(this.outputSize * Math.ceil(size / 4) * 4);
    if (this.like) this.share(this.like);
    else this.initialise();
  }

  get parameters() {
    return [...this.layers.flatMap((layer) => layer.parameters), ...this.readout];
  }

  initialise() {
    const random = generator(this.seed);
    for (const layer of this.layers) {
      for (const each of layer.parameters) initialise(each.values, each.shape, each.begins, random);
    }
    initialise(this.readout[0].values, this.readout[0].shape, "xavier", random);
  }

  share(other) {
    const given = other.parameters;
    this.parameters.forEach((each, k) => each.values.set(given[k].values));
  }

  /** Take over the parameters of `like` as they are now. */
  follow() {
    this.share(this.like);
  }

  forward(x, { isContinued = false } = {}) {
    let below = x;
    const { batch, steps, width, outputSize } = this, rows = steps * batch;
    for (const layer of this.layers) {
      layer.m.x.set(below);
      if (isContinued) layer.continue();
      layer.prepare();
      layer.forward();
      below = layer.y;
    }
    const [weights, bias] = this.readout;
    r_panels(weights.values, width, outputSize, this.panels);
    r_start(bias.values, outputSize, this.scores, 0, outputSize, rows);
    r_rows(below, 0, width, width, this.panels, outputSize, this.scores, 0, outputSize, rows);
    return this.scores;
  }

  /** From `delta`, the gradients of the scores, to all others. */
  backward(options) {
    const { batch, steps, width, outputSize } = this, rows = steps * batch;
    const top = this.layers.at(-1), [weights, bias] = this.readout;
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < outputSize; j++) this.turned[j * width + i] = weights.values[i * outputSize + j];
    }
    r_panels(this.turned, outputSize, width, this.turnedPanels);
    r_start(null, width, top.m.dy, 0, width, rows);
    r_rows(this.delta, 0, outputSize, outputSize, this.turnedPanels, width, top.m.dy, 0, width, rows);
    weights.gradient.fill(0);
    r_outer(top.y, 0, width, width, this.delta, 0, outputSize, outputSize, rows, weights.gradient);
    bias.gradient.fill(0);
    for (let k = 0; k < rows * outputSize; k++) bias.gradient[k % outputSize] += this.delta[k];
    for (let k = this.layers.length - 1; k >= 0; k--) {
      this.layers[k].backward(options);
      if (k) {
        const below = this.layers[k - 1].m.dy, dx = this.layers[k].dx;
        if (dx) below.set(dx);
        else below.fill(0);
      }
    }
  }

  /** The mean loss of a batch; `delta` becomes its gradient by the scores. */
  loss({ kind, target, weight }) {
    const { scores, delta, outputSize: n } = this, rows = this.steps * this.batch;
    let total = 0, count = 0;
    for (let r = 0; r < rows; r++) count += weight[r];
    for (let r = 0; r < rows; r++) {
      const at = r * n, w = weight[r] / count;
      if (!weight[r]) {
        delta.fill(0, at, at + n);
      } else if (kind === "numbers") {
        for (let j = 0; j < n; j++) {
          const error = scores[at + j] - target[at + j];
          total += (w * error * error) / n;
          delta[at + j] = (2 * w * error) / n;
        }
      } else {
        let most = -Infinity, sum = 0;
        for (let j = 0; j < n; j++) most = Math.max(most, scores[at + j]);
        for (let j = 0; j < n; j++) sum += Math.exp(scores[at + j] - most);
        total += w * (Math.log(sum) + most - scores[at + target[r]]);
        for (let j = 0; j < n; j++) {
          delta[at + j] = w * (Math.exp(scores[at + j] - most) / sum - (j === target[r] ? 1 : 0));
        }
      }
    }
    return total;
  }
}

/** The norm of all gradients together. */
export function gradientNorm(parameters) {
  let sum = 0;
  for (const { gradient } of parameters) for (let k = 0; k < gradient.length; k++) sum += gradient[k] ** 2;
  return Math.sqrt(sum);
}

/** One step of an optimiser; `number` counts from 1. The gradients are scaled by `scale` first. */
export const OPTIMISERS = {
  sgd: (each, rate, scale) => {
    const { values, gradient } = each;
    for (let k = 0; k < values.length; k++) values[k] -= rate * scale * gradient[k];
  },
  rmsprop: (each, rate, scale) => {
    const { values, gradient } = each, square = (each.square ??= new Float64Array(values.length));
    for (let k = 0; k < values.length; k++) {
      const g = scale * gradient[k];
      square[k] = 0.9 * square[k] + 0.1 * g * g;
      values[k] -= (rate * g) / (Math.sqrt(square[k]) + 1e-8);
    }
  },
  adam: (each, rate, scale, number) => {
    const { values, gradient } = each, mean = (each.mean ??= new Float64Array(values.length));
    const square = (each.square ??= new Float64Array(values.length));
    const one = 1 - 0.9 ** number, two = 1 - 0.999 ** number;
    for (let k = 0; k < values.length; k++) {
      const g = scale * gradient[k];
      mean[k] = 0.9 * mean[k] + 0.1 * g;
      square[k] = 0.999 * square[k] + 0.001 * g * g;
      values[k] -= (rate * (mean[k] / one)) / (Math.sqrt(square[k] / two) + 1e-8);
    }
  },
};

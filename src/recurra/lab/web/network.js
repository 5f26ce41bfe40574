// A stack of layers with a linear readout, its loss, and the optimisers.
import { Layer, arrays, kernelOf, lengthsOf, total } from "./kernel.js";
import { PLAIN, memoryFor } from "./vectors.js";
import { generator, initialise } from "./random.js";
import { r_panels, r_start } from "./runtime.js";

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
    const { cell, outputSize, steps, batch } = this, rows = steps * batch, sizes = [];
    let width = this.inputSize, count = 0;
    for (let k = 0; k < this.layerCount; k++) {
      sizes.push(sizesOf(cell, width, this.hidden));
      const kernel = kernelOf(cell.kernel, sizes[k]);
      count += total(lengthsOf(kernel, sizes[k], steps, batch));
      width = kernel.outputSize;
    }
    const whole = (size) => 4 * Math.ceil(size / 4), weights = width * outputSize;
    const lengths = {
      scores: rows * outputSize, delta: rows * outputSize, panels: width * whole(outputSize),
      turned: weights, turnedPanels: outputSize * whole(width), weights, weightsGradient: weights,
      bias: outputSize, biasGradient: outputSize,
    };
    const memory = this.like ? PLAIN : memoryFor(count + total(lengths));
    Object.assign(this, { width, memory }, arrays(lengths, memory));
    this.layers = sizes.map((each) => new Layer(cell.kernel, each, steps, batch, memory));
    this.readout = [
      { name: "readout", shape: [width, outputSize], values: this.weights, gradient: this.weightsGradient },
      { name: "bias", shape: [outputSize], values: this.bias, gradient: this.biasGradient },
    ];
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
    r_panels(this.weights, width, outputSize, this.panels);
    r_start(this.bias, outputSize, this.scores, 0, outputSize, rows);
    this.memory.r_rows(below, 0, width, width, this.panels, outputSize, this.scores, 0, outputSize, rows);
    return this.scores;
  }

  /** From `delta`, the gradients of the scores, to all others. */
  backward(options) {
    const { batch, steps, width, outputSize } = this, rows = steps * batch;
    const top = this.layers.at(-1), { memory, weights, delta, turned, weightsGradient, biasGradient } = this;
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < outputSize; j++) turned[j * width + i] = weights[i * outputSize + j];
    }
    r_panels(turned, outputSize, width, this.turnedPanels);
    top.m.dy.fill(0);
    memory.r_rows(delta, 0, outputSize, outputSize, this.turnedPanels, width, top.m.dy, 0, width, rows);
    weightsGradient.fill(0);
    memory.r_outer(top.y, 0, width, width, delta, 0, outputSize, outputSize, rows, weightsGradient);
    biasGradient.fill(0);
    for (let k = 0; k < rows * outputSize; k++) biasGradient[k % outputSize] += delta[k];
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
  for (const { gradient } of parameters) for (let k = 0; k < gradient.length; k++) sum += gradient[k] * gradient[k];
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

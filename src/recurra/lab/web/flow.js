// The gradient through time: how much a loss at the last step depends on the states before, layer by layer.
import { Layer } from "./kernel.js";
import { sizesOf } from "./network.js";
import { generator, initialise, spectralRadius } from "./random.js";

const BATCH = 2, INPUTS = 4; // sequences, whose norms are averaged, and what they have at a step

/** What `verdict` says: of the first step's gradient beside the last one's. */
const LOST = 1e-4, EXPLODED = 100, HORIZON = 0.01;

/** The layers of a cell, with parameters as the sliders say. */
export function drawn(cell, { steps, layers, hidden, seed, scheme, gain, radius, forget }) {
  const made = [];
  let size = INPUTS;
  for (let k = 0; k < layers; k++) {
    made.push(new Layer(cell.kernel, sizesOf(cell, size, hidden), steps, BATCH));
    size = made.at(-1).kernel.outputSize;
  }
  const begun = beginnings(cell.kernel, made, `${seed} ${scheme} ${hidden} ${layers}`, generator(seed), scheme);
  made.forEach((layer, k) => layer.parameters.forEach((each, number) => {
    const { values, ownRadius } = begun[k][number];
    const factor = radius && ownRadius !== null ? radius / (ownRadius || 1) : each.shape.length > 1 ? gain : 1;
    values.forEach((value, i) => (each.values[i] = factor * value));
    if (forget !== null && isForgetBias(each)) each.values.fill(forget);
  }));
  return made;
}

let last = {};

// what parameters begin with, and the spectral radii of recurrent matrices: most sliders leave them as they are
function beginnings(kernel, layers, key, random, scheme) {
  if (last.kernel === kernel && last.key === key) return last.found;
  const found = layers.map(({ parameters }) => parameters.map(({ shape, role, begins, size }) => {
    const values = new Float64Array(size), isRecurrent = role === "state matrix", [rows, columns] = shape;
    initialise(values, shape, isRecurrent && scheme ? scheme : begins, random);
    return { values, ownRadius: isRecurrent && shape.length === 2 && rows === columns ? spectralRadius(values, rows) : null };
  }));
  last = { kernel, key, found };
  return found;
}

/** Whether a parameter is the bias of a forget gate, as cells call it. */
export function isForgetBias({ name, role }) {
  return role === "bias" && /^b_?f/i.test(name);
}

/** Run the layers forward and backward; return the norms of dL/dh, by layer and step, and what follows from them. */
export function gradientFlow(cell, options) {
  const layers = drawn(cell, options), { steps, scale, seed } = options, random = generator(seed + 1);
  let below = Float64Array.from({ length: steps * BATCH * INPUTS }, () => scale * random.normal());
  for (const layer of layers) {
    layer.m.x.set(below);
    layer.prepare();
    layer.forward();
    below = layer.y;
  }
  const top = layers.at(-1), width = top.kernel.outputSize;
  for (let k = 0; k < BATCH * width; k++) top.m.dy[(steps - 1) * BATCH * width + k] = random.normal() / Math.sqrt(width);
  for (let k = layers.length - 1; k >= 0; k--) {
    layers[k].backward({ isParameters: false });
    if (k && layers[k].dx) layers[k - 1].m.dy.set(layers[k].dx);
  }
  const norms = layers.map((layer) => normsOf(layer, steps));
  return { layers, norms, ...judged(norms.at(-1)) };
}

// the norm of the loss's gradient by all states after each step, over the sequences of the batch
function normsOf({ kernel, m }, steps) {
  return Float64Array.from({ length: steps }, (_, t) => {
    let sum = 0;
    kernel.states.forEach(({ size }, k) => {
      const gradient = m[`g${k}`], from = (t + 1) * BATCH * size, isOutput = k === kernel.outputState;
      for (let i = 0; i < BATCH * size; i++) {
        sum += (gradient[from + i] + (isOutput ? m.dy[t * BATCH * size + i] : 0)) ** 2;
      }
    });
    return Math.sqrt(sum / BATCH);
  });
}

// what a person would say of a curve of norms
function judged(norms) {
  // where the output is no state, the last step's gradient is not by the states that hand it on: begin one before
  const last = norms.at(-1) ? norms.length - 1 : norms.length - 2, end = norms[last], ratio = norms[0] / end;
  const rate = ratio ** (1 / Math.max(1, last));
  let horizon = 0;
  while (horizon < last && norms[last - horizon - 1] / end >= HORIZON) horizon++;
  const kind = !Number.isFinite(ratio) ? "none" : ratio > EXPLODED ? "exploding" : ratio < LOST ? "vanishing" : "carried";
  return { kind: end ? kind : "none", ratio, rate, horizon, isWhole: horizon === last };
}

/** The singular values of the derivative of a layer's states after a step by those before, for one sequence. */
export function singularValues(layer, cell, t) {
  const { kernel, batch } = layer, sizes = kernel.states.map(({ size }) => size), n = sizes.reduce((a, b) => a + b, 0);
  const one = new Layer(cell.kernel, layer.sizes, 1, n);
  one.parameters.forEach((each, k) => each.values.set(layer.parameters[k].values));
  const inputSize = layer.sizes.input_size, x = layer.m.x.subarray(t * batch * inputSize, t * batch * inputSize + inputSize);
  for (let r = 0; r < n; r++) one.m.x.set(x, r * inputSize);
  let row = 0;
  sizes.forEach((size, k) => {
    const state = layer.m[`s${k}`].subarray(t * batch * size, t * batch * size + size);
    for (let r = 0; r < n; r++) one.m[`s${k}`].set(state, r * size);
  });
  one.prepare();
  one.forward();
  sizes.forEach((size, k) => {
    for (let i = 0; i < size; i++, row++) one.m[`g${k}`][n * size + row * size + i] = 1;
  });
  kernel.backwardBefore?.(one.m, 0, n, n);
  kernel.backwardStep?.(one.m, 0, n, n);
  const jacobian = new Float64Array(n * n);
  let column = 0;
  sizes.forEach((size, k) => {
    for (let r = 0; r < n; r++) jacobian.set(one.m[`g${k}`].subarray(r * size, (r + 1) * size), r * n + column);
    column += size;
  });
  return singular(jacobian, n);
}

/** The singular values of a square matrix, largest first, by one-sided Jacobi rotations of its rows. */
export function singular(a, n) {
  a = Float64Array.from(a);
  for (let sweep = 0, isDone = false; sweep < 30 && !isDone; sweep++) {
    isDone = true;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        let alpha = 0, beta = 0, gamma = 0;
        for (let k = 0, i = p * n, j = q * n; k < n; k++, i++, j++) {
          alpha += a[i] * a[i];
          beta += a[j] * a[j];
          gamma += a[i] * a[j];
        }
        if (Math.abs(gamma) <= 1e-10 * Math.sqrt(alpha * beta) || !gamma) continue;
        isDone = false;
        const zeta = (beta - alpha) / (2 * gamma), t = Math.sign(zeta || 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        const c = 1 / Math.sqrt(1 + t * t), s = c * t;
        for (let k = 0, i = p * n, j = q * n; k < n; k++, i++, j++) {
          const u = a[i], v = a[j];
          a[i] = c * u - s * v;
          a[j] = s * u + c * v;
        }
      }
    }
  }
  const values = Float64Array.from({ length: n }, (_, i) => Math.sqrt(a.subarray(i * n, (i + 1) * n).reduce((s, v) => s + v * v, 0)));
  return values.sort().reverse();
}

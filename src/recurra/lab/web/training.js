// Two networks that learn the same problem from the same seed, step by step.
import { Network, OPTIMISERS, gradientNorm } from "./network.js";
import { problemOf } from "./problems.js";
import { generator } from "./random.js";

const EVALUATED_EVERY = 20, ENOUGH_BETTER = 1e-4, DECAY_STEPS = 100;

/** Training of cells side by side. `options` are those of the page's controls. */
export class Training {
  constructor(cells, options, data) {
    this.problem = problemOf(options.problem, options.length, data);
    this.options = options;
    this.random = generator(options.seed + 17);
    this.number = 0;
    this.held = this.problem.batch(generator(options.seed + 99), options.batch);
    const { inputSize, outputSize } = this.problem, steps = this.held.x.length / inputSize / options.batch;
    this.runs = cells.map((cell) => {
      const network = new Network({
        cell, inputSize, outputSize, hidden: options.hidden, layerCount: options.layers, steps, batch: options.batch,
        seed: options.seed,
      });
      return { cell, network, losses: [], norms: [], held: [], best: Infinity, since: 0, state: "running" };
    });
  }

  get isOver() {
    return this.runs.every((run) => run.state !== "running");
  }

  /** The learning rate now: it falls as 1 / (1 + decay * steps / 100). */
  get rate() {
    return this.options.rate / (1 + (this.options.decay * this.number) / DECAY_STEPS);
  }

  /** One step of each network that has not stopped, on the same batch. */
  step() {
    const batch = this.problem.batch(this.random, this.options.batch), rate = this.rate;
    this.number++;
    for (const run of this.runs) {
      if (run.state === "running") this.learn(run, batch, rate);
    }
  }

  learn(run, batch, rate) {
    const { network } = run, { optimiser, isClipped, clip } = this.options;
    network.forward(batch.x);
    const loss = network.loss(batch);
    network.backward();
    const parameters = network.parameters, norm = gradientNorm(parameters);
    run.losses.push(loss);
    run.norms.push(norm);
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      run.state = "diverged";
      return;
    }
    const scale = isClipped && norm > clip ? clip / norm : 1;
    for (const each of parameters) OPTIMISERS[optimiser](each, rate, scale, this.number);
    if (this.number % EVALUATED_EVERY === 0) this.evaluate(run);
  }

  // stop where the loss on what is held back has not become better for so many evaluations
  evaluate(run) {
    const { patience } = this.options;
    run.network.forward(this.held.x);
    const loss = run.network.loss(this.held);
    run.held.push([this.number, loss]);
    if (loss < run.best - ENOUGH_BETTER) {
      run.best = loss;
      run.since = 0;
    } else if (++run.since >= patience && patience) {
      run.state = "stopped";
    }
  }

  /** What a network says to the batch that is held back. */
  shown(run) {
    return run.network.forward(this.held.x);
  }
}

/** Letters that a network of a text writes, each drawn from what it expects. */
export function written(run, problem, length, temperature, random) {
  const { network } = run, n = problem.inputSize;
  const one = new Network({ ...likeness(network), steps: 1, batch: 1, like: network });
  const x = new Float64Array(n);
  let text = "", code = problem.letters.indexOf("\n");
  for (let k = 0; k < length; k++) {
    x.fill(0);
    x[Math.max(0, code)] = 1;
    const scores = one.forward(x, { isContinued: k > 0 }), most = Math.max(...scores);
    const shares = scores.map((score) => Math.exp((score - most) / temperature));
    let left = random() * shares.reduce((a, b) => a + b, 0);
    code = shares.findIndex((share) => (left -= share) <= 0);
    if (code < 0) break; // not finite
    text += problem.letters[code];
  }
  return text;
}

/** How much the largest score at step t depends on the input of each step up to it, as shares of the largest. */
export function reach(run, x, t) {
  const { network } = run, n = network.inputSize, steps = x.length / n;
  const one = new Network({ ...likeness(network), steps, batch: 1, like: network });
  const scores = one.forward(x), width = network.outputSize;
  const row = scores.subarray(t * width, (t + 1) * width);
  let chosen = 0;
  row.forEach((score, j) => (chosen = score > row[chosen] ? j : chosen));
  one.delta[t * width + chosen] = 1;
  one.backward({ isParameters: false });
  const dx = one.layers[0].dx, shares = new Float64Array(steps);
  for (let k = 0; dx && k <= t; k++) shares[k] = Math.hypot(...dx.subarray(k * n, (k + 1) * n));
  const most = Math.max(...shares) || 1;
  return { shares: shares.map((share) => share / most), chosen };
}

function likeness({ cell, inputSize, outputSize, hidden, layerCount, seed }) {
  return { cell, inputSize, outputSize, hidden, layerCount, seed };
}

// The problems that networks learn: each makes batches from random numbers, steps first, then sequences.

const SYMBOLS = 4, COPIED = 3;

const ones = (rows) => new Float64Array(rows).fill(1);

/** The problems by name, of sequences so many steps long. `baseline` is the loss of who knows nothing of the past. */
export function problemOf(name, steps, data) {
  return PROBLEMS[name](steps, data);
}

const PROBLEMS = {
  copy(steps) {
    const inputSize = SYMBOLS + 2, blank = SYMBOLS, go = SYMBOLS + 1;
    return {
      kind: "classes", inputSize, outputSize: SYMBOLS, baseline: Math.log(SYMBOLS), labels: "0123·>",
      batch(random, batch) {
        const rows = steps * batch, x = new Float64Array(rows * inputSize);
        const target = new Int32Array(rows), weight = new Float64Array(rows);
        for (let b = 0; b < batch; b++) {
          const said = Array.from({ length: COPIED }, () => random.below(SYMBOLS));
          for (let t = 0; t < steps; t++) {
            const row = t * batch + b, isLast = t >= steps - COPIED;
            x[row * inputSize + (t < COPIED ? said[t] : isLast ? go : blank)] = 1;
            if (isLast) {
              target[row] = said[t - (steps - COPIED)];
              weight[row] = 1;
            }
          }
        }
        return { kind: "classes", x, target, weight };
      },
    };
  },

  adding(steps) {
    return {
      kind: "numbers", inputSize: 2, outputSize: 1, baseline: 1 / 6,
      batch(random, batch) {
        const rows = steps * batch, x = new Float64Array(rows * 2);
        const target = new Float64Array(rows), weight = new Float64Array(rows), half = steps >> 1;
        for (let b = 0; b < batch; b++) {
          const marks = [random.below(half), half + random.below(steps - half)];
          let sum = 0;
          for (let t = 0; t < steps; t++) {
            const row = t * batch + b, value = random();
            x[row * 2] = value;
            if (marks.includes(t)) {
              x[row * 2 + 1] = 1;
              sum += value;
            }
          }
          target[(steps - 1) * batch + b] = sum;
          weight[(steps - 1) * batch + b] = 1;
        }
        return { kind: "numbers", x, target, weight };
      },
    };
  },

  echo(steps) {
    const lag = Math.max(1, Math.min(10, steps >> 2));
    return {
      kind: "classes", inputSize: 1, outputSize: 2, baseline: Math.log(2), labels: "01", lag,
      batch(random, batch) {
        const rows = steps * batch, x = new Float64Array(rows), target = new Int32Array(rows);
        const weight = new Float64Array(rows);
        for (let row = 0; row < rows; row++) {
          x[row] = random() < 0.5 ? -1 : 1;
          if (row >= lag * batch) {
            target[row] = x[row - lag * batch] > 0 ? 1 : 0;
            weight[row] = 1;
          }
        }
        return { kind: "classes", x, target, weight };
      },
    };
  },

  sine(steps) {
    return ofSeries(steps, (random) => {
      const waves = [1, 2].map((k) => [(0.1 + 0.15 * random()) * k, 2 * Math.PI * random(), 0.3 + 0.7 * random()]);
      return (t) => waves.reduce((sum, [pace, phase, size]) => sum + size * Math.sin(pace * t + phase), 0) / 1.2;
    }, 0.32);
  },

  sunspots(steps, data) {
    const { sunspots } = data, mean = sunspots.reduce((a, b) => a + b, 0) / sunspots.length;
    const size = Math.sqrt(sunspots.reduce((sum, each) => sum + (each - mean) ** 2, 0) / sunspots.length);
    return ofSeries(Math.min(steps, sunspots.length - 2), (random) => {
      const from = random.below(sunspots.length - steps);
      return (t) => (sunspots[from + t] - mean) / size;
    }, 1);
  },

  text(steps, data) {
    const letters = [...new Set(data.text)].sort(), number = new Map(letters.map((letter, k) => [letter, k]));
    const codes = Int32Array.from(data.text, (letter) => number.get(letter)), n = letters.length;
    const counts = letters.map((_, k) => codes.reduce((sum, code) => sum + (code === k), 0) / codes.length);
    return {
      kind: "classes", inputSize: n, outputSize: n, letters, labels: letters,
      baseline: -counts.reduce((sum, share) => sum + share * Math.log(share), 0),
      batch(random, batch) {
        const rows = steps * batch, x = new Float64Array(rows * n), target = new Int32Array(rows);
        for (let b = 0; b < batch; b++) {
          const from = random.below(codes.length - steps - 1);
          for (let t = 0; t < steps; t++) {
            x[(t * batch + b) * n + codes[from + t]] = 1;
            target[t * batch + b] = codes[from + t + 1];
          }
        }
        return { kind: "classes", x, target, weight: ones(rows) };
      },
      /** The rows of a text, and it with letters that are unknown left out. */
      read(text) {
        const known = [...text].filter((letter) => number.has(letter)), x = new Float64Array(known.length * n);
        known.forEach((letter, t) => (x[t * n + number.get(letter)] = 1));
        return { x, known };
      },
    };
  },
};

// the next value of a series, from those so far
function ofSeries(steps, series, baseline) {
  return {
    kind: "numbers", inputSize: 1, outputSize: 1, baseline, isSeries: true,
    batch(random, batch) {
      const rows = steps * batch, x = new Float64Array(rows), target = new Float64Array(rows);
      for (let b = 0; b < batch; b++) {
        const value = series(random);
        for (let t = 0; t < steps; t++) {
          x[t * batch + b] = value(t);
          target[t * batch + b] = value(t + 1);
        }
      }
      return { kind: "numbers", x, target, weight: ones(rows) };
    },
  };
}

export const PROBLEM_NAMES = Object.keys(PROBLEMS);

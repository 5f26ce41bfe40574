// Random numbers from a seed, and what parameters begin with.

/** A generator of numbers in [0, 1) from a whole number (mulberry32). */
export function generator(seed) {
  let state = (seed * 2654435761) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  next.normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  next.below = (n) => Math.floor(next() * n);
  return next;
}

/** Fill a parameter, as `begins` says: a number or the name of a scheme. */
export function initialise(values, shape, begins, random) {
  if (typeof begins === "number") return void values.fill(begins);
  const rows = shape.at(-2) ?? 1, columns = shape.at(-1) ?? 1, block = rows * columns;
  for (let at = 0; at < values.length; at += block) {
    fill(values.subarray(at, at + block), rows, columns, begins, random);
  }
}

function fill(w, rows, columns, scheme, random) {
  const uniform = (bound) => w.forEach((_, k) => (w[k] = (2 * random() - 1) * bound));
  const normal = (size) => w.forEach((_, k) => (w[k] = random.normal() * size));
  if (scheme === "xavier") uniform(Math.sqrt(6 / (rows + columns)));
  else if (scheme === "he") normal(Math.sqrt(2 / rows));
  else if (scheme === "uniform") uniform(1 / Math.sqrt(columns));
  else if (scheme === "normal") normal(1 / Math.sqrt(rows));
  else if (scheme === "identity") w.forEach((_, k) => (w[k] = Math.floor(k / columns) === k % columns ? 1 : 0));
  else orthogonal(w, rows, columns, random);
}

// orthonormal vectors along the shorter side, by Gram and Schmidt
function orthogonal(w, rows, columns, random) {
  const count = Math.min(rows, columns), length = Math.max(rows, columns), made = [];
  while (made.length < count) {
    const v = Float64Array.from({ length }, random.normal);
    for (const u of [...made, ...made]) {
      const along = u.reduce((sum, value, k) => sum + value * v[k], 0);
      u.forEach((value, k) => (v[k] -= along * value));
    }
    const size = Math.hypot(...v);
    if (size > 1e-8) made.push(v.map((value) => value / size));
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) w[i * columns + j] = rows < columns ? made[i][j] : made[j][i];
  }
}

/** The spectral radius of a square matrix, by Gelfand's formula: the root of the norm of a high power. */
export function spectralRadius(matrix, n) {
  let power = Float64Array.from(matrix), log = 0;
  const doublings = 8;
  for (let k = 0; k < doublings; k++) {
    const size = Math.sqrt(power.reduce((sum, value) => sum + value * value, 0));
    if (!size) return 0;
    log = 2 * (log + Math.log(size));
    const next = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const a = power[i * n + j] / size;
        for (let l = 0; l < n; l++) next[i * n + l] += (a * power[j * n + l]) / size;
      }
    }
    power = next;
  }
  const last = Math.sqrt(power.reduce((sum, value) => sum + value * value, 0));
  return Math.exp((log + Math.log(last)) / 2 ** doublings);
}

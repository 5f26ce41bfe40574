// Pictures on canvases, in the page's colours.

/** The page's colour of a name, as the theme at hand has it. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const parsed = new Map();

function parts(text) {
  if (!parsed.has(text)) {
    const hex = text.length === 4 ? text.replace(/[0-9a-f]/gi, "$&$&") : text;
    parsed.set(text, [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
  }
  return parsed.get(text);
}

const mixed = (from, to, share) => from.map((value, k) => Math.round(value + (to[k] - value) * share));

// a canvas of as many points as the screen has; null while it is hidden
function prepared(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas, ratio = window.devicePixelRatio || 1;
  if (!width || !height) return null;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = "12px system-ui, sans-serif";
  return { context, width, height };
}

/** The colour of a gradient beside the last step's: it fades as the gradient vanishes, and turns as it explodes. */
export function flowColours() {
  const [none, whole, hot] = ["page", "a", "hot"].map((name) => parts(colour(name)));
  return (ratio) => {
    if (!(ratio > 0)) return Number.isNaN(ratio) || ratio === Infinity ? hot : none;
    const power = Math.log10(ratio);
    return power <= 0 ? mixed(none, whole, Math.max(0, 1 + power / 8)) : mixed(whole, hot, Math.min(1, power / 4));
  };
}

/** The colour of a value between -1 and 1. */
export function signedColours() {
  const [zero, above, below] = ["page", "a", "b"].map((name) => parts(colour(name)));
  return (value) => (Number.isFinite(value) ? mixed(zero, value > 0 ? above : below, Math.min(1, Math.abs(value))) : parts(colour("hot")));
}

/** The colour of a share from 0 to 1. */
export function shareColours() {
  const [none, whole] = ["page", "a"].map((name) => parts(colour(name)));
  return (share) => mixed(none, whole, Math.min(1, share || 0));
}

/** A picture of rows by columns: `rgb(row, column)` is the colour of a cell. */
export function heatMap(canvas, rows, columns, rgb, { labels = [], marked = -1, rowMarked = -1 } = {}) {
  const at = prepared(canvas);
  if (!at) return;
  const { context, width, height } = at, image = context.createImageData(columns, rows);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) image.data.set([...rgb(i, j), 255], 4 * (i * columns + j));
  }
  const small = (canvas.small ??= document.createElement("canvas"));
  small.width = columns;
  small.height = rows;
  small.getContext("2d").putImageData(image, 0, 0);
  const left = labels.length ? 28 : 0;
  context.imageSmoothingEnabled = false;
  context.drawImage(small, left, 0, width - left, height);
  context.fillStyle = colour("soft");
  context.textBaseline = "middle";
  labels.forEach((label, i) => context.fillText(label, 0, ((i + 0.5) * height) / rows));
  if (marked >= 0) {
    context.strokeStyle = colour("ink");
    context.lineWidth = 1.5;
    const cell = (width - left) / columns;
    context.strokeRect(left + marked * cell, 0.75, Math.max(2, cell), height - 1.5);
  }
  if (rowMarked >= 0) {
    context.strokeStyle = colour("ink");
    context.strokeRect(left + 0.5, (rowMarked * height) / rows, width - left - 1, Math.max(2, height / rows));
  }
}

const POINTS = 400;

// of a long series so many points, each the mean of its share
function thinned(values) {
  if (values.length <= POINTS) return Array.from(values, (value, k) => [k, value]);
  const size = values.length / POINTS;
  return Array.from({ length: POINTS }, (_, k) => {
    const from = Math.floor(k * size), to = Math.max(from + 1, Math.floor((k + 1) * size));
    let sum = 0;
    for (let i = from; i < to; i++) sum += values[i];
    return [(from + to - 1) / 2, sum / (to - from)];
  });
}

const shown = (value) =>
  value === 0 ? "0" : Math.abs(value) >= 1e4 || Math.abs(value) < 1e-2 ? value.toExponential(0).replace("+", "") : String(+value.toPrecision(2));

/**
 * Lines over steps. `lines`: {values, colour, dashes, width}; options: isLog, least, most (what an axis shows at least),
 * ceiling and floor (what is beyond is cut), marks ({value, colour}: lines across), start (the number of the first step).
 */
export function lineChart(canvas, lines, { isLog = false, floor = -Infinity, ceiling = Infinity, range = [], marks = [], start = 1, marked = null } = {}) {
  const at = prepared(canvas);
  if (!at) return;
  const { context, width, height } = at, left = 46, bottom = 20, top = 6, right = 8;
  const scale = isLog ? (v) => Math.log10(Math.min(ceiling, Math.max(floor, v))) : (v) => Math.min(ceiling, Math.max(floor, v));
  const curves = lines.map((line) => ({ ...line, points: thinned(line.values).filter(([, v]) => Number.isFinite(v) && (!isLog || v > 0 || floor > 0)) }));
  const seen = [...curves.flatMap(({ points }) => points.map(([, v]) => scale(v))), ...range.map(scale), ...marks.map(({ value }) => scale(value))].filter(Number.isFinite);
  let low = Math.min(...seen), high = Math.max(...seen);
  if (!seen.length) [low, high] = [0, 1];
  if (high - low < 1e-9) [low, high] = [low - 0.5, high + 0.5];
  const count = Math.max(2, ...lines.map(({ values }) => values.length));
  const x = (k) => left + (k / (count - 1)) * (width - left - right);
  const y = (v) => top + (1 - (scale(v) - low) / (high - low)) * (height - top - bottom);
  context.strokeStyle = colour("line");
  context.fillStyle = colour("soft");
  context.lineWidth = 1;
  context.textBaseline = "middle";
  for (const tick of ticks(low, high, isLog)) {
    const value = isLog ? 10 ** tick : tick, to = y(value);
    context.beginPath();
    context.moveTo(left, to);
    context.lineTo(width - right, to);
    context.stroke();
    context.textAlign = "right";
    context.fillText(isLog ? powerText(tick) : shown(value), left - 6, to);
  }
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.fillText(String(start), left, height - 5);
  context.textAlign = "right";
  context.fillText(String(start + count - 1), width - right, height - 5);
  context.textAlign = "left";
  for (const { value, colour: name } of marks) {
    context.strokeStyle = colour(name);
    context.setLineDash([4, 4]);
    context.beginPath();
    context.moveTo(left, y(value));
    context.lineTo(width - right, y(value));
    context.stroke();
  }
  context.setLineDash([]);
  if (marked !== null) {
    context.strokeStyle = colour("soft");
    context.beginPath();
    context.moveTo(x(marked), top);
    context.lineTo(x(marked), height - bottom);
    context.stroke();
  }
  for (const { points, colour: name, dashes = [], width: thick = 2 } of curves) {
    context.strokeStyle = colour(name);
    context.lineWidth = thick;
    context.setLineDash(dashes);
    context.beginPath();
    points.forEach(([k, v], number) => (number ? context.lineTo(x(k), y(v)) : context.moveTo(x(k), y(v))));
    context.stroke();
  }
  context.setLineDash([]);
}

function powerText(tick) {
  return tick >= -2 && tick <= 3 ? String(+(10 ** tick).toPrecision(1)) : `1e${tick}`;
}

function ticks(low, high, isLog) {
  if (isLog && high - low >= 1) {
    const step = Math.max(1, Math.ceil((high - low) / 5)), found = [];
    for (let k = Math.ceil(low / step) * step; k <= high; k += step) found.push(k);
    return found;
  }
  const rough = (high - low) / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((each) => each >= rough), found = [];
  if (isLog) return [low, high];
  for (let k = Math.ceil(low / step) * step; k <= high + 1e-12; k += step) found.push(k);
  return found;
}

/** Bars of numbers, with a line at 1. */
export function bars(canvas, values) {
  const at = prepared(canvas);
  if (!at) return;
  const { context, width, height } = at, left = 46, bottom = 6, top = 8;
  const most = Math.max(1.2, ...values), one = (width - left) / values.length;
  const y = (v) => top + (1 - v / most) * (height - top - bottom);
  context.fillStyle = colour("soft");
  context.strokeStyle = colour("line");
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of [0, 1, ...(most > 2 ? [most] : [])]) {
    context.fillText(shown(tick), left - 6, y(tick));
    context.beginPath();
    context.moveTo(left, y(tick));
    context.lineTo(width, y(tick));
    context.stroke();
  }
  context.textAlign = "left";
  values.forEach((value, k) => {
    context.fillStyle = colour(value > 1.0005 ? "hot" : "a");
    context.fillRect(left + k * one + one * 0.1, y(value), Math.max(1, one * 0.8), y(0) - y(value));
  });
}

// What takes a kernel the most time, as WebAssembly in vectors of two numbers: matrix products, sigmoid and tanh. All
// else of a kernel is JavaScript. The module is assembled here, byte by byte; without vectors JavaScript does it all.
import { r_outer, r_rows, r_sigmoid, r_tanh } from "./runtime.js";

const BYTES = 8; // of a number

// instructions ----------------------------------------------------------------------------------------------------

const get = (local) => [0x20, local], set = (local) => [0x21, local], constant = (number) => [0x41, number];
const sum = (a, b) => [a, b, 0x6a], difference = (a, b) => [a, b, 0x6b];
const isLess = (a, b) => [a, b, 0x48], isMore = (a, b) => [a, b, 0x4a];
const move = (local, by) => [sum(get(local), by), set(local)];
const fewer = (local, by) => [difference(get(local), constant(by)), set(local)];
const block = (...code) => [0x02, 0x40, code, 0x0b], loop = (...code) => [0x03, 0x40, code, 0x0b];
const when = (condition, yes, no) => [condition, 0x04, 0x40, yes, no ? [0x05, no] : [], 0x0b];
const againIf = (condition) => [condition, 0x0d, 0], leaveIf = (condition) => [condition, 0x0d, 1], again = [0x0c, 0];

const place = (offset) => [3, offset];
const load = (at, offset) => [at, 0xfd, 0, place(offset)], store = (at, value, offset) => [at, value, 0xfd, 11, place(offset)];
const loadTwice = (at) => [at, 0xfd, 10, place(0)], loadOne = (at) => [at, 0xfd, 0x5d, place(0)];
const storeOne = (at, value, offset, lane) => [at, value, 0xfd, 0x5b, place(offset), lane];
const twice = (number) => [0x44, ...new Uint8Array(Float64Array.of(number).buffer), 0xfd, 0x14];
const [plus, minus, times, over, least, most] = [0xf0, 0xf1, 0xf2, 0xf3, 0xf6, 0xf7].map((code) => (a, b) => [a, b, 0xfd, code, 1]);
const shifted = (a, bits) => [a, constant(bits), 0xfd, 0xcb, 1], plusBits = (a, b) => [a, b, 0xfd, 0xce, 1];

// products --------------------------------------------------------------------------------------------------------

// y (n, width) += x (n, inner) @ w (inner, width in panels of four): addresses, and how far apart things are, in bytes
const [X, X_ROW, X_STEP, W, W_STEP, W_PANEL, Y, Y_ROW, INNER, N, WIDTH] = Array(11).keys();
const [LEFT, K, IN_W, FROM, TO, ROW] = [11, 12, 13, 14, 15, 16]; // ROW: of each of four rows
const [SUM, W_0, FACTOR] = [20, 28, 30]; // two of each of four rows; two of four columns

/** So many rows, and four columns: the sums stay in registers over all that is summed. */
function tile(count) {
  const rows = [...Array(count).keys()], halves = [0, 1], sumOf = (r, half) => SUM + 2 * r + half;
  const each = (make) => rows.map((r) => halves.map((half) => make(r, half)));
  const rowsFrom = (first, apart) => rows.map((r) => [r ? sum(get(ROW + r - 1), get(apart)) : get(first), set(ROW + r)]);
  const added = (r, half) => plus(load(get(ROW + r), 16 * half), get(sumOf(r, half)));
  return [
    rowsFrom(FROM, X_ROW), get(W), set(IN_W), get(INNER), set(K),
    each((r, half) => [twice(0), set(sumOf(r, half))]),
    loop(
      halves.map((half) => [load(get(IN_W), 16 * half), set(W_0 + half)]),
      rows.map((r) => [
        loadTwice(get(ROW + r)), set(FACTOR), move(ROW + r, get(X_STEP)),
        halves.map((half) => [plus(get(sumOf(r, half)), times(get(FACTOR), get(W_0 + half))), set(sumOf(r, half))]),
      ]),
      move(IN_W, get(W_STEP)), fewer(K, 1), againIf(get(K)),
    ),
    rowsFrom(TO, Y_ROW),
    when(
      isMore(get(WIDTH), constant(3)),
      each((r, half) => store(get(ROW + r), added(r, half), 16 * half)),
      [0, 1, 2].map((j) => when(
        isMore(get(WIDTH), constant(j)), rows.map((r) => storeOne(get(ROW + r), added(r, j >> 1), 8 * j, j & 1)),
      )),
    ),
  ];
}

const rowsInTiles = (count) => block(loop(
  leaveIf(isLess(get(LEFT), constant(count))),
  tile(count), Array(count).fill([move(FROM, get(X_ROW)), move(TO, get(Y_ROW))]), fewer(LEFT, count), again,
));

const PRODUCT = loop(
  get(X), set(FROM), get(Y), set(TO), get(N), set(LEFT),
  rowsInTiles(4), rowsInTiles(1),
  move(W, get(W_PANEL)), move(Y, constant(4 * BYTES)), fewer(WIDTH, 4), againIf(isMore(get(WIDTH), constant(0))),
);

// sigmoid and tanh ------------------------------------------------------------------------------------------------

const [AT, COUNT, U, T, Z, Q, ODD, EVEN, POWER, MORE, LESS] = Array(11).keys();
const ROUNDING = 1.5 * 2 ** 52; // what is added to it loses its fraction, and is the last bits of the sum
const HIGH = Math.fround(Math.LN2 / 2), LOW = Math.LN2 / 2 - HIGH; // so that k HIGH is exact

// of numbers in place: with x = k ln 2 + 2z, e^x is 2^k (1 + tanh z) / (1 - tanh z), and tanh z = ODD / EVEN is Lambert's
// continued fraction z / (1 + z^2 / (3 + z^2 / (5 + ...))) up to 11, to the last bits for |z| < 0.18
function curve(half, top) {
  const polynomial = (...factors) => factors.slice(0, -1).reduceRight((rest, a) => plus(twice(a), times(get(Q), rest)), twice(factors.at(-1)));
  const exponent = plus(times(get(U), twice(2 / Math.LN2)), twice(ROUNDING)), k = minus(get(T), twice(ROUNDING));
  const of = (loaded, stored) => [
    least(most(times(loaded, twice(half)), twice(-354)), twice(354)), set(U),
    exponent, set(T),
    minus(minus(get(U), times(k, twice(HIGH))), times(k, twice(LOW))), set(Z),
    times(get(Z), get(Z)), set(Q),
    times(get(Z), polynomial(1, 1260 / 10395, 21 / 10395)), set(ODD),
    polynomial(1, 4725 / 10395, 210 / 10395, 1 / 10395), set(EVEN),
    plusBits(shifted(get(T), 52), twice(1)), set(POWER),
    plus(get(POWER), twice(1)), set(MORE), minus(get(POWER), twice(1)), set(LESS),
    stored(over(top, plus(times(get(MORE), get(EVEN)), times(get(LESS), get(ODD))))),
  ];
  return [
    block(loop(
      leaveIf(isLess(get(COUNT), constant(2))),
      of(load(get(AT), 0), (value) => store(get(AT), value, 0)), move(AT, constant(2 * BYTES)), fewer(COUNT, 2), again,
    )),
    when(get(COUNT), of(loadOne(get(AT)), (value) => storeOne(get(AT), value, 0, 0))),
  ];
}

const SIGMOID = curve(0.5, times(get(POWER), plus(get(EVEN), get(ODD))));
const TANH = curve(1, plus(times(get(LESS), get(EVEN)), times(get(MORE), get(ODD))));

// the module ------------------------------------------------------------------------------------------------------

const [I32, V128] = [0x7f, 0x7b];

/** A module of functions in a memory that is given to it: each has so many parameters, further numbers and vectors. */
function assembled(given) {
  const number = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...number(n >> 7)]);
  const sized = (...content) => ((flat) => [...number(flat.length), ...flat])(content.flat(Infinity));
  const name = (text) => sized(...new TextEncoder().encode(text));
  const all = Object.values(given), section = (kind, items) => [kind, ...sized(items.length, items)];
  return Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, all.map(({ parameters }) => [0x60, sized(...Array(parameters).fill(I32)), 0])),
    ...section(2, [[name("page"), name("memory"), 2, 0, 0]]),
    ...section(3, all.map((_, k) => k)),
    ...section(7, Object.keys(given).map((key, k) => [name(key), 0, k])),
    ...section(10, all.map(({ integers, vectors, code }) => sized(2, integers, I32, vectors, V128, code, 0x0b))),
  ]);
}

const CODE = assembled({
  product: { parameters: 11, integers: 9, vectors: 11, code: PRODUCT },
  sigmoid: { parameters: 2, integers: 0, vectors: 9, code: SIGMOID },
  tanh: { parameters: 2, integers: 0, vectors: 9, code: TANH },
});
const MODULE = WebAssembly.validate(CODE) ? new WebAssembly.Module(CODE) : null;

// memories --------------------------------------------------------------------------------------------------------

/** What gives a kernel its arrays, and computes in them: here JavaScript, wherever they are. */
export const PLAIN = {
  array: (length) => new Float64Array(length), r_rows, r_outer,
  r_sigmoids(y, at, count) {
    for (const end = at + count; at < end; at++) y[at] = r_sigmoid(y[at]);
  },
  r_tanhs(y, at, count) {
    for (const end = at + count; at < end; at++) y[at] = r_tanh(y[at]);
  },
};

function memoryOf(bytes) {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / 2 ** 16) });
  } catch {
    return null; // a browser has no room for another one
  }
}

/** A memory for so many numbers, and vectors to compute in it: for what runs often, as browsers keep few memories. */
export function memoryFor(numbers) {
  const memory = MODULE && memoryOf((numbers + 4) * BYTES); // a tile may read over the end
  if (!memory) return PLAIN;
  const { product, sigmoid, tanh } = new WebAssembly.Instance(MODULE, { page: { memory } }).exports;
  let end = 0;
  const address = (array, index) => array.byteOffset + BYTES * index;
  return {
    array(length) {
      end += length;
      return new Float64Array(memory.buffer, BYTES * (end - length), length);
    },
    r_rows(x, from, apart, rows, w, width, y, at, stride, n) {
      product(
        address(x, from), BYTES * apart, BYTES, address(w, 0), 4 * BYTES, 4 * BYTES * rows, address(y, at), BYTES * stride,
        rows, n, width,
      );
    },
    r_outer(a, from, apart, k, d, at, stride, m, n, total) {
      product(
        address(a, from), BYTES, BYTES * apart, address(d, at), BYTES * stride, 4 * BYTES, address(total, 0), BYTES * m, n, k, m,
      );
    },
    r_sigmoids: (y, at, count) => sigmoid(address(y, at), count),
    r_tanhs: (y, at, count) => tanh(address(y, at), count),
  };
}

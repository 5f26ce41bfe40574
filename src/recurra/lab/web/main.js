// The lab: one cell's equations, its gradient through time, and its training, side by side.
import { ask, cellOf, data, engine, engineReady, leftOut, messages, model, names } from "./cells.js";
import { CONTROLS, VIEWS, hashOf, problemsOf, putControls, settingsOf } from "./controls.js";
import { bars, flowColours, heatMap, lineChart, signedColours } from "./draw.js";
import { Editor } from "./editor.js";
import { gradientFlow, isForgetBias, singularValues } from "./flow.js";
import { Unfit, kernelOf } from "./kernel.js";
import { say, useLanguage, useMessages } from "./messages.js";
import { beginModel, drawModel } from "./model.js";
import { operations, parameterCount, sizesOf } from "./network.js";
import { generator } from "./random.js";
import { paintSteps, visible } from "./steps.js";
import { Training, reach, written } from "./training.js";

const $ = (id) => document.getElementById(id);
const opened = location.hash, settings = settingsOf(opened), usual = model?.cell || "LSTM";
let cell, second, training, flow, isRunning = false, samples = ["", ""], reached = null;

// language, colours, link -----------------------------------------------------------------------------------------

function remember(key, value) {
  try {
    localStorage.setItem(`recurra-lab-${key}`, value);
  } catch {} // a page from a file may have no storage
}

function remembered(key) {
  try {
    return localStorage.getItem(`recurra-lab-${key}`);
  } catch {
    return null;
  }
}

function speak(language) {
  useLanguage(language);
  $("language").value = language;
  remember("language", language);
  putControls("flow", $("flow-controls"), settings, flowChanged);
  putControls("train", $("train-controls"), settings, trainChanged);
  fillSecond();
  showEngine();
  showForget();
  showLeftOut();
  showLinkProblems();
  if (cell) redraw();
}

function isDark() {
  return (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
}

function wear(theme) {
  document.documentElement.dataset.theme = theme;
  remember("theme", theme);
  if (cell) redraw();
}

function keepLink() {
  history.replaceState(null, "", hashOf(settings, usual) || location.pathname + location.search);
}

function showLinkProblems() {
  const problems = problemsOf(opened, names.map(([name]) => name));
  $("shared").textContent = problems.length ? say("link_unknown", { problems: problems.join(", ") }) : "";
}

/** Lead to a part of the page, as a link or its navigation names it. */
function go(view) {
  const heading = $(VIEWS[view]);
  if (!heading || heading.closest("[hidden]")) return;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView();
}

async function share() {
  keepLink();
  try {
    await navigator.clipboard.writeText(location.href);
    $("shared").textContent = say("copied");
  } catch {
    $("shared").textContent = say("in_address");
  }
}

// the cell --------------------------------------------------------------------------------------------------------

const editor = new Editor($("text"), $("colours"), (text) => edited(text));

function fillCells() {
  for (const [name, about] of names) $("cell").add(new Option(`${name} · ${about.slice(0, 60)}`, name));
}

async function choose(name) {
  settings.cell = names.some(([known]) => known === name) ? name : usual;
  settings.text = null;
  cell = await cellOf(settings.cell);
  $("cell").value = settings.cell;
  editor.text = cell.text;
  showError(null);
  showEquations(cell);
  $("derived").textContent = "—";
  showCell();
  keepLink();
}

let edits = 0, isEngineReady = false;

function showEngine() {
  $("engine").textContent = say(isEngineReady || engine === "none" ? `engine_${engine}` : "engine_loading");
}

const later = () => new Promise((resolve) => setTimeout(resolve));
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

async function answerOf(part, text) {
  try {
    return await ask(part, text);
  } catch (error) {
    return { error: String(error.message), line: null };
  }
}

async function edited(text) {
  const mine = ++edits, begun = performance.now();
  await later(); // keys that are waiting come first
  if (mine !== edits) return;
  const read = await answerOf("derive", text);
  if (mine !== edits) return; // typed on meanwhile
  settings.text = text;
  keepLink();
  if (read.error) return showError(read);
  showError(null);
  showEquations(read);
  $("derived").textContent = `${Math.round(performance.now() - begun)} ms`;
  await nextFrame(); // the equations are seen first
  if (mine !== edits) return;
  const run = await answerOf("run", text);
  if (mine !== edits) return;
  if (run.error) return showError(run);
  cell = { ...read, ...run };
  showCell();
}

function showError(found) {
  $("error").textContent = found ? found.error : "";
  editor.wrongLine = found ? found.line : null;
}

const SET = new Map(), MOST_SET = 2000; // sides of equations that are typeset: an edit leaves most as they are

function side(latex) {
  if (!SET.has(latex)) {
    if (SET.size > MOST_SET) SET.clear();
    SET.set(latex, katex.renderToString(`\\displaystyle ${latex}`, { throwOnError: false, strict: false, trust: false }));
  }
  return SET.get(latex);
}

/** Typeset the lines of an `aligned` environment, a row for each, its sides apart. */
function typeset(parent, latex) {
  const lines = latex.replace(/^\\begin\{aligned\}\n|\n\\end\{aligned\}$/g, "").split(" \\\\\n");
  const rows = lines.map((line) => {
    const at = line.indexOf(" &= ");
    const sides = at < 0 ? ["", line] : [line.slice(0, at), `= ${line.slice(at + 4)}`];
    return `<div>${sides[0] && side(sides[0])}</div><div>${side(sides[1])}</div>`;
  });
  parent.innerHTML = rows.join("");
}

function showEquations({ about, source, equations, backward }) {
  $("about").textContent = [about, source].filter(Boolean).join(" · ");
  typeset($("equations"), equations);
  typeset($("backward"), backward);
}

function showLeftOut() {
  $("left-out").hidden = !leftOut.length;
  $("left-list").replaceChildren(...leftOut.map(([name, key]) => {
    const item = document.createElement("li");
    item.textContent = `${name}: ${say(`left_${key}`)}`;
    return item;
  }));
}

/** What `make` returns; null, and why said, where a layer cannot be made. */
function ifFit(parent, make) {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    parent.textContent = say(error.key, error.values);
    return null;
  }
}

function showCell() {
  $("diagram").innerHTML = cell.diagram;
  showFacts();
  showForget();
  drawFlow();
  restart();
}

const number = (value) => value.toLocaleString("en");

function showFacts() {
  const sizes = sizesOf(cell, settings.width, settings.width), kernel = kernelOf(cell.kernel, sizes);
  $("count").textContent = number(parameterCount(cell, kernel));
  $("flops").textContent = number(operations(cell, sizes));
  const further = kernel.further.map(({ name }) => name).join(", ");
  $("further").textContent = [further && say("further_inputs", { names: further }), cell.isOwn === false && say("not_own")].filter(Boolean).join(" ");
  $("states").textContent = kernel.states.map(({ name, size }) => `${name} (${size})`).join(", ");
}

function showForget() {
  const field = $("set-forget_bias");
  if (!cell || !field) return;
  const kernel = kernelOf(cell.kernel, sizesOf(cell, 4, 4));
  field.disabled = !kernel.parameters.some(isForgetBias);
}

// the gradient through time ---------------------------------------------------------------------------------------

let isFlowDue = false;

function flowChanged(key) {
  keepLink();
  if (isFlowDue) return;
  isFlowDue = true;
  requestAnimationFrame(() => {
    isFlowDue = false;
    if (key === "at") drawSpectrum();
    else drawFlow();
  });
}

function drawFlow() {
  const { steps, depth, hidden, init, radius, gain, forget_bias: forget, scale } = settings;
  const none = CONTROLS.flow.find(({ key }) => key === "forget_bias").none;
  flow = ifFit($("verdict"), () => gradientFlow(cell, {
    steps, layers: depth, hidden, seed: settings.seed, scheme: init, gain, radius, scale, forget: forget === none ? null : forget,
  }));
  paintFlow();
}

function paintFlow() {
  if (!flow) return;
  const { norms, kind, ratio, rate, horizon, isWhole } = flow, { steps } = settings;
  const last = norms.at(-1).at(-1) || norms.at(-1).at(-2), colours = flowColours();
  heatMap($("heat"), norms.length, steps, (i, j) => colours(norms.at(-1 - i)[j] / last), {
    labels: norms.map((_, i) => String(norms.length - i)), marked: spectrumStep() - 1,
  });
  heatMap($("heat-scale"), 1, 80, (_, j) => colours(10 ** (-8 + j / 10)));
  heatMap($("heat-scale-over"), 1, 40, (_, j) => colours(10 ** (j / 10)));
  const names = ["a", "b", "good", "soft"];
  lineChart($("norms"), norms.map((values, k) => ({ values: values.map((v) => v / last), colour: names[(norms.length - 1 - k) % 4], width: k === norms.length - 1 ? 2.5 : 1.5 })), {
    isLog: true, floor: 1e-12, ceiling: 1e12, range: [1e-2, 10], marks: [{ value: 0.01, colour: "hot" }],
  });
  const said = say(`verdict_${kind}`, {
    steps: steps - 1, ratio: compact(ratio), rate: compact(rate), horizon: isWhole ? say("all_steps", { horizon }) : say("so_many_steps", { horizon }),
  });
  $("verdict").textContent = said;
  $("verdict").className = `verdict ${kind}`;
  $("heat").setAttribute("aria-label", `${say("heat")}. ${said}`);
  $("norms").setAttribute("aria-label", `${say("norms")}. ${said}`);
  drawSpectrum();
}

const compact = (value) => (Math.abs(value) >= 1e4 || Math.abs(value) < 1e-3 ? value.toExponential(1).replace("+", "") : String(+value.toPrecision(3)));

const spectrumStep = () => Math.min(settings.at, settings.steps);

const MOST_STATES = 128; // of which singular values are found within a frame

function drawSpectrum() {
  if (!flow) return;
  const t = spectrumStep(), layer = flow.layers.at(-1), count = layer.kernel.states.reduce((sum, { size }) => sum + size, 0);
  const values = count > MOST_STATES ? [] : singularValues(layer, cell, t - 1);
  bars($("singular"), values);
  const text = !values.length ? say("spectrum_none", { count, most: MOST_STATES }) : say("spectrum", { t, largest: compact(values[0]), smallest: compact(values.at(-1)), above: values.filter((v) => v > 1.0005).length, count: values.length });
  $("spectrum").textContent = text;
  $("singular").setAttribute("aria-label", text);
}

// training --------------------------------------------------------------------------------------------------------

const LIVE = new Set(["optimiser", "rate", "decay", "isClipped", "clip", "patience", "temperature"]);

function trainChanged(key) {
  keepLink();
  if (key === "compare") return void chooseSecond(settings.compare);
  if (key === "seed") drawFlow();
  if (key === "width") showFacts();
  if (LIVE.has(key) && training) Object.assign(training.options, trainingOptions());
  else restart();
}

function fillSecond() {
  const field = $("set-compare");
  field.replaceChildren(...names.map(([name]) => new Option(name, name)));
  field.value = settings.compare;
}

async function chooseSecond(name) {
  settings.compare = names.some(([known]) => known === name) ? name : "Elman";
  $("set-compare").value = settings.compare;
  second = await cellOf(settings.compare);
  if (cell) restart();
}

function trainingOptions() {
  const { task: problem, length, width, layers, batch, optimiser, rate, decay, isClipped, clip, patience, seed } = settings;
  return { problem, length, hidden: width, layers, batch, optimiser, rate: 10 ** rate, decay, isClipped, clip, patience, seed };
}

function restart() {
  if (!cell || !second) return;
  samples = ["", ""];
  reached = null;
  $("stopped").textContent = "";
  training = ifFit($("stopped"), () => new Training([cell, second], trainingOptions(), data));
  if (!training) return void setRunning(false);
  fillWatched();
  for (const [k, run] of training.runs.entries()) {
    const name = k === 0 && settings.text !== null ? `${run.cell.name} *` : run.cell.name;
    for (const id of ["name", "reach-name"]) $(`${id}-${"ab"[k]}`).textContent = name;
    $(`sample-${"ab"[k]}`).setAttribute("aria-label", `${say("sample")}: ${name}`);
  }
  $("samples").hidden = settings.task !== "text";
  $("reach-text-row").hidden = settings.task !== "text";
  $("set-temperature").closest(".control").hidden = settings.task !== "text";
  drawTraining();
  drawReach();
}

function fillWatched() {
  const before = $("watched").value, found = new Set(training.runs.flatMap(({ network }) => Object.keys(network.layers.at(-1).kernel.named)));
  $("watched").replaceChildren(...[...found].map((name) => new Option(name, name)));
  const first = training.runs[0].network.layers.at(-1).kernel.named;
  $("watched").value = found.has(before) && before in first ? before : Object.keys(first)[0] ?? [...found][0];
}

function setRunning(value) {
  isRunning = value && training !== null;
  $("run").textContent = say(isRunning ? "pause" : "run");
  $("run").setAttribute("aria-pressed", String(isRunning));
  if (isRunning) requestAnimationFrame(frame);
}

const BUDGET = 22; // milliseconds of a frame that training may take
let pace = 0;

function frame() {
  if (!isRunning) return;
  const begun = performance.now();
  let steps = 0;
  do {
    training.step();
    steps++;
  } while (performance.now() - begun < BUDGET && !training.isOver);
  const spent = performance.now() - begun;
  pace = pace ? 0.9 * pace + (0.1 * steps * 1000) / spent : (steps * 1000) / spent;
  drawTraining();
  if (training.isOver) pause();
  else requestAnimationFrame(frame);
}

function pause() {
  setRunning(false);
  drawTraining();
  drawReach();
}

function oneStep() {
  setRunning(false);
  if (!training) return;
  training.step();
  drawTraining();
  drawReach();
}

const NETWORKS_EVERY = 200; // milliseconds between pictures that run the networks once more
let drawnSamples = 0, drawnNetworks = 0;

function drawTraining() {
  const { runs, problem, options, number: steps } = training, colours = ["a", "b"];
  const lines = (key) => runs.map((run, k) => ({ values: run[key], colour: colours[k] }));
  lineChart($("loss"), lines("losses"), { isLog: true, floor: 1e-8, ceiling: 1e4, range: [problem.baseline], marks: [{ value: problem.baseline, colour: "soft" }] });
  lineChart($("gradient"), lines("norms"), { isLog: true, floor: 1e-8, ceiling: 1e8, marks: options.isClipped ? [{ value: options.clip, colour: "hot" }] : [] });
  const losses = runs.map((run) => `${run.cell.name} ${run.losses.length ? compact(mean(run.losses.slice(-20))) : "—"}`).join(", ");
  $("progress").textContent = say("progress", { steps, losses, rate: compact(training.rate), pace: pace ? Math.round(pace) : "—" });
  $("loss").setAttribute("aria-label", `${say("loss")}: ${losses}. ${say("baseline", { baseline: compact(problem.baseline) })}`);
  $("gradient").setAttribute("aria-label", `${say("gradient_norm")}: ${runs.map((run) => `${run.cell.name} ${run.norms.length ? compact(run.norms.at(-1)) : "—"}`).join(", ")}`);
  $("stopped").textContent = runs.filter(({ state }) => state !== "running").map((run) => say(`is_${run.state}`, { name: run.cell.name, step: run.losses.length })).join(" ");
  if (!isRunning || performance.now() - drawnNetworks > NETWORKS_EVERY) {
    drawnNetworks = performance.now();
    drawExample();
    drawGates();
  }
  if (problem.letters && (steps === 0 || steps - drawnSamples >= 40 || steps < drawnSamples)) drawSamples(steps);
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

function drawSamples(steps) {
  drawnSamples = steps;
  if (steps) samples = training.runs.map((run) => written(run, training.problem, 160, settings.temperature, generator(steps)));
  samples.forEach((text, k) => ($(`sample-${"ab"[k]}`).textContent = text || say("no_sample")));
}

function drawExample() {
  const { runs, problem, held } = training, { batch } = training.options, { inputSize: n, outputSize: m } = problem;
  const steps = held.x.length / n / batch, of = (values, t, size, k = 0) => values[t * batch * size + k], said = runs.map((run) => training.shown(run));
  if (problem.isSeries) {
    const target = Array.from({ length: steps }, (_, t) => held.target[t * batch]);
    lineChart($("example"), [{ values: target, colour: "soft", width: 4 }, ...said.map((y, k) => ({ values: Array.from({ length: steps }, (_, t) => of(y, t, m)), colour: "ab"[k] }))], { floor: -4, ceiling: 4, range: [-1, 1] });
  } else if (held.kind === "numbers") {
    const order = Array.from({ length: batch }, (_, b) => b).sort((a, b) => held.target[(steps - 1) * batch + a] - held.target[(steps - 1) * batch + b]);
    const last = (y) => order.map((b) => y[(steps - 1) * batch + b]);
    lineChart($("example"), [{ values: last(held.target), colour: "soft", width: 4 }, ...said.map((y, k) => ({ values: last(y), colour: "ab"[k] }))], { floor: -1, ceiling: 3, range: [0, 2] });
  } else {
    // how probable each run finds what is right, at each step that counts
    const share = (y, t) => {
      const row = Array.from({ length: m }, (_, k) => of(y, t, m, k)), most = Math.max(...row);
      return Math.exp(of(y, t, m, held.target[t * batch]) - most) / row.reduce((sum, each) => sum + Math.exp(each - most), 0);
    };
    const counted = Array.from({ length: steps }, (_, t) => t).filter((t) => held.weight[t * batch]);
    lineChart($("example"), said.map((y, k) => ({ values: counted.map((t) => share(y, t)), colour: "ab"[k] })), { range: [0, 1], marks: [{ value: Math.exp(-problem.baseline), colour: "soft" }], start: counted[0] + 1 });
  }
  const kind = problem.isSeries ? "series" : held.kind;
  $("example-note").textContent = say(`example_${kind}`);
  $("example").setAttribute("aria-label", say(`example_${kind}`));
}

function drawGates() {
  if (!training) return;
  const { batch } = training.options, colours = signedColours();
  training.runs.forEach(({ network, cell: shown }, k) => {
    const layer = network.layers.at(-1), canvas = $(`gates-${"ab"[k]}`), own = Object.keys(layer.kernel.named);
    // a cell that has no value of this name shows the last one that it has, mostly its state
    const name = own.includes($("watched").value) ? $("watched").value : own.at(-1);
    const { values, size } = name ? layer.named(name) : { values: [], size: 1 };
    heatMap(canvas, size, network.steps, (i, t) => colours(name ? values[t * batch * size + i] : 0));
    const text = say(name ? "gates_of" : "no_gates", { name, cell: shown.name });
    canvas.setAttribute("aria-label", text);
    $(`gates-name-${"ab"[k]}`).textContent = text;
  });
}

// connectivity ----------------------------------------------------------------------------------------------------

function drawReach() {
  if (!training) return;
  const { problem, held, runs } = training, { batch } = training.options, n = problem.inputSize;
  let x, letters;
  if (problem.read) {
    ({ x, known: letters } = problem.read($("reach-text").value));
  } else {
    const steps = held.x.length / n / batch;
    x = Float64Array.from({ length: steps * n }, (_, k) => held.x[Math.floor(k / n) * batch * n + (k % n)]);
    letters = Array.from({ length: steps }, (_, t) => inputText(problem, x.subarray(t * n, (t + 1) * n)));
  }
  if (!letters.length) return void ["a", "b"].forEach((k) => $(`reach-${k}`).replaceChildren());
  const t = Math.min(reached ?? letters.length - 1, letters.length - 1);
  const choose = (k) => {
    reached = k;
    drawReach();
  };
  const label = (letter, k, share) => say("reach_of", { letter, t: k + 1, share: Math.round(100 * share) });
  const said = runs.map((run, k) => {
    const { shares, chosen } = reach(run, x, t);
    paintSteps($(`reach-${"ab"[k]}`), letters, shares, { name: "ab"[k], chosen: t, choose, label });
    const far = shares.findIndex((share) => share >= 0.1), back = far < 0 ? 0 : t - far;
    const output = problem.labels ? ` → ${visible(problem.labels[chosen])}` : "";
    return `${run.cell.name}${output}: ${say("reaches", { back })}`;
  });
  $("reach-said").textContent = `${say("reach_at", { t: t + 1 })} ${said.join("; ")}`;
}

function inputText(problem, row) {
  if (problem.labels && row.length > 1) return problem.labels[row.indexOf(1)];
  if (row.length === 1) return problem.isSeries ? row[0].toFixed(1) : row[0] > 0 ? "1" : "0";
  return row[1] ? `${row[0].toFixed(1)}+` : row[0].toFixed(1);
}

// all of it -------------------------------------------------------------------------------------------------------

function redraw() {
  if (model) drawModel(model);
  showFacts();
  paintFlow();
  if (training) {
    setRunning(isRunning);
    if (training.problem.letters) drawSamples(training.number);
    drawTraining();
    drawReach();
  }
}

async function begin() {
  useMessages(messages);
  const theme = remembered("theme");
  if (theme) document.documentElement.dataset.theme = theme;
  fillCells();
  const language = new URLSearchParams(location.search).get("lang") ?? remembered("language") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
  $("reach-text").value = data.text.slice(0, 60).replace(/\n/g, " ");
  speak(messages[language] ? language : "en");
  setRunning(false);
  $("language").addEventListener("change", () => speak($("language").value));
  $("theme").addEventListener("click", () => wear(isDark() ? "light" : "dark"));
  $("share").addEventListener("click", share);
  $("cell").addEventListener("change", () => choose($("cell").value));
  $("again").addEventListener("click", () => choose(settings.cell));
  $("run").addEventListener("click", () => (isRunning ? pause() : setRunning(true)));
  $("step").addEventListener("click", oneStep);
  $("restart").addEventListener("click", restart);
  $("watched").addEventListener("change", drawGates);
  $("reach-text").addEventListener("input", () => {
    reached = null;
    drawReach();
  });
  addEventListener("resize", () => redraw());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw());
  $("text").readOnly = engine === "none";
  if (model) beginModel(model);
  for (const link of document.querySelectorAll("nav a, .skip")) {
    const view = Object.keys(VIEWS).find((name) => link.hash === `#${VIEWS[name]}`);
    link.addEventListener("click", (event) => {
      event.preventDefault(); // the address keeps the settings
      settings.view = view;
      keepLink();
      go(view);
    });
  }
  addEventListener("hashchange", () => location.reload());
  engineReady().then(() => {
    isEngineReady = true;
    showEngine();
  });
  const text = settings.text;
  await chooseSecond(settings.compare);
  await choose(settings.cell || usual);
  if (model) drawModel(model);
  if (text !== null && engine === "none") showError({ error: say("own_needs_engine"), line: null });
  else if (text !== null) {
    editor.text = text;
    await edited(text);
  }
  go(settings.view);
  document.documentElement.dataset.ready = "yes";
}

begin();

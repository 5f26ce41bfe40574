// Sliders, choices and switches, made from one table, and the settings that they hold.
import { say } from "./messages.js";

/** A control of each setting: its key, what it begins with, and its kind. */
export const CONTROLS = {
  flow: [
    { key: "steps", begins: 50, from: 5, to: 200, by: 5 },
    { key: "depth", begins: 2, from: 1, to: 4, by: 1 },
    { key: "hidden", begins: 16, from: 4, to: 32, by: 4 },
    { key: "init", begins: "", choices: ["", "orthogonal", "xavier", "he", "identity", "uniform", "normal"] },
    { key: "radius", begins: 0, from: 0, to: 2, by: 0.05, none: 0 },
    { key: "gain", begins: 1, from: 0.1, to: 3, by: 0.1 },
    { key: "forget_bias", begins: -4.5, from: -4.5, to: 6, by: 0.5, none: -4.5 },
    { key: "scale", begins: 1, from: 0, to: 5, by: 0.1 },
    { key: "at", begins: 25, from: 1, to: 200, by: 1 },
  ],
  train: [
    { key: "task", begins: "copy", choices: ["copy", "adding", "echo", "sine", "sunspots", "text"] },
    { key: "compare", begins: "Elman", choices: [] },
    { key: "length", begins: 20, from: 10, to: 100, by: 5 },
    { key: "width", begins: 16, from: 4, to: 64, by: 4 },
    { key: "layers", begins: 1, from: 1, to: 3, by: 1 },
    { key: "batch", begins: 16, from: 1, to: 64, by: 1 },
    { key: "optimiser", begins: "adam", choices: ["sgd", "rmsprop", "adam"] },
    { key: "rate", begins: -2, from: -4, to: 0, by: 0.25, isPower: true },
    { key: "decay", begins: 0, from: 0, to: 2, by: 0.1 },
    { key: "isClipped", begins: true },
    { key: "clip", begins: 1, from: 0.1, to: 5, by: 0.1 },
    { key: "patience", begins: 0, from: 0, to: 30, by: 1, none: 0 },
    { key: "temperature", begins: 0.8, from: 0.2, to: 1.5, by: 0.1 },
    { key: "seed", begins: 1, from: 1, to: 99, by: 1 },
  ],
};

/** What a link may name beside the controls: which part of the page it leads to. */
export const VIEWS = { equations: "cell-heading", gradient: "flow-heading", training: "train-heading", connectivity: "reach-heading", model: "model-heading" };

const VIEW = { key: "view", begins: "", choices: ["", ...Object.keys(VIEWS)] };
const ALL = [...CONTROLS.flow, ...CONTROLS.train, VIEW];

const parsed = (hash) => new URLSearchParams(hash.replace(/^#/, ""));

/** The settings of a link, those it does not have as they begin. */
export function settingsOf(hash) {
  const given = parsed(hash), found = { cell: given.get("cell") || "", text: given.get("text") };
  for (const control of ALL) {
    const text = given.get(control.key);
    found[control.key] = text === null || !isAllowed(text, control) ? control.begins : valueOf(text, control);
  }
  return found;
}

function valueOf(text, { begins, from, to, by }) {
  if (typeof begins === "boolean") return text === "1";
  if (typeof begins !== "number") return text;
  const onGrid = from + Math.round((Math.min(to, Math.max(from, Number(text))) - from) / by) * by;
  return +Math.min(to, onGrid).toPrecision(12);
}

function isAllowed(text, { begins, choices }) {
  if (choices?.length) return choices.includes(text);
  if (typeof begins === "boolean") return text === "0" || text === "1";
  return typeof begins !== "number" || (text.trim() !== "" && Number.isFinite(Number(text)));
}

/** What a link names that the page does not know, as "key=value"; `cells` are the names that there are. */
export function problemsOf(hash, cells) {
  return [...parsed(hash)].filter(([key, text]) => {
    if (key === "text") return false;
    if (key === "cell" || key === "compare") return !cells.includes(text);
    const control = ALL.find((each) => each.key === key);
    return !control || !isAllowed(text, control) || (typeof control.begins === "number" && valueOf(text, control) !== Number(text));
  }).map((each) => each.join("="));
}

/** The link's part that holds settings: what is as it begins is left out, and the cell that is there `usual`ly. */
export function hashOf(settings, usual = "LSTM") {
  const given = new URLSearchParams();
  if (settings.text !== null) given.set("text", settings.text);
  else if (settings.cell && settings.cell !== usual) given.set("cell", settings.cell);
  for (const { key, begins } of ALL) {
    const value = settings[key];
    if (value !== begins) given.set(key, typeof value === "boolean" ? Number(value) : value);
  }
  const text = given.toString();
  return text ? `#${text}` : "";
}

/** What a setting's value is called. */
function called(control, value) {
  if (control.none === value) return say("as_the_cell");
  return control.isPower ? String(+(10 ** value).toPrecision(2)) : String(value);
}

/** Put the controls of a part into the page; `changed` is told the key of what a person changed. */
export function putControls(part, parent, settings, changed) {
  parent.replaceChildren(...CONTROLS[part].map((control) => made(control, settings, changed)));
}

function made(control, settings, changed) {
  const { key, choices, begins } = control, id = `set-${key}`, field = document.createElement(choices ? "select" : "input");
  const box = document.createElement("div"), label = document.createElement("label"), output = document.createElement("output");
  box.className = "control";
  label.htmlFor = field.id = id;
  label.dataset.text = key;
  label.textContent = say(key);
  output.htmlFor = id;
  const show = () => (output.textContent = choices || typeof begins === "boolean" ? "" : called(control, settings[key]));
  if (choices) {
    for (const choice of choices) field.add(new Option(say(`${key}_${choice || "own"}`), choice));
    field.value = settings[key];
  } else if (typeof begins === "boolean") {
    box.classList.add("check");
    field.type = "checkbox";
    field.checked = settings[key];
  } else {
    Object.assign(field, { type: "range", min: control.from, max: control.to, step: control.by, value: settings[key] });
  }
  const told = () => field.setAttribute("aria-valuetext", called(control, settings[key]));
  field.addEventListener(choices ? "change" : "input", () => {
    settings[key] = choices ? field.value : field.type === "checkbox" ? field.checked : Number(field.value);
    show();
    if (field.type === "range") told();
    changed(key);
  });
  if (field.type === "range") told();
  show();
  box.append(...(field.type === "checkbox" ? [field, label] : [label, output, field]));
  return box;
}

// A person's trained model, as recurra measured it on an example of its data.
import { flowColours, heatMap, shareColours, signedColours } from "./draw.js";
import { say } from "./messages.js";
import { paintSteps, visible } from "./steps.js";

const $ = (id) => document.getElementById(id);
let output = 0;

/** Fill what is chosen from, once. */
export function beginModel(model) {
  for (const id of ["model", "model-link"]) $(id).hidden = false;
  $("model-verdict").textContent = model.verdict;
  $("model-value").replaceChildren(...model.values.map(({ name }, k) => new Option(name, k)));
  $("model-value").addEventListener("change", () => drawModel(model));
  $("model-connectivity").hidden = !model.connectivity;
  output = model.connectivity ? model.connectivity.outputs.length - 1 : 0;
}

/** Draw all of it, in the colours and the language at hand. */
export function drawModel(model) {
  $("model-name").textContent = model.without ? say("model_without", { name: model.name, without: model.without }) : say("model_of", { name: model.name, cell: model.cell });
  drawFlow(model.flow);
  drawValue(model.values[$("model-value").value]);
  if (model.connectivity) drawConnectivity(model);
}

function drawFlow(flow) {
  const steps = Math.max(1, ...flow.map(({ norms }) => norms.length)), colours = flowColours();
  // what comes back, beside the last step: the rows end at the same place, however long they are
  const at = ({ norms }, j) => norms[j - (steps - norms.length)] / norms.at(-1);
  heatMap($("model-flow"), flow.length, steps, (i, j) => colours(at(flow[i], j)), {});
  $("model-flow").setAttribute("aria-label", say("model_flow"));
  $("model-flow-names").textContent = flow.map(({ name }) => name).join(" / ");
}

function drawValue(value) {
  const colours = signedColours(), rows = value?.rows ?? [[0]];
  heatMap($("model-gates"), rows.length, rows[0].length, (i, j) => colours(rows[i][j] ?? NaN));
  $("model-gates").setAttribute("aria-label", `${value?.name ?? ""}: ${say("gates_note")}`);
}

function drawConnectivity(model) {
  const { outputs, inputs, norms } = model.connectivity, colours = shareColours();
  const shares = norms.map((row) => row.map((norm) => (norm ?? 0) / (Math.max(...row) || 1)));
  heatMap($("model-map"), outputs.length, inputs.length, (i, j) => colours(shares[i][j]), { rowMarked: output });
  const choose = (k) => {
    output = k;
    drawConnectivity(model);
  };
  const plain = outputs.map((_, k) => Number(k === output));
  paintSteps($("model-outputs"), outputs, plain, { name: "a", chosen: output, choose, label: (letter, k) => say("model_output", { letter, t: k + 1 }) });
  const label = (letter, k, share) => say("reach_of", { letter, t: k + 1, share: Math.round(100 * share) });
  paintSteps($("model-inputs"), inputs, shares[output], { name: "b", chosen: shares[output].indexOf(1), choose: () => {}, label });
  const most = shares[output].map((share, k) => [share, k]).sort((a, b) => b[0] - a[0]).slice(0, 3);
  const said = say("model_depends", { output: visible(outputs[output]), inputs: most.map(([share, k]) => `${visible(inputs[k])} (${k + 1}: ${Math.round(100 * share)} %)`).join(", ") });
  $("model-said").textContent = said;
  $("model-map").setAttribute("aria-label", said);
}

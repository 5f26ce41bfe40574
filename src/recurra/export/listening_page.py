"""A page in which a classifier of sounds hears the microphone or a recording: one file, which asks for nothing else."""

from __future__ import annotations

import base64
import html
import json
import re

from recurra.errors import ExportError
from recurra.export.description import ExportedModel

__all__ = ["listening_page"]


def listening_page(model: ExportedModel, script: str, module: bytes) -> str:
    """Return the page, with the script and the WebAssembly module inside.

    Raises
    ------
    ExportError
        If the model is no classifier of sounds.
    """
    given = model.tables.get("inputs", {}).get("x", {})
    if given.get("kind") != "samples" or not (model.is_pooled and model.classes):
        raise ExportError(
            f"page: {model.title} is no classifier of sounds; expected a model of recurra fit classify on recordings"
        )
    told = {
        "TITLE": html.escape(", ".join(model.classes)),
        # in a script of HTML nothing may look like its end
        "GIVEN": json.dumps({"rate": given["rate"], "classes": model.classes, "script": script}).replace(
            "<", "\\u003c"
        ),
        "MODULE": base64.b64encode(module).decode(),
    }
    return re.sub("|".join(rf"@{key}@" for key in told), lambda found: told[found[0].strip("@")], _PAGE)


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>@TITLE@</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; }
  fieldset { border: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 1rem; align-items: center; }
  table { width: 100%; margin-top: 1rem; border-collapse: collapse; }
  th { text-align: left; font-weight: normal; white-space: nowrap; padding-right: 1rem; }
  td { width: 100%; } td + td { width: auto; text-align: right; font-variant-numeric: tabular-nums; }
  meter { width: 100%; height: 1.2rem; }
  .best th { font-weight: bold; }
</style>
<h1>What do you hear?</h1>
<fieldset>
  <button id="microphone">Hear the microphone</button>
  <label>or a recording <input id="file" type="file" accept="audio/*"></label>
  <label>Seconds at once <input id="seconds" type="number" value="1" min="0.1" max="60" step="0.1"></label>
</fieldset>
<p id="said" role="status">Nothing leaves this page.</p>
<table id="classes"></table>
<script type="module">
const { rate, classes, script } = @GIVEN@;
const bytes = Uint8Array.from(atob("@MODULE@"), (letter) => letter.charCodeAt(0));
// not as a blob, which a worklet of a page in a file may not load
const address = (text) => `data:text/javascript,${encodeURIComponent(text)}`;
const { default: Model } = await import(address(script));
const model = await Model.load(bytes);

/** Gathers samples on the audio thread, and tells the page of some thousand at once. */
const GATHERER = `registerProcessor("gatherer", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.block = new Float32Array(2048);
    this.count = 0;
  }
  process([[given]]) {
    if (!given) return true;
    this.block.set(given, this.count);
    this.count += given.length;
    if (this.count === this.block.length) {
      this.port.postMessage(this.block);
      this.count = 0;
    }
    return true;
  }
});`;

const said = document.getElementById("said"), seconds = document.getElementById("seconds");
const button = document.getElementById("microphone");
const rows = classes.map((name) => {
  const row = document.getElementById("classes").insertRow(), head = document.createElement("th");
  head.textContent = name;
  row.append(head);
  const meter = document.createElement("meter");
  row.insertCell().append(meter);
  return { row, meter, number: row.insertCell() };
});

/** Show the probabilities of so many samples; return them. */
function hear(samples) {
  model.reset();
  const shares = model.run(samples), best = shares.indexOf(Math.max(...shares));
  rows.forEach(({ row, meter, number }, k) => {
    meter.value = shares[k];
    number.textContent = shares[k].toFixed(3);
    row.className = k === best ? "best" : "";
  });
  return shares;
}

/** A window over the last samples: the model hears it whenever a quarter of a second is new. */
class Window {
  constructor() {
    this.samples = new Float32Array(Math.round(rate * seconds.valueAsNumber));
    this.fresh = 0;
  }
  push(block) {
    const kept = this.samples, end = block.subarray(Math.max(0, block.length - kept.length));
    kept.copyWithin(0, end.length);
    kept.set(end, kept.length - end.length);
    this.fresh += block.length;
    if (this.fresh < rate / 4) return;
    this.fresh = 0;
    hear(kept);
  }
}

let context = null;
button.onclick = async () => {
  if (context) {
    await context.close();
    context = null;
    button.textContent = "Hear the microphone";
    return;
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
    context = new AudioContext({ sampleRate: rate });
    await context.audioWorklet.addModule(address(GATHERER));
    const node = new AudioWorkletNode(context, "gatherer", { numberOfOutputs: 0 }), heard = new Window();
    node.port.onmessage = ({ data }) => heard.push(data);
    context.createMediaStreamSource(stream).connect(node);
    button.textContent = "Stop";
    said.textContent = `The last ${seconds.value} s, four times a second.`;
  } catch (error) {
    said.textContent = `The microphone cannot be heard: ${error.message}`;
  }
};

document.getElementById("file").onchange = async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  try {
    const decoding = new OfflineAudioContext(1, 1, rate); // it brings recordings to its own rate
    const sound = await decoding.decodeAudioData(await file.arrayBuffer());
    const samples = new Float32Array(sound.length);
    for (let channel = 0; channel < sound.numberOfChannels; channel++) {
      sound.getChannelData(channel).forEach((value, t) => { samples[t] += value / sound.numberOfChannels; });
    }
    hear(samples);
    said.textContent = `${file.name}: ${sound.duration.toFixed(2)} s.`;
  } catch (error) {
    said.textContent = `${file.name} cannot be heard: ${error.message}`;
  }
};
</script>
</html>
"""
